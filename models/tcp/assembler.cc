#include "models/tcp/assembler.h"

#include <algorithm>
#include <utility>

#include "models/tcp/ack_policy.h"
#include "models/tcp/ecn.h"
#include "models/tcp/receive_window.h"

namespace ddpsim {
namespace {

// TCP_SACK_BLOCKS_EXPECTED: beyond that many holes a held-back ACK would lose information.
constexpr size_t kExpectedBlocks = 2;

// Joins [start, end) to `block` if they touch.
bool ExtendBlock(SackBlock* block, SeqNum start, SeqNum end) {
  if (start > block->end || block->start > end) return false;
  block->start = SeqMin(block->start, start);
  block->end = SeqMax(block->end, end);
  return true;
}

void RemoveSack(OutOfOrder& ofo, size_t i) {
  std::copy(ofo.sacks.begin() + i + 1, ofo.sacks.begin() + ofo.num_sacks, ofo.sacks.begin() + i);
  --ofo.num_sacks;
}

// The first block has grown: swallow the others that it touches now.
void CoalesceSacks(OutOfOrder& ofo) {
  for (size_t i = 1; i < ofo.num_sacks;) {
    if (ExtendBlock(&ofo.sacks[0], ofo.sacks[i].start, ofo.sacks[i].end)) {
      RemoveSack(ofo, i);
    } else {
      ++i;
    }
  }
}

void AddSack(Tcb& t, SeqNum start, SeqNum end) {
  OutOfOrder& ofo = t.ofo;
  for (size_t i = 0; i < ofo.num_sacks; ++i) {
    if (!ExtendBlock(&ofo.sacks[i], start, end)) continue;
    if (i >= kExpectedBlocks) FlushCompressedAck(t);
    std::rotate(ofo.sacks.begin(), ofo.sacks.begin() + i, ofo.sacks.begin() + i + 1);
    CoalesceSacks(ofo);
    return;
  }
  if (ofo.num_sacks >= kExpectedBlocks) FlushCompressedAck(t);
  if (ofo.num_sacks == kMaxSacks) --ofo.num_sacks;
  std::copy_backward(ofo.sacks.begin(), ofo.sacks.begin() + ofo.num_sacks,
                     ofo.sacks.begin() + ofo.num_sacks + 1);
  ofo.sacks[0] = SackBlock{start, end};
  ++ofo.num_sacks;
}

bool MergeInto(Tcb& t, Skb* to, SkbPtr& from) {
  const uint32_t before = to->truesize;
  if (!TryCoalesce(to, from, t.config)) return false;
  t.win.rmem_alloc += to->truesize - before;
  ++t.stats.coalesced;
  return true;
}

enum class Place { kInsert, kMerged, kDropped };

// Finds where the segment goes; looks at its left neighbour only. *index is the insertion point.
Place PlaceLeft(Tcb& t, SkbPtr& skb, size_t* index) {
  std::vector<SkbPtr>& skbs = t.ofo.skbs;
  const SeqNum seq = skb->seq;
  const SeqNum end = SkbEnd(*skb);
  const auto right = std::upper_bound(skbs.begin(), skbs.end(), seq,
                                      [](SeqNum s, const SkbPtr& other) { return s < other->seq; });
  *index = static_cast<size_t>(right - skbs.begin());
  if (*index == 0) return Place::kInsert;
  Skb* left = skbs[*index - 1].get();
  const SeqNum left_end = SkbEnd(*left);
  if (seq > left_end) return Place::kInsert;
  if (seq == left_end) return MergeInto(t, left, skb) ? Place::kMerged : Place::kInsert;
  if (end <= left_end) {
    SetDsack(t, seq, end);
    return Place::kDropped;
  }
  if (seq > left->seq) {
    SetDsack(t, seq, left_end);
    return Place::kInsert;
  }
  // Same start and longer: it takes the old one's place.
  ExtendDsack(t, left->seq, left_end);
  t.win.rmem_alloc -= left->truesize;
  skbs.erase(skbs.begin() + static_cast<ptrdiff_t>(*index) - 1);
  --*index;
  return Place::kInsert;
}

// Drops queued skbs that the new one (ending at `end`) covers from `index` on.
void SwallowRight(Tcb& t, SeqNum end, size_t index) {
  std::vector<SkbPtr>& skbs = t.ofo.skbs;
  size_t last = index;
  for (; last < skbs.size(); ++last) {
    const SeqNum right_seq = skbs[last]->seq;
    const SeqNum right_end = SkbEnd(*skbs[last]);
    if (end <= right_seq) break;
    if (end < right_end) {
      ExtendDsack(t, right_seq, end);
      break;
    }
    ExtendDsack(t, right_seq, right_end);
    t.win.rmem_alloc -= skbs[last]->truesize;
  }
  skbs.erase(skbs.begin() + static_cast<ptrdiff_t>(index),
             skbs.begin() + static_cast<ptrdiff_t>(last));
}

}  // namespace

void SetDsack(Tcb& t, SeqNum start, SeqNum end) {
  if (!t.opt.sack || !t.config.dsack) return;
  t.ofo.dsack = true;
  t.ofo.duplicate = SackBlock{start, end};
}

void ExtendDsack(Tcb& t, SeqNum start, SeqNum end) {
  if (!t.ofo.dsack) {
    SetDsack(t, start, end);
  } else {
    ExtendBlock(&t.ofo.duplicate, start, end);
  }
}

void QueueOutOfOrder(Tcb& t, SkbPtr skb) {
  CheckCongestionMark(t, *skb);
  MeasureRcvMss(t, *skb);
  ScheduleAck(t);
  t.stats.ooo_segments += skb->segments;
  const SeqNum seq = skb->seq;
  const SeqNum end = SkbEnd(*skb);
  const uint32_t size = skb->size;
  const uint32_t truesize = skb->truesize;
  size_t index = 0;
  const Place place = PlaceLeft(t, skb, &index);
  if (place == Place::kInsert) {
    SwallowRight(t, end, index);
    t.ofo.skbs.insert(t.ofo.skbs.begin() + static_cast<ptrdiff_t>(index), std::move(skb));
  }
  // Without SACK the window stays, so that the duplicate ACKs are duplicates.
  if (t.opt.sack) {
    AddSack(t, seq, end);
    if (place != Place::kDropped) GrowWindow(t, size, truesize);
  }
  if (place == Place::kInsert) t.win.rmem_alloc += truesize;
  GrowBufferForHole(t);
}

void QueueInOrder(Tcb& t, SkbPtr skb, bool measure) {
  const SeqNum end = SkbEnd(*skb);
  t.stats.bytes_received += static_cast<uint32_t>(skb->end_seq() - t.rcv_nxt);
  const auto old = static_cast<uint32_t>(t.rcv_nxt - skb->seq);
  t.rcv_nxt = end;
  // Nothing but old bytes, and a FIN: there is nothing to read.
  if (end == skb->seq + old + 1 && skb->size == old) {
    if (measure) OnDataReceived(t, *skb);
    return;
  }
  t.win.rmem_alloc += skb->truesize;
  // The estimates look at the segment as it came, with its memory charged.
  if (measure) OnDataReceived(t, *skb);
  if (old != 0) SkbPull(skb.get(), old);
  Skb* tail = t.receive_queue.back();
  const uint32_t charged = skb->truesize;
  if (tail != nullptr && MergeInto(t, tail, skb)) {
    t.win.rmem_alloc -= charged;
  } else {
    t.receive_queue.Push(std::move(skb));
  }
}

bool DrainOutOfOrder(Tcb& t) {
  std::vector<SkbPtr>& skbs = t.ofo.skbs;
  SeqNum dsack_high = t.rcv_nxt;
  size_t taken = 0;
  bool fin = false;
  while (!fin && taken < skbs.size() && skbs[taken]->seq <= t.rcv_nxt) {
    SkbPtr skb = std::move(skbs[taken++]);
    const SeqNum end = SkbEnd(*skb);
    // Covered by what has just been received in order.
    if (skb->seq < dsack_high) ExtendDsack(t, skb->seq, SeqMin(end, dsack_high));
    t.win.rmem_alloc -= skb->truesize;
    if (end <= t.rcv_nxt) continue;
    fin = (skb->tcp.flags & kTcpFin) != 0;
    QueueInOrder(t, std::move(skb), false);
  }
  skbs.erase(skbs.begin(), skbs.begin() + static_cast<ptrdiff_t>(taken));
  return fin;
}

void RemoveOldSacks(Tcb& t) {
  if (t.ofo.skbs.empty()) {
    t.ofo.num_sacks = 0;
    return;
  }
  for (size_t i = 0; i < t.ofo.num_sacks;) {
    if (t.rcv_nxt >= t.ofo.sacks[i].start) {
      RemoveSack(t.ofo, i);
    } else {
      ++i;
    }
  }
}

}  // namespace ddpsim
