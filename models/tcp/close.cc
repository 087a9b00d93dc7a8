#include "models/tcp/close.h"

#include "models/tcp/ack_policy.h"
#include "models/tcp/output.h"
#include "models/tcp/receiver.h"
#include "models/tcp/timers.h"
#include "models/tcp/transmit.h"

namespace ddpsim {
namespace {

// tcp_need_reset(), and what tcp_disconnect() asks besides.
bool NeedsReset(const Tcb& t) {
  switch (t.state) {
    case TcpState::kListen:
    case TcpState::kSynSent:
    case TcpState::kClosed:
    case TcpState::kTimeWait:
      return false;
    case TcpState::kClosing:
    case TcpState::kLastAck:
      return t.queue.has_unsent();
    default:
      return true;
  }
}

void RestartTimeWait(Tcb& t) {
  ArmXmitTimer(t, XmitTimer::kClose, t.clock.UsToJiffies(t.config.time_wait_us),
               t.clock.UsToJiffies(t.config.time_wait_us));
}

void EnterTimeWait(Tcb& t) {
  SetState(t, TcpState::kTimeWait);
  t.ack.last_oow_ack = 0;
  RestartTimeWait(t);
}

void Finish(Tcb& t) {
  t.timers = Timers();
  t.queue.Clear();
  t.n = Counters();
  t.wmem_queued = 0;
  t.rec.retransmit_hint = nullptr;
  t.ack.compressed = 0;
  SetState(t, TcpState::kClosed);
}

bool FinAcked(const Tcb& t) { return t.fin_queued && t.queue.empty() && t.snd_una == t.write_seq; }

}  // namespace

void StartClose(Tcb& t) {
  switch (t.state) {
    case TcpState::kListen:
    case TcpState::kSynSent:
      Finish(t);
      return;
    case TcpState::kSynReceived:
    case TcpState::kEstablished:
      SetState(t, TcpState::kFinWait1);
      break;
    case TcpState::kCloseWait:
      SetState(t, TcpState::kLastAck);
      break;
    default:
      return;
  }
  QueueFin(t);
}

void CloseBothWays(Tcb& t) {
  if (!t.receive_queue.empty()) {
    AbortConnection(t);
    return;
  }
  t.reader_closed = true;
  StartClose(t);
}

bool ResetOnLateData(Tcb& t, const Skb& skb) {
  const bool nobody_reads = t.reader_closed || t.read_shut || t.fin_received;
  const bool half_closed = t.state == TcpState::kFinWait1 || t.state == TcpState::kFinWait2;
  // Behind the peer's FIN only what overlaps the old is looked at (tcp_rcv_state_process()).
  const bool overlaps = t.state != TcpState::kEstablished && skb.seq < t.rcv_nxt;
  if (!nobody_reads || (!half_closed && !overlaps) || skb.end_seq() <= t.rcv_nxt) return false;
  AnswerWithReset(t, skb);
  ResetConnection(t);
  return true;
}

void AnswerWithReset(Tcb& t, const Skb& skb) {
  if ((skb.tcp.flags & kTcpRst) != 0) return;
  if ((skb.tcp.flags & kTcpAck) != 0) {
    SendReset(t, skb.tcp.ack, false);
    return;
  }
  t.rcv_nxt = skb.tcp.seq + skb.size + ((skb.tcp.flags & kTcpSyn) != 0 ? 1 : 0) +
              ((skb.tcp.flags & kTcpFin) != 0 ? 1 : 0);
  SendReset(t, SeqNum(0), true);
}

void OnFin(Tcb& t) {
  ScheduleAck(t);
  t.fin_received = true;
  t.out->data_ready = true;
  switch (t.state) {
    case TcpState::kEstablished:
    case TcpState::kSynReceived:
      SetState(t, TcpState::kCloseWait);
      t.ack.pingpong = true;
      break;
    case TcpState::kFinWait1:
      SendAck(t);
      SetState(t, TcpState::kClosing);
      break;
    case TcpState::kFinWait2:
      SendAck(t);
      EnterTimeWait(t);
      break;
    default:
      break;
  }
  t.ofo.skbs.clear();
  t.ofo.num_sacks = 0;
  t.ofo.dsack = false;
}

void CheckFinAcked(Tcb& t) {
  if (!FinAcked(t)) return;
  switch (t.state) {
    case TcpState::kFinWait1:
      SetState(t, TcpState::kFinWait2);
      ArmXmitTimer(t, XmitTimer::kClose, t.clock.UsToJiffies(t.config.fin_timeout_us),
                   t.clock.UsToJiffies(t.config.fin_timeout_us));
      break;
    case TcpState::kClosing:
      EnterTimeWait(t);
      break;
    case TcpState::kLastAck:
      Finish(t);
      break;
    default:
      break;
  }
}

void OnCloseTimer(Tcb& t) { Finish(t); }

void OnSegmentInTimeWait(Tcb& t, const Skb& skb) {
  ReadTimestamps(t, skb.tcp.options);
  const bool rst = (skb.tcp.flags & kTcpRst) != 0;
  const bool syn = (skb.tcp.flags & kTcpSyn) != 0;
  const bool pure = SkbEnd(skb) == skb.seq && !syn;
  const bool old = t.saw_tstamp && static_cast<int32_t>(t.ts_recent - t.rcv_tsval) > 0;
  if (!old && skb.tcp.seq == t.rcv_nxt && (pure || rst)) {
    if (rst) {
      Finish(t);  // TIME-WAIT assassination, RFC 1337
    } else {
      RestartTimeWait(t);
      ReplaceTsRecent(t, skb.seq);
    }
    return;
  }
  // Everything out of place is acknowledged at once.
  if (rst) return;
  const bool ack = (skb.tcp.flags & kTcpAck) != 0;
  // Such a SYN would open the connection anew, but nobody listens here.
  const bool reopens = syn && !ack && !old &&
                       (skb.tcp.seq > t.rcv_nxt ||
                        (t.saw_tstamp && static_cast<int32_t>(t.ts_recent - t.rcv_tsval) < 0));
  if (old || (ack && !reopens)) RestartTimeWait(t);
  if (reopens || !OowRateLimited(t, pure || syn)) SendAck(t);
}

void ResetConnection(Tcb& t) {
  t.reset = true;
  if (t.out != nullptr) t.out->data_ready = true;
  Finish(t);
}

void AbortConnection(Tcb& t) {
  if (NeedsReset(t)) SendActiveReset(t);
  ResetConnection(t);
}

void GiveUpConnection(Tcb& t) {
  t.timed_out = true;
  ResetConnection(t);
}

}  // namespace ddpsim
