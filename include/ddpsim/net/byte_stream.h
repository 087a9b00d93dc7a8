// What a kernel ULP (nvme-tcp) sees of a TCP socket: kernel_connect, sendpage, read_sock with its
// callbacks, lock_sock. Mirrors struct socket / struct sock as nvme_tcp_queue uses them. Left out:
// everything user space needs. Invariants: (1) between Lock() and Release() packets that arrive go
// to the backlog, and Release() processes them; (2) the receive queue is in stream order without
// holes; (3) callbacks come in softirq or from Release().
#ifndef DDPSIM_NET_BYTE_STREAM_H_
#define DDPSIM_NET_BYTE_STREAM_H_

#include <cstdint>

#include "ddpsim/base/payload.h"
#include "ddpsim/base/seq_num.h"
#include "ddpsim/net/exec_context.h"
#include "ddpsim/net/skb.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {

// sk_data_ready, sk_write_space, sk_state_change.
class ByteStreamCallbacks {
 public:
  virtual ~ByteStreamCallbacks() = default;
  virtual void OnDataReady(ExecContext& ctx) = 0;
  virtual void OnWriteSpace(ExecContext& ctx) = 0;
  // Established, or closed by the peer or by an error.
  virtual void OnStateChange(ExecContext& ctx) = 0;
};

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual void SetCallbacks(ByteStreamCallbacks* callbacks) = 0;
  // sk_incoming_cpu: the core that receives this flow's packets.
  virtual CoreId incoming_cpu() const = 0;
  virtual const FiveTuple& five_tuple() const = 0;  // as in received packets: source is the peer
  // First stream byte that the ULP has not consumed yet (tcp_sk->copied_seq).
  virtual SeqNum copied_seq() const = 0;
  virtual bool established() const = 0;
  virtual bool closed() const = 0;
  // Of a closed one: by a reset of either end; since the peer did not answer (ETIMEDOUT).
  virtual bool was_reset() const = 0;
  virtual bool timed_out() const = 0;

  virtual void Connect(ExecContext& ctx) = 0;
  // Queues bytes for sending; returns how many were taken (0: no space, OnWriteSpace follows).
  // `more` is MSG_MORE.
  virtual uint32_t Send(ExecContext& ctx, const Payload& payload, bool more,
                        bool end_of_record) = 0;

  virtual void Lock(ExecContext& ctx) = 0;
  virtual void Release(ExecContext& ctx) = 0;
  // Head of the receive queue, or null. REQUIRES: locked.
  virtual Skb* PeekReceive() = 0;
  // Drops `bytes` from the head of the receive queue and frees skbs that are used up. REQUIRES:
  // bytes <= head's size.
  virtual void Consume(ExecContext& ctx, uint32_t bytes) = 0;
  // tcp_cleanup_rbuf(): after reading `copied` bytes in this lock section; may send a window update
  // or an ACK.
  virtual void OnRead(ExecContext& ctx, uint32_t copied) = 0;

  virtual void Shutdown(ExecContext& ctx) = 0;  // kernel_sock_shutdown(SHUT_RDWR): orderly FIN
  // sock_release() without lingering: RST unless both ends have closed, unsent bytes are dropped.
  virtual void Abort(ExecContext& ctx) = 0;
};

// Creates unconnected sockets towards the target.
class ByteStreamFactory {
 public:
  virtual ~ByteStreamFactory() = default;
  // Owned by the factory; lives until the end of the run. `core`: where the flow should be
  // received.
  virtual ByteStream* Create(CoreId core) = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_NET_BYTE_STREAM_H_
