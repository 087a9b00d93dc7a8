#include "models/tcp/rto.h"

#include <algorithm>

#include "models/tcp/close.h"
#include "models/tcp/handshake.h"
#include "models/tcp/loss_recovery.h"
#include "models/tcp/output.h"
#include "models/tcp/prr.h"
#include "models/tcp/rack.h"
#include "models/tcp/retransmit.h"
#include "models/tcp/sack_scoreboard.h"
#include "models/tcp/timers.h"
#include "models/tcp/tlp.h"
#include "models/tcp/transmit.h"
#include "models/tcp/undo.h"

namespace ddpsim {
namespace {

// tcp_timeout_mark_lost(): everything unSACKed is lost, save what RACK knows to be too young.
void MarkAllLost(Tcb& t) {
  const TxSkb* head = t.queue.rtx_head();
  const bool reneged = head != nullptr && head->has(kSackedAcked);
  if (reneged) {
    ++t.stats.sack_reneging;
    t.n.sacked_out = 0;
    t.rec.sack_reneg = true;
  } else if (!t.opt.sack) {
    t.n.sacked_out = 0;
  }
  for (size_t i = 0; i < t.queue.sent_count(); ++i) {
    TxSkb* skb = t.queue.at(i);
    if (reneged) {
      skb->marks &= static_cast<uint8_t>(~kSackedAcked);
    } else if (t.config.rack && i != 0 && RackTimeLeft(t, *skb, 0) > 0) {
      continue;
    }
    MarkLost(t, skb);
  }
  t.rec.retransmit_hint = nullptr;
}

void EnterLoss(Tcb& t) {
  const CaState before = t.rec.state;
  const bool new_recovery = before < CaState::kRecovery;
  MarkAllLost(t);
  if (before <= CaState::kDisorder || t.rec.high_seq <= t.snd_una ||
      (before == CaState::kLoss && t.rec.retransmits == 0)) {
    t.rec.prior_ssthresh = t.CurrentSsthresh();
    t.cwnd.prior_cwnd = t.cwnd.cwnd;
    t.cwnd.ssthresh = t.cc->Ssthresh(t.cwnd);
    InitUndo(t);
  }
  t.cwnd.cwnd = t.InFlight() + 1;
  t.cwnd.cwnd_cnt = 0;
  t.cwnd_stamp = t.clock.jiffies();
  // Timeouts in a disordered state say that the reordering degree was overestimated.
  const auto reordering = static_cast<uint32_t>(t.config.reordering);
  if (before <= CaState::kDisorder && t.n.sacked_out >= reordering) {
    t.rec.reordering = std::min(t.rec.reordering, reordering);
  }
  SetCaState(t, CaState::kLoss);
  t.rec.high_seq = t.snd_nxt;
  t.rec.tlp_outstanding = false;
  t.ecn.queue_cwr = t.ecn.ok;
  t.rec.frto = t.config.frto && (new_recovery || t.rec.retransmits != 0);
}

// us since the first retransmission of what is missing.
int64_t RetransmittingUs(const Tcb& t) {
  return int64_t{1000} * static_cast<int32_t>(t.clock.ts_ms() - t.rec.retrans_stamp);
}

// tcp_write_timeout(): given up?
bool WriteTimedOut(const Tcb& t) {
  if (t.config.user_timeout_us != 0)
    return t.rec.retransmits != 0 && RetransmittingUs(t) >= t.config.user_timeout_us;
  return t.rec.retransmits >= static_cast<uint32_t>(t.config.retries2);
}

// The backed-off RTO, but not beyond the user's timeout (tcp_clamp_rto_to_user_timeout()).
int64_t NextRto(const Tcb& t) {
  if (t.config.user_timeout_us == 0) return t.rtt.rto_jiffies();
  const int64_t left = t.config.user_timeout_us - RetransmittingUs(t);
  return left <= 0 ? 1 : std::min(t.rtt.rto_jiffies(), t.clock.UsToJiffies(left));
}

void OnRetransmitTimer(Tcb& t) {
  if (t.n.packets_out == 0) return;
  if (WriteTimedOut(t)) {
    GiveUpConnection(t);
    return;
  }
  if (t.snd_wnd == 0 && t.state != TcpState::kSynSent) {
    // The peer shrank its window to nothing over data in flight: keep on probing, without backoff
    // counting as failure.
    EnterLoss(t);
    RetransmitSkb(t, 0, 1);
  } else {
    ++t.stats.timeouts;
    EnterLoss(t);
    ++t.rec.retransmits;
    RetransmitSkb(t, 0, 1);
    ++t.rec.backoff;
  }
  t.rtt.BackOff();
  ArmXmitTimer(t, XmitTimer::kRetransmit, NextRto(t), t.rtt.rto_max_jiffies());
}

void OnReorderTimer(Tcb& t) {
  const uint32_t prior_in_flight = t.InFlight();
  const uint32_t lost = t.n.lost;
  RackDetectLoss(t);
  if (prior_in_flight != t.InFlight()) {
    if (t.rec.state != CaState::kRecovery) {
      EnterRecovery(t, false);
      ReduceCwnd(t, 1, t.n.lost - lost, false);
    }
    RetransmitLost(t);
  }
  if (t.timers.pending != XmitTimer::kRetransmit) RearmRto(t);
}

int64_t ProbeWhen(const Tcb& t) {
  const int64_t base = std::max(t.rtt.rto_jiffies(), t.rtt.rto_min_jiffies());
  constexpr uint32_t kMaxBackoff = 10;  // ilog2(TCP_RTO_MAX / TCP_RTO_MIN) + 1
  return std::min(base << std::min(t.rec.backoff, kMaxBackoff), t.rtt.rto_max_jiffies());
}

// tcp_write_wakeup(): as much as the window takes, or a bare probe.
void WriteWakeup(Tcb& t) {
  TxSkb* skb = t.queue.send_head();
  if (skb == nullptr || skb->seq >= t.WindowEnd()) {
    SendWindowProbe(t);
    return;
  }
  const uint32_t mss = CurrentMss(t);
  const auto room = static_cast<uint32_t>(t.WindowEnd() - skb->seq);
  if (room < skb->size || skb->size > mss) {
    const int64_t before = skb->truesize;
    t.queue.Split(t.queue.sent_count(), std::min(room, mss), mss);
    t.wmem_queued +=
        int64_t{skb->truesize} + t.queue.at(t.queue.sent_count() + 1)->truesize - before;
  } else {
    SendQueue::SetSegments(skb, mss);
  }
  skb->flags |= kTcpPsh;
  TransmitSkb(t, skb, false);
  OnNewDataSent(t, skb);
}

void OnProbeTimer(Tcb& t) {
  if (t.n.packets_out != 0 || !t.queue.has_unsent()) {
    t.rec.probes_out = 0;
    return;
  }
  if (t.rec.probes_out >= static_cast<uint32_t>(t.config.retries2)) {
    GiveUpConnection(t);
    return;
  }
  ++t.stats.zero_window_probes;
  WriteWakeup(t);
  if (t.n.packets_out != 0 || !t.queue.has_unsent()) {
    t.rec.probes_out = t.rec.backoff = 0;
    return;
  }
  ++t.rec.probes_out;
  if (t.rec.backoff < static_cast<uint32_t>(t.config.retries2)) ++t.rec.backoff;
  ArmXmitTimer(t, XmitTimer::kZeroWindowProbe, ProbeWhen(t), t.rtt.rto_max_jiffies());
}

}  // namespace

int64_t RtoDeltaUs(const Tcb& t) {
  const TxSkb* head = t.queue.rtx_head();
  const int64_t rto_us = t.clock.JiffiesToUs(t.rtt.rto_jiffies());
  return head == nullptr ? rto_us : head->sent_us + rto_us - t.clock.us();
}

void RearmRto(Tcb& t) {
  if (t.n.packets_out == 0) {
    ClearXmitTimer(t);
    return;
  }
  int64_t rto = t.rtt.rto_jiffies();
  // The probe or reordering timer had taken the RTO's place: it still counts from the transmission.
  if (t.timers.pending == XmitTimer::kReorder || t.timers.pending == XmitTimer::kLossProbe ||
      t.timers.pending == XmitTimer::kEarlyRetransmit) {
    rto = t.clock.UsToJiffies(std::max<int64_t>(RtoDeltaUs(t), 1));
  }
  ArmXmitTimer(t, XmitTimer::kRetransmit, rto, t.rtt.rto_max_jiffies());
}

void SetXmitTimer(Tcb& t) {
  if (!ScheduleLossProbe(t, true)) RearmRto(t);
}

void OnXmitTimer(Tcb& t) {
  const XmitTimer what = t.timers.pending;
  t.timers.xmit_fire = SimTime::Never();
  switch (what) {
    case XmitTimer::kNone:
      return;
    case XmitTimer::kReorder:
      OnReorderTimer(t);
      return;
    case XmitTimer::kEarlyRetransmit:
      OnEarlyRetransmitTimer(t);
      if (t.timers.pending != XmitTimer::kRetransmit) RearmRto(t);
      return;
    case XmitTimer::kLossProbe:
      SendLossProbe(t);
      return;
    case XmitTimer::kRetransmit:
      t.timers.pending = XmitTimer::kNone;
      OnRetransmitTimer(t);
      return;
    case XmitTimer::kZeroWindowProbe:
      t.timers.pending = XmitTimer::kNone;
      OnProbeTimer(t);
      return;
    case XmitTimer::kHandshake:
      OnHandshakeTimer(t);
      return;
    case XmitTimer::kClose:
      OnCloseTimer(t);
      return;
  }
}

void UpdateProbeTimer(Tcb& t) {
  const TxSkb* head = t.queue.send_head();
  if (head == nullptr) return;
  if (head->end_seq <= t.WindowEnd()) {
    t.rec.backoff = 0;
    ClearXmitTimer(t);
  } else {
    ArmXmitTimer(t, XmitTimer::kZeroWindowProbe, ProbeWhen(t), t.rtt.rto_max_jiffies());
  }
}

}  // namespace ddpsim
