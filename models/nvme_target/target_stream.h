// What a target queue needs of its socket: kernel_sendpage() and kernel_sendmsg() with their flags,
// kernel_recvmsg(), kernel_sock_shutdown(). Implemented over TCP by TargetSocket.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_STREAM_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_STREAM_H_

#include <cstdint>

#include "ddpsim/base/payload.h"
#include "ddpsim/base/sim_time.h"
#include "ddpsim/net/skb.h"

namespace ddpsim {

class TargetStream {
 public:
  // Bytes taken, fewer than all when the send buffer is full. `more`: MSG_MORE; `eor`: MSG_EOR.
  virtual uint32_t Send(const Payload& payload, bool more, bool eor, SimTime now) = 0;
  // Head of the receive queue, or null.
  virtual Skb* PeekReceive() = 0;
  // Drops bytes from the head of the queue. REQUIRES: bytes <= the head's size.
  virtual void Consume(uint32_t bytes) = 0;
  // `bytes` were consumed since the last call.
  virtual void OnRead(uint32_t bytes, SimTime now) = 0;
  virtual void Shutdown(SimTime now) = 0;
  // RST unless both ends have closed; what was to be sent is dropped.
  virtual void Abort(SimTime now) = 0;

 protected:
  ~TargetStream() = default;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_STREAM_H_
