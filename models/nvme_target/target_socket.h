// One TCP connection of the target with its queue on top: feeds segments, timers and TX completions
// to the Connection and carries out what it wants done (tcp_v4_rcv() to sk_data_ready(), without a
// CPU in between: TCP runs when the frame arrives, the queue's worker later). Left out: socket
// locking and backlog. Invariants: a token returned once gives its memory back once; calls that
// come back in while a segment is being handed to the device are put off until it is.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_SOCKET_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_SOCKET_H_

#include <cstdint>

#include "ddpsim/base/calendar.h"
#include "ddpsim/wire/ip.h"
#include "models/nvme_target/target_queue.h"
#include "models/nvme_target/target_stream.h"
#include "models/nvme_target/tx_device.h"
#include "models/tcp/connection.h"

namespace ddpsim {

struct TargetSocketSetup {
  uint32_t number = 0;       // of the connection at this target
  EthIpAddresses addresses;  // of what is sent
  uint16_t local_port = 0;
  uint16_t peer_port = 0;
  uint32_t iss = 0;
  uint16_t ip_id = 0;
};

class TargetSocket final : private TargetStream, private Wakeable {
 public:
  TargetSocket(const TargetSocketSetup& setup, TargetParts* parts, TxDevice* device,
               Calendar* calendar);

  void OnSegment(SkbPtr skb, SimTime now);
  void OnTxCompleted(uint32_t truesize, SimTime now);

  const TargetSocketSetup& setup() const { return setup_; }
  const Connection& connection() const { return connection_; }
  const TargetQueue& queue() const { return queue_; }
  bool quiet() const { return connection_.quiet() && queue_.quiet(); }
  uint64_t stream_written() const { return written_; }
  uint64_t stream_read() const { return read_; }

 private:
  uint32_t Send(const Payload& payload, bool more, bool eor, SimTime now) override;
  Skb* PeekReceive() override { return connection_.PeekReceiveQueue(); }
  void Consume(uint32_t bytes) override { connection_.ConsumeReceiveQueue(bytes); }
  void OnRead(uint32_t bytes, SimTime now) override;
  void Shutdown(SimTime now) override;
  void Abort(SimTime now) override;
  void OnDeadline(SimTime now) override;
  void Apply(SimTime now);
  void Transmit(SimTime now);

  TargetSocketSetup setup_;
  TargetParts* parts_;
  TxDevice* device_;
  Connection connection_;
  TcpActions actions_;
  Deadline tcp_timer_;
  uint16_t ip_id_;
  bool transmitting_ = false;
  uint32_t completed_meanwhile_ = 0;
  uint64_t written_ = 0;
  uint64_t read_ = 0;
  TargetQueue queue_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_SOCKET_H_
