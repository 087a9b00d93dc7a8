// One TCP connection, sans-IO: segments, time and the application's calls go in, TcpActions come
// out. Behaves as Linux (6.1, with the receive-window and ACK details of 6.18 that the trace tests
// record). The state is a Tcb; each step of the protocol lives in a file of its own, named after
// what it does. Left out: URG, ECN, fast open, keepalive, SYN cookies, a listen backlog (one object
// per connection: the listener becomes it). Invariants: every call that may send takes TcpActions
// and the time; NextDeadline() may be early (a call too many does no harm), never late; after
// OnTimer(now) it lies beyond now.
#ifndef DDPSIM_MODELS_TCP_CONNECTION_H_
#define DDPSIM_MODELS_TCP_CONNECTION_H_

#include <cstdint>

#include "ddpsim/base/sim_time.h"
#include "ddpsim/net/skb.h"
#include "ddpsim/net/tx_segment.h"
#include "models/tcp/config.h"
#include "models/tcp/tcb.h"
#include "models/tcp/tcp_actions.h"
#include "models/tcp/tcp_info.h"
#include "models/tcp/timers.h"

namespace ddpsim {

struct WriteFlags {
  bool more = false;  // MSG_MORE
  bool eor = false;   // MSG_EOR
};

class Connection {
 public:
  // `iss`: the (random) initial send sequence number.
  Connection(const TcpConfig& config, uint16_t local_port, uint16_t peer_port, uint32_t iss);

  void Connect(SimTime now, TcpActions* actions);
  void Listen();
  // Established at once, in place of another endpoint: see repair.h.
  void TakeOver(SeqNum snd_nxt, SeqNum rcv_nxt, SimTime now, TcpActions* actions);
  void AssumeSent(SeqNum seq);

  // The time between handshake and accept(): no reader yet, so that the buffer does not grow. Not
  // calling these means: accepted at once.
  void AwaitAccept() { t_.accepted = false; }
  void Accept() { t_.accepted = true; }

  // A segment for this connection: skb->tcp is its header, skb->size its payload; GRO says segments
  // and gso_size.
  void OnSegment(SkbPtr skb, SimTime now, TcpActions* actions);
  void OnTimer(SimTime now, TcpActions* actions);
  SimTime NextDeadline() const { return NextTimer(t_.timers); }
  // Sends nothing any more unless something comes in. The wait of FIN-WAIT-2 and TIME-WAIT only
  // ends the connection.
  bool quiet() const {
    const XmitTimer pending = t_.timers.pending;
    return (pending == XmitTimer::kNone || pending == XmitTimer::kClose) &&
           t_.timers.delack_fire.is_never() && t_.timers.compressed_ack_fire.is_never();
  }

  // Appends to the send queue by reference; returns the bytes taken, fewer if the buffer is full
  // (write_space follows).
  size_t Write(const Payload& payload, WriteFlags flags, SimTime now, TcpActions* actions);
  // Room in the send buffer, in Linux's memory units; one skb may overshoot it.
  size_t SendSpace() const;
  // Transmits what may be transmitted, held-back short segments included (the cork of MSG_MORE is
  // over).
  void Push(SimTime now, TcpActions* actions);
  // The device freed a segment's skb.
  void OnTxCompleted(uint32_t truesize, SimTime now, TcpActions* actions);

  // The receive queue, walked as tcp_read_sock() does.
  Skb* PeekReceiveQueue() { return t_.receive_queue.front(); }
  // For readers that look further than the head (several skbs of one PDU); null behind the last
  // one.
  Skb* PeekReceiveQueue(size_t index) {
    return index < t_.receive_queue.size() ? t_.receive_queue.at(index) : nullptr;
  }
  void ConsumeReceiveQueue(uint32_t bytes);
  size_t Readable() const { return static_cast<size_t>(in_queue_end() - t_.copied_seq); }
  // `copied` bytes were consumed since the last call: autotuning, window updates.
  // One skb of the receive queue has been read: recvmsg() tunes the buffer after each, read_sock()
  // only at its end, which OnAppRead() does as well.
  void OnSkbRead();
  void OnAppRead(uint32_t copied, SimTime now, TcpActions* actions);
  bool AtEndOfStream() const { return t_.fin_received && t_.receive_queue.empty(); }

  // close(): FIN, or RST if unread data is thrown away. ShutdownWrite(): FIN, reading goes on.
  void Close(SimTime now, TcpActions* actions);
  // Bytes that still come are nobody's: they reset a half-closed connection.
  void ShutdownRead() { t_.read_shut = true; }
  void ShutdownWrite(SimTime now, TcpActions* actions);
  void Abort(SimTime now, TcpActions* actions);

  // TCP_CORK, TCP_NODELAY, TCP_QUICKACK, SO_SNDBUF and SO_RCVBUF (as sk_sndbuf, sk_rcvbuf: doubled
  // already) at run time.
  void SetCork(bool cork, SimTime now, TcpActions* actions);
  void SetNodelay(bool nodelay, SimTime now, TcpActions* actions);
  void SetQuickAck(bool quick, SimTime now, TcpActions* actions);
  void SetSendBuffer(int64_t bytes);
  void SetReceiveBuffer(int64_t bytes);
  // TCP_MAXSEG; before the handshake.
  void SetMaxSegment(int64_t bytes) { t_.config.max_seg = bytes; }

  // TcpConfig changes while the connection lives: sysctls that Linux reads at each use take effect
  // at once, a new congestion control starts afresh (TCP_CONGESTION).
  void Reconfigure(const TcpConfig& config, SimTime now);

  TcpState state() const { return t_.state; }
  bool may_send() const {
    return t_.state == TcpState::kEstablished || t_.state == TcpState::kCloseWait;
  }
  bool was_reset() const { return t_.reset; }
  bool timed_out() const { return t_.timed_out; }
  bool nothing_unacknowledged() const { return t_.queue.empty(); }
  const TcpStats& stats() const { return t_.stats; }
  const TcpConfig& config() const { return t_.config; }
  TcpInfo Info() const;
  const Tcb& tcb() const { return t_; }

 private:
  void Begin(SimTime now, TcpActions* actions) {
    t_.clock.Set(now);
    t_.out = actions;
  }
  void OnSynchronised(SkbPtr skb);
  SeqNum in_queue_end() const { return t_.fin_received ? t_.rcv_nxt - 1 : t_.rcv_nxt; }

  Tcb t_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_CONNECTION_H_
