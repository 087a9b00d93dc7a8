#include "models/tcp/connection.h"

#include <algorithm>
#include <utility>

#include "ddpsim/base/check.h"
#include "models/tcp/ack_policy.h"
#include "models/tcp/chrono.h"
#include "models/tcp/close.h"
#include "models/tcp/handshake.h"
#include "models/tcp/output.h"
#include "models/tcp/receive_window.h"
#include "models/tcp/receiver.h"
#include "models/tcp/repair.h"
#include "models/tcp/retransmit.h"
#include "models/tcp/rto.h"
#include "models/tcp/sender.h"
#include "models/tcp/transmit.h"

namespace ddpsim {
namespace {

// Behind the peer's FIN only what it repeats is of interest: for a DSACK.
bool MayReceiveData(const Tcb& t, const Skb& skb) {
  switch (t.state) {
    case TcpState::kEstablished:
    case TcpState::kFinWait1:
    case TcpState::kFinWait2:
      return true;
    case TcpState::kCloseWait:
    case TcpState::kClosing:
    case TcpState::kLastAck:
      return skb.seq < t.rcv_nxt;
    default:
      return false;
  }
}

}  // namespace

Connection::Connection(const TcpConfig& config, uint16_t local_port, uint16_t peer_port,
                       uint32_t iss)
    : t_(config, local_port, peer_port, iss) {}

void Connection::Connect(SimTime now, TcpActions* actions) {
  SIM_CHECK(t_.state == TcpState::kClosed);
  Begin(now, actions);
  StartConnect(t_);
}

void Connection::Listen() {
  SIM_CHECK(t_.state == TcpState::kClosed);
  t_.state = TcpState::kListen;
}

void Connection::TakeOver(SeqNum snd_nxt, SeqNum rcv_nxt, SimTime now, TcpActions* actions) {
  Begin(now, actions);
  ddpsim::TakeOver(t_, snd_nxt, rcv_nxt);
}

void Connection::AssumeSent(SeqNum seq) { ddpsim::AssumeSent(t_, seq); }

void Connection::OnSegment(SkbPtr skb, SimTime now, TcpActions* actions) {
  Begin(now, actions);
  t_.mstamp_us = t_.clock.us();
  t_.stats.segments_in += skb->segments;
  if (skb->bad_checksum) {
    ++t_.stats.bad_checksums;
    return;
  }
  // Header and payload agree on where the segment begins, except that a SYN takes one number.
  switch (t_.state) {
    case TcpState::kClosed:
      AnswerWithReset(t_, *skb);
      return;
    case TcpState::kListen:
      OnSegmentInListen(t_, *skb);
      return;
    case TcpState::kTimeWait:
      OnSegmentInTimeWait(t_, *skb);
      return;
    case TcpState::kSynSent:
      if (OnSegmentInSynSent(t_, *skb)) DataSendCheck(t_);
      return;
    case TcpState::kSynReceived:
      if (!OnSegmentInSynReceived(t_, *skb)) return;
      // The handshake's own echo stays news to the receiver's RTT estimate.
      OnSynchronised(std::move(skb));
      t_.win.rtt_last_ecr = 0;
      return;
    default:
      break;
  }
  OnSynchronised(std::move(skb));
}

void Connection::OnSynchronised(SkbPtr skb) {
  // RFC 9293 section 3.10.7.4: sequence number, RST, SYN ...
  ReadTimestamps(t_, skb->tcp.options);
  const bool predicted = IsPredicted(t_, *skb);
  if (!ValidateIncoming(t_, *skb)) return;
  if (predicted) ReplaceTsRecent(t_, skb->seq);
  // ... the ACK field ...
  if ((skb->tcp.flags & kTcpAck) == 0) return;
  const bool pure_ack = skb->size == 0 && (skb->tcp.flags & kTcpFin) == 0;
  const bool only_data = predicted && !pure_ack && skb->tcp.ack == t_.snd_una;
  if (only_data) {
    t_.snd_wl1 = skb->seq;
  } else if (ProcessAck(t_, *skb) == AckVerdict::kUnacceptable) {
    return;
  }
  CheckFinAcked(t_);
  if (t_.state == TcpState::kClosed) return;
  if (ResetOnLateData(t_, *skb)) return;
  MeasureRcvRttByTimestamp(t_, *skb);
  // ... the text and the FIN.
  if (!pure_ack) {
    if (MayReceiveData(t_, *skb) && ReceiveData(t_, std::move(skb))) OnFin(t_);
  }
  if (!only_data) DataSendCheck(t_);
  // A predicted pure ACK leaves an ACK that waits for its timer alone.
  if (!predicted || !pure_ack) MaybeSendAck(t_);
}

void Connection::OnTimer(SimTime now, TcpActions* actions) {
  Begin(now, actions);
  t_.mstamp_us = t_.clock.us();
  if (t_.timers.compressed_ack_fire <= now) FlushCompressedAck(t_);
  if (t_.timers.delack_fire <= now) OnDelackTimer(t_);
  if (t_.timers.xmit_fire <= now) OnXmitTimer(t_);
}

size_t Connection::Write(const Payload& payload, WriteFlags flags, SimTime now,
                         TcpActions* actions) {
  Begin(now, actions);
  if (!may_send()) return 0;
  t_.mstamp_us = t_.clock.us();
  return WriteData(t_, payload, flags.more, flags.eor);
}

size_t Connection::SendSpace() const { return static_cast<size_t>(SendBufferSpace(t_)); }

void Connection::Push(SimTime now, TcpActions* actions) {
  Begin(now, actions);
  PushPending(t_, kNaglePush);
}

void Connection::OnTxCompleted(uint32_t truesize, SimTime now, TcpActions* actions) {
  t_.wmem_alloc -= truesize;
  if (!t_.tsq_throttled) return;
  // tcp_tsq_write(): first what is lost, then new data.
  Begin(now, actions);
  t_.tsq_throttled = false;
  if (t_.state == TcpState::kClosed || t_.state == TcpState::kListen) return;
  if (t_.n.lost_out > t_.n.retrans_out && t_.cwnd.cwnd > t_.InFlight()) RetransmitLost(t_);
  WriteXmit(t_, CurrentMss(t_), DefaultNagle(t_), PushMode::kAll);
}

void Connection::ConsumeReceiveQueue(uint32_t bytes) {
  t_.copied_seq += bytes;
  while (bytes > 0) {
    Skb* head = t_.receive_queue.front();
    SIM_CHECK(head != nullptr);
    if (bytes < head->size) {
      SkbPull(head, bytes);
      return;
    }
    bytes -= head->size;
    t_.win.rmem_alloc -= head->truesize;
    t_.receive_queue.Pop();
  }
}

void Connection::OnSkbRead() { AdjustReceiveSpace(t_); }

void Connection::OnAppRead(uint32_t copied, SimTime now, TcpActions* actions) {
  Begin(now, actions);
  if (t_.state == TcpState::kClosed || t_.state == TcpState::kListen) return;
  AdjustReceiveSpace(t_);
  AckAfterRead(t_, copied);
}

void Connection::Close(SimTime now, TcpActions* actions) {
  Begin(now, actions);
  CloseBothWays(t_);
}

void Connection::ShutdownWrite(SimTime now, TcpActions* actions) {
  Begin(now, actions);
  StartClose(t_);
}

void Connection::Abort(SimTime now, TcpActions* actions) {
  Begin(now, actions);
  AbortConnection(t_);
}

void Connection::SetCork(bool cork, SimTime now, TcpActions* actions) {
  Begin(now, actions);
  t_.cork = cork;
  // Without TCP_NODELAY Nagle's algorithm still holds a short segment.
  const uint8_t push = t_.config.nodelay ? kNaglePush : kNagleDefault;
  if (!cork) PushPending(t_, static_cast<uint8_t>(DefaultNagle(t_) | push));
}

void Connection::SetNodelay(bool nodelay, SimTime now, TcpActions* actions) {
  Begin(now, actions);
  t_.config.nodelay = nodelay;
  if (nodelay) PushPending(t_, static_cast<uint8_t>(kNagleOff | kNaglePush));
}

void Connection::SetQuickAck(bool quick, SimTime now, TcpActions* actions) {
  Begin(now, actions);
  t_.ack.pingpong = !quick;
  if (quick && AckScheduled(t_) && may_send()) SendAck(t_);
}

void Connection::SetSendBuffer(int64_t bytes) {
  t_.sndbuf = std::max<int64_t>(bytes, 4608);  // SOCK_MIN_SNDBUF
  t_.sndbuf_locked = true;
}

void Connection::SetReceiveBuffer(int64_t bytes) {
  t_.win.rcvbuf = std::max<int64_t>(bytes, 2304);  // SOCK_MIN_RCVBUF
  t_.win.locked = true;
}

void Connection::Reconfigure(const TcpConfig& config, SimTime now) {
  const bool new_control = config.congestion_control != t_.config.congestion_control;
  t_.config = config;
  t_.clock.Set(now);
  if (!new_control) return;
  t_.cc = MakeCongestionControl(config);
  t_.cc->Init(t_.cwnd, t_.View());
}

TcpInfo Connection::Info() const {
  TcpInfo info;
  info.state = t_.state;
  info.ca_state = t_.rec.state;
  info.snd_cwnd = t_.cwnd.cwnd;
  info.snd_ssthresh = t_.cwnd.ssthresh;
  info.unacked = t_.n.packets_out;
  info.sacked = t_.n.sacked_out;
  info.lost = t_.n.lost_out;
  info.retrans = t_.n.retrans_out;
  info.reordering = t_.rec.reordering;
  info.reord_seen = t_.rec.reord_seen;
  info.delivered = t_.n.delivered;
  info.probes = t_.rec.probes_out;
  info.backoff = t_.rec.backoff;
  info.snd_mss = t_.opt.mss;
  info.advmss = t_.opt.advmss;
  info.rcv_mss = t_.ack.rcv_mss;
  info.rcv_wnd = t_.win.rcv_wnd;
  info.snd_wnd = t_.snd_wnd;
  info.rcvbuf = static_cast<uint32_t>(t_.win.rcvbuf);
  info.bytes_received = t_.stats.bytes_received + (t_.fin_received ? 1 : 0);
  info.inq = Readable();
  info.srtt_us = t_.rtt.srtt_us();
  info.rttvar_us = t_.rtt.rttvar_us();
  info.rto_us = t_.clock.JiffiesToUs(t_.rtt.rto_jiffies());
  info.min_rtt_us = t_.rtt.min_us();
  info.rcv_rtt_us = t_.win.rtt8_us >> 3;
  info.window_limited_us = ChronoUs(t_, ChronoKind::kWindowLimited);
  info.buffer_limited_us = ChronoUs(t_, ChronoKind::kBufferLimited);
  info.busy_us = ChronoUs(t_, ChronoKind::kBusy) + info.window_limited_us + info.buffer_limited_us;
  info.pacing_rate = t_.pacing_rate;
  return info;
}

}  // namespace ddpsim
