#include "models/tcp/loss_recovery.h"

#include <algorithm>

#include "models/tcp/linux_3_11.h"
#include "models/tcp/prr.h"
#include "models/tcp/rack.h"
#include "models/tcp/retransmit.h"
#include "models/tcp/sack_scoreboard.h"
#include "models/tcp/timers.h"
#include "models/tcp/undo.h"

namespace ddpsim {
namespace {

// The receiver has thrown SACKed data away: let the RTO come soon, unless an ACK explains it
// (tcp_check_sack_reneging()).
bool CheckReneging(Tcb& t, AckSample* sample) {
  if (!sample->has(kFlagSackReneging) || !sample->has(kFlagSndUnaAdvanced)) return false;
  const int64_t delay =
      std::max(t.clock.UsToJiffies(t.rtt.srtt8() >> 4), t.clock.UsToJiffies(10'000));
  ArmXmitTimer(t, XmitTimer::kRetransmit, delay, t.rtt.rto_max_jiffies());
  sample->flags &= ~kFlagSetXmitTimer;
  return true;
}

// snd_una has reached high_seq: the state may be over. True: nothing more to do for this ACK.
bool LeaveFinishedState(Tcb& t) {
  if (t.rec.state == CaState::kOpen) {
    t.rec.retrans_stamp = 0;
    return false;
  }
  if (t.snd_una < t.rec.high_seq) return false;
  if (t.rec.state == CaState::kCwr) {
    // CWR is held until something above high_seq is acknowledged.
    if (t.snd_una != t.rec.high_seq) {
      EndCwndReduction(t);
      SetCaState(t, CaState::kOpen);
    }
  } else if (t.rec.state == CaState::kRecovery) {
    if (!t.opt.sack) t.n.sacked_out = 0;
    if (TryUndoRecovery(t)) return true;
    EndCwndReduction(t);
  }
  return false;
}

// Without RACK: the first (sacked_out - reordering) segments below the SACKed ones are lost (RFC
// 6675's IsLost()).
void MarkHeadLost(Tcb& t, uint32_t packets, bool only_head) {
  uint32_t count = 0;
  for (size_t i = 0; i < t.queue.sent_count(); ++i) {
    TxSkb* skb = t.queue.at(i);
    if (t.config.linux_3_11 || skb->has(kSackedAcked)) count += skb->pcount;
    if (count > packets) break;
    if (!skb->has(kLost)) MarkLost(t, skb);
    if (only_head) break;
  }
}

void UpdateScoreboard(Tcb& t, bool fast_rexmit) {
  if (!t.opt.sack) return;
  if (t.config.linux_3_11) {
    const uint32_t facked = FackedOut(t);
    MarkHeadLost(t, facked > t.rec.reordering ? facked - t.rec.reordering : 1, false);
  } else if (t.n.sacked_out >= t.rec.reordering) {
    MarkHeadLost(t, t.n.sacked_out - t.rec.reordering, false);
  } else if (fast_rexmit) {
    MarkHeadLost(t, 1, true);
  }
}

void IdentifyLoss(Tcb& t, AckSample* sample) {
  if (t.queue.sent_count() == 0) return;
  if (!t.opt.sack) {
    NewRenoMarkLost(t, sample->has(kFlagSndUnaAdvanced));
  } else if (t.config.rack) {
    const uint32_t before = t.n.retrans_out;
    if (RackMarkLost(t)) sample->flags &= ~kFlagSetXmitTimer;
    if (before > t.n.retrans_out) sample->flags |= kFlagLostRetrans;
  }
}

bool TimeToRecover(Tcb& t) {
  if (t.n.lost_out != 0) return true;
  if (t.config.rack) return false;
  const bool fack = t.config.linux_3_11 && t.opt.sack;
  if ((fack ? FackedOut(t) : t.n.sacked_out + 1) > t.rec.reordering) return true;
  return t.config.linux_3_11 && EarlyRetransmitNow(t);
}

// tcp_enter_cwr(): a congestion mark reduces as a loss does, but nothing is sent again.
void EnterCwr(Tcb& t) {
  t.rec.prior_ssthresh = 0;
  if (t.rec.state >= CaState::kCwr) return;
  t.rec.undo_armed = false;
  InitCwndReduction(t);
  SetCaState(t, CaState::kCwr);
}

void TryToOpen(Tcb& t, const AckSample& sample) {
  if (!AnyRetransDone(t)) t.rec.retrans_stamp = 0;
  if (sample.has(kFlagEce)) EnterCwr(t);
  if (t.rec.state != CaState::kCwr) TryKeepOpen(t);
}

// F-RTO (RFC 5682 section 3.1): was the timeout spurious? True: the ACK is dealt with.
bool CheckFrto(Tcb& t, AckSample* sample, bool recovered) {
  if (sample->has(kFlagOrigSackAcked) && TryUndoLoss(t, true)) return true;
  if (t.snd_nxt > t.rec.high_seq) {
    if (sample->has(kFlagDataSacked) || sample->num_dupack != 0) t.rec.frto = false;
  } else if (sample->has(kFlagSndUnaAdvanced) && !recovered) {
    t.rec.high_seq = t.snd_nxt;
    // Step 2.b: send new data rather than retransmissions, and watch its ACK.
    if (t.queue.has_unsent() && t.WindowEnd() > t.snd_nxt) {
      sample->rexmit = Rexmit::kNew;
      return true;
    }
    t.rec.frto = false;
  }
  return false;
}

void ProcessLoss(Tcb& t, AckSample* sample) {
  const bool recovered = t.snd_una >= t.rec.high_seq;
  if (sample->has(kFlagSndUnaAdvanced) && TryUndoLoss(t, false)) return;
  if (t.rec.frto && CheckFrto(t, sample, recovered)) return;
  if (recovered) {
    TryUndoRecovery(t);
    return;
  }
  if (!t.opt.sack) {
    if (t.snd_nxt > t.rec.high_seq && sample->num_dupack != 0) {
      AddRenoSack(t, sample->num_dupack);
    } else if (sample->has(kFlagSndUnaAdvanced)) {
      t.n.sacked_out = 0;
    }
  }
  sample->rexmit = Rexmit::kLost;
}

// Returns whether the caller goes on to send lost segments.
bool InRecovery(Tcb& t, AckSample* sample, bool* do_lost) {
  if (!sample->has(kFlagSndUnaAdvanced)) {
    if (!t.opt.sack) AddRenoSack(t, sample->num_dupack);
  } else if (TryUndoPartial(t, sample->prior_snd_una, do_lost)) {
    return false;
  }
  if (TryUndoDsack(t)) TryToOpen(t, *sample);
  IdentifyLoss(t, sample);
  if (t.rec.state != CaState::kRecovery) {
    if (!TimeToRecover(t)) return false;
    EnterRecovery(t, sample->has(kFlagEce));
  }
  return true;
}

bool InLoss(Tcb& t, AckSample* sample) {
  ProcessLoss(t, sample);
  IdentifyLoss(t, sample);
  return t.rec.state == CaState::kOpen || sample->has(kFlagLostRetrans);
}

// Open, Disorder and CWR; also Loss that has just ended or lost a retransmission.
bool InOpen(Tcb& t, AckSample* sample) {
  if (!t.opt.sack) {
    if (sample->has(kFlagSndUnaAdvanced)) t.n.sacked_out = 0;
    AddRenoSack(t, sample->num_dupack);
  }
  if (t.rec.state <= CaState::kDisorder) TryUndoDsack(t);
  IdentifyLoss(t, sample);
  if (!TimeToRecover(t)) {
    TryToOpen(t, *sample);
    return false;
  }
  EnterRecovery(t, sample->has(kFlagEce));
  return true;
}

}  // namespace

void EnterRecovery(Tcb& t, bool ece) {
  if (!AnyRetransDone(t)) t.rec.retrans_stamp = 0;
  ++t.stats.fast_recoveries;
  t.rec.prior_ssthresh = 0;
  InitUndo(t);
  if (!t.InCwndReduction()) {
    if (!ece) t.rec.prior_ssthresh = t.CurrentSsthresh();
    InitCwndReduction(t);
  }
  SetCaState(t, CaState::kRecovery);
}

void OnEarlyRetransmitTimer(Tcb& t) {
  EnterRecovery(t, false);
  UpdateScoreboard(t, true);
  RetransmitLost(t);
}

void OnDubiousAck(Tcb& t, AckSample* sample) {
  bool do_lost =
      sample->num_dupack != 0 || (sample->has(kFlagDataSacked) && ForceFastRetransmit(t));
  if (t.n.packets_out == 0) t.n.sacked_out = 0;
  if (sample->has(kFlagEce)) t.rec.prior_ssthresh = 0;
  if (CheckReneging(t, sample)) return;
  if (LeaveFinishedState(t)) return;
  bool fast_rexmit = false;
  if (t.rec.state == CaState::kRecovery) {
    if (!InRecovery(t, sample, &do_lost)) return;
  } else {
    if (t.rec.state == CaState::kLoss && !InLoss(t, sample)) return;
    if (!InOpen(t, sample)) return;
    fast_rexmit = true;
  }
  if (!t.config.rack && do_lost) UpdateScoreboard(t, fast_rexmit);
  sample->rexmit = Rexmit::kLost;
}

}  // namespace ddpsim
