#include "models/tcp/retransmit.h"

#include <algorithm>

#include "models/tcp/output.h"
#include "models/tcp/sack_scoreboard.h"
#include "models/tcp/timers.h"
#include "models/tcp/transmit.h"

namespace ddpsim {
namespace {

// Moves the whole of sent skb index + 1 to the end of skb `index` (tcp_collapse_retrans()); false
// if that has no room for its frags.
bool MergeNext(Tcb& t, size_t index) {
  TxSkb* to = t.queue.at(index);
  TxSkb* next = t.queue.at(index + 1);
  if (!SendQueue::ShiftPayload(next, to)) return false;
  to->size += next->size;
  to->truesize += next->size;
  t.wmem_queued -= next->truesize - next->size;  // the empty skb is freed
  to->end_seq = next->end_seq;
  to->flags |= next->flags;
  to->marks |= next->marks & kEverRetrans;
  to->eor = next->eor;
  if (t.rec.retransmit_hint == next) t.rec.retransmit_hint = to;
  AdjustPcount(t, *next, next->pcount);
  t.queue.EraseSent(index + 1);
  return true;
}

bool MayMerge(const TxSkb& skb) { return skb.pcount == 1 && !skb.has(kSackedAcked); }

// A short skb is filled up with the following ones, to `space` bytes.
void TryCollapse(Tcb& t, size_t index, uint32_t space) {
  if (!t.config.retrans_collapse) return;
  const TxSkb* to = t.queue.at(index);
  if (!MayMerge(*to)) return;
  while (index + 1 < t.queue.sent_count()) {
    const TxSkb* next = t.queue.at(index + 1);
    if (to->eor || !MayMerge(*next) || to->size + next->size > space ||
        next->end_seq > t.WindowEnd())
      return;
    if (!MergeNext(t, index)) return;
  }
}

// Cuts skb `index` to what may leave, or fills it up. False: nothing may.
bool FitToWindow(Tcb& t, size_t index, uint32_t segments) {
  TxSkb* skb = t.queue.at(index);
  const uint32_t mss = CurrentMss(t);
  int64_t available = t.WindowEnd() - skb->seq;
  if (available <= 0) {
    // A shrunk window: only the first segment may probe it.
    if (skb->seq != t.snd_una) return false;
    available = mss;
  }
  int64_t length = static_cast<int64_t>(mss) * segments;
  if (length > available) length = available < mss ? available : available / mss * mss;
  if (skb->size > length) {
    FragmentSent(t, index, static_cast<uint32_t>(length), mss);
    return true;
  }
  const int before = skb->pcount;
  SendQueue::SetSegments(skb, mss);
  if (before != skb->pcount) AdjustPcount(t, *skb, before - skb->pcount);
  const auto space = static_cast<uint32_t>(std::min<int64_t>(available, mss));
  if (skb->size < space) TryCollapse(t, index, space);
  return true;
}

bool SkipInRecovery(const TxSkb& skb) { return skb.has(kSackedAcked | kSackedRetrans); }

}  // namespace

bool RetransmitSkb(Tcb& t, size_t index, uint32_t segments, bool count) {
  TxSkb* skb = t.queue.at(index);
  if (skb->seq < t.snd_una && skb->end_seq > t.snd_una) {
    const auto acked = static_cast<uint32_t>(t.snd_una - skb->seq);
    t.queue.TrimHead(acked);
    t.wmem_queued -= acked;
  }
  if (!FitToWindow(t, index, segments)) return false;
  t.stats.retransmits += skb->pcount;
  t.stats.bytes_retransmitted += skb->size;
  t.total_retrans += skb->pcount;
  TransmitSkb(t, skb, true);
  skb->marks |= kEverRetrans;
  if (!count) return true;
  skb->marks |= kSackedRetrans;
  t.n.retrans_out += skb->pcount;
  if (t.rec.retrans_stamp == 0) t.rec.retrans_stamp = static_cast<uint32_t>(skb->sent_us / 1000);
  if (t.rec.undo_retrans < 0) t.rec.undo_retrans = 0;
  t.rec.undo_retrans += skb->pcount;
  return true;
}

void RetransmitLost(Tcb& t) {
  if (t.n.packets_out == 0) return;
  bool rearm = false;
  bool hole_seen = false;
  const uint32_t max_segments = TsoSegments(t, CurrentMss(t));
  size_t i = t.rec.retransmit_hint == nullptr ? 0 : t.queue.FindSent(t.rec.retransmit_hint->seq);
  for (; i < t.queue.sent_count(); ++i) {
    TxSkb* skb = t.queue.at(i);
    if (!hole_seen) t.rec.retransmit_hint = skb;
    if (t.cwnd.cwnd <= t.InFlight() || t.n.retrans_out >= t.n.lost_out) break;
    if (!skb->has(kLost)) {
      hole_seen |= !SkipInRecovery(*skb);
      continue;
    }
    if (SkipInRecovery(*skb)) continue;
    if (SmallQueueFull(t, *skb, 1)) break;
    const uint32_t segments = std::min(t.cwnd.cwnd - t.InFlight(), max_segments);
    if (!RetransmitSkb(t, i, segments)) break;
    if (t.InCwndReduction()) t.rec.prr_out += skb->pcount;
    rearm |= i == 0 && t.timers.pending != XmitTimer::kReorder;
  }
  if (rearm) ArmXmitTimer(t, XmitTimer::kRetransmit, t.rtt.rto_jiffies(), t.rtt.rto_max_jiffies());
}

}  // namespace ddpsim
