#include "models/tcp/undo.h"

#include <algorithm>

#include "models/tcp/rack.h"
#include "models/tcp/sack_scoreboard.h"

namespace ddpsim {
namespace {

bool EchoBefore(const Tcb& t, uint32_t when) {
  return t.saw_tstamp && t.rcv_tsecr != 0 && static_cast<int32_t>(t.rcv_tsecr - when) < 0;
}

// Nothing retransmitted so far was needed, by the echo of the timestamps.
bool PacketDelayed(const Tcb& t) {
  if (t.rec.retrans_stamp != 0) return EchoBefore(t, t.rec.retrans_stamp);
  if (!t.opt.sack && t.snd_una >= t.rec.high_seq) return false;
  return t.state != TcpState::kSynSent;
}

bool MayUndo(const Tcb& t) {
  return t.rec.undo_armed && (t.rec.undo_retrans == 0 || PacketDelayed(t));
}

void UndoCwndReduction(Tcb& t, bool unmark_loss) {
  if (unmark_loss) {
    for (size_t i = 0; i < t.queue.sent_count(); ++i)
      t.queue.at(i)->marks &= static_cast<uint8_t>(~kLost);
    t.n.lost_out = 0;
    t.rec.retransmit_hint = nullptr;
  }
  if (t.rec.prior_ssthresh != 0) {
    t.cwnd.cwnd = t.cc->UndoCwnd(t.cwnd);
    if (t.rec.prior_ssthresh > t.cwnd.ssthresh) t.ecn.queue_cwr = false;
    t.cwnd.ssthresh = std::max(t.cwnd.ssthresh, t.rec.prior_ssthresh);
  }
  t.cwnd_stamp = t.clock.jiffies();
  t.rec.undo_armed = false;
  t.rec.rack.advanced = true;  // look for losses again
  ++t.stats.undo;
}

bool NonSackPreventsReopen(Tcb& t) {
  if (t.snd_una != t.rec.high_seq || t.opt.sack) return false;
  if (!AnyRetransDone(t)) t.rec.retrans_stamp = 0;
  return true;
}

}  // namespace

void InitUndo(Tcb& t) {
  t.rec.undo_armed = true;
  t.rec.undo_marker = t.snd_una;
  t.rec.undo_retrans = t.n.retrans_out;
  if (t.rec.tlp_outstanding && t.rec.tlp_retrans) ++t.rec.undo_retrans;
  // Nothing sent again yet: only DSACKs for later retransmissions may undo.
  if (t.rec.undo_retrans == 0) t.rec.undo_retrans = -1;
}

bool AnyRetransDone(const Tcb& t) {
  if (t.n.retrans_out != 0) return true;
  const TxSkb* head = t.queue.rtx_head();
  return head != nullptr && head->has(kEverRetrans);
}

bool IsSpuriousRetrans(const Tcb& t, const TxSkb& skb) {
  return skb.has(kSackedRetrans | kEverRetrans) &&
         EchoBefore(t, static_cast<uint32_t>(skb.sent_us / 1000));
}

bool TryUndoRecovery(Tcb& t) {
  if (MayUndo(t)) {
    UndoCwndReduction(t, false);
  } else if (t.rec.rack.reo_wnd_persist != 0) {
    --t.rec.rack.reo_wnd_persist;
  }
  if (NonSackPreventsReopen(t)) return true;
  SetCaState(t, CaState::kOpen);
  t.rec.sack_reneg = false;
  return false;
}

bool TryUndoDsack(Tcb& t) {
  if (!t.rec.undo_armed || t.rec.undo_retrans != 0) return false;
  t.rec.rack.reo_wnd_persist = std::min<uint8_t>(
      kRackRecoveryThreshold, static_cast<uint8_t>(t.rec.rack.reo_wnd_persist + 1));
  UndoCwndReduction(t, false);
  return true;
}

bool TryUndoLoss(Tcb& t, bool frto) {
  if (!frto && !MayUndo(t)) return false;
  UndoCwndReduction(t, true);
  if (frto) ++t.stats.spurious_rtos;
  t.rec.retransmits = 0;
  if (NonSackPreventsReopen(t)) return true;
  if (frto || t.opt.sack) {
    SetCaState(t, CaState::kOpen);
    t.rec.sack_reneg = false;
  }
  return true;
}

bool ForceFastRetransmit(const Tcb& t) {
  return t.HighestSack() > t.snd_una + t.rec.reordering * t.opt.mss;
}

bool TryUndoPartial(Tcb& t, SeqNum prior_snd_una, bool* do_lost) {
  if (!t.rec.undo_armed || !PacketDelayed(t)) {
    *do_lost = ForceFastRetransmit(t);
    return false;
  }
  // The hole was filled by the original: reordering, as far as from the highest SACK down to there.
  CheckSackReordering(t, prior_snd_una);
  if (t.n.retrans_out != 0) return true;
  if (!AnyRetransDone(t)) t.rec.retrans_stamp = 0;
  UndoCwndReduction(t, true);
  TryKeepOpen(t);
  return false;
}

void TryKeepOpen(Tcb& t) {
  const bool disorder = t.n.sacked_out + t.n.lost_out != 0 || AnyRetransDone(t);
  const CaState state = disorder ? CaState::kDisorder : CaState::kOpen;
  if (t.rec.state == state) return;
  SetCaState(t, state);
  t.rec.high_seq = t.snd_nxt;
}

}  // namespace ddpsim
