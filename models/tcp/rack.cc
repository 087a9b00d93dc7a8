#include "models/tcp/rack.h"

#include <algorithm>

#include "models/tcp/sack_scoreboard.h"
#include "models/tcp/timers.h"

namespace ddpsim {
namespace {

bool SentAfter(int64_t t1, int64_t t2, SeqNum end1, SeqNum end2) {
  return t1 > t2 || (t1 == t2 && end1 > end2);
}

int64_t ReoWnd(const Tcb& t) {
  if (t.rec.reord_seen == 0) {
    if (t.rec.state >= CaState::kRecovery || t.n.sacked_out >= t.rec.reordering) return 0;
  }
  return std::min<int64_t>(static_cast<int64_t>(t.rtt.min_us() >> 2) * t.rec.rack.reo_wnd_steps,
                           t.rtt.srtt_us());
}

}  // namespace

void RackAdvance(Tcb& t, const TxSkb& skb) {
  const int64_t rtt = t.clock.us() - skb.sent_us;
  // Faster than any round trip: the ACK is for the original, not for this retransmission.
  if (skb.has(kSackedRetrans | kEverRetrans) && rtt < t.rtt.min_us()) return;
  RackState& rack = t.rec.rack;
  rack.advanced = true;
  rack.rtt_us = rtt;
  if (SentAfter(skb.sent_us, rack.mstamp, skb.end_seq, rack.end_seq)) {
    rack.mstamp = skb.sent_us;
    rack.end_seq = skb.end_seq;
  }
}

int64_t RackTimeLeft(const Tcb& t, const TxSkb& skb, int64_t reo_wnd_us) {
  return t.rec.rack.rtt_us + reo_wnd_us - (t.clock.us() - skb.sent_us);
}

int64_t RackDetectLoss(Tcb& t) {
  const int64_t reo_wnd = ReoWnd(t);
  int64_t timeout = 0;
  for (TxSkb* skb = t.queue.oldest(); skb != nullptr;) {
    TxSkb* next = skb->time_next;
    const bool waits_for_retransmission = skb->has(kLost) && !skb->has(kSackedRetrans);
    if (!waits_for_retransmission) {
      if (!SentAfter(t.rec.rack.mstamp, skb->sent_us, t.rec.rack.end_seq, skb->end_seq)) break;
      const int64_t left = RackTimeLeft(t, *skb, reo_wnd);
      if (left <= 0) {
        MarkLost(t, skb);
        t.queue.TimeListRemove(skb);
      } else {
        timeout = std::max(timeout, left);
      }
    }
    skb = next;
  }
  return timeout;
}

bool RackMarkLost(Tcb& t) {
  if (!t.rec.rack.advanced) return false;
  t.rec.rack.advanced = false;
  const int64_t timeout = RackDetectLoss(t);
  if (timeout == 0) return false;
  ArmXmitTimer(t, XmitTimer::kReorder, t.clock.UsToJiffies(timeout + kTimeoutMinUs),
               t.rtt.rto_jiffies());
  return true;
}

void RackUpdateReoWnd(Tcb& t, const AckSample& sample) {
  if (sample.prior_delivered == 0) return;
  RackState& rack = t.rec.rack;
  // DSACKs of the same round trip count once.
  if (static_cast<int32_t>(sample.prior_delivered - rack.last_delivered) < 0)
    rack.dsack_seen = false;
  if (rack.dsack_seen) {
    rack.reo_wnd_steps = static_cast<uint8_t>(std::min(0xff, rack.reo_wnd_steps + 1));
    rack.dsack_seen = false;
    rack.last_delivered = t.n.delivered;
    rack.reo_wnd_persist = kRackRecoveryThreshold;
  } else if (rack.reo_wnd_persist == 0) {
    rack.reo_wnd_steps = 1;
  }
}

void NewRenoMarkLost(Tcb& t, bool snd_una_advanced) {
  const bool third_dupack = t.rec.state < CaState::kRecovery && t.n.sacked_out >= t.rec.reordering;
  const bool partial_ack = t.rec.state == CaState::kRecovery && snd_una_advanced;
  if (!third_dupack && !partial_ack) return;
  TxSkb* head = t.queue.rtx_head();
  if (head == nullptr || head->has(kLost)) return;
  if (head->pcount > 1 && head->size > head->gso_size)
    FragmentSent(t, 0, head->gso_size, head->gso_size);
  MarkLost(t, head);
}

}  // namespace ddpsim
