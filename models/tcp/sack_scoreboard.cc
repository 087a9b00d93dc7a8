#include "models/tcp/sack_scoreboard.h"

#include <algorithm>

#include "models/tcp/rack.h"

namespace ddpsim {
namespace {

struct Blocks {
  std::array<SackBlock, kMaxSacks> list;
  size_t count = 0;
};

// How many segments a DSACK reports; 0: not credible (tcp_dsack_seen()).
uint32_t DsackSegments(Tcb& t, const SackBlock& block, AckSample* sample) {
  if (block.start >= block.end) return 0;
  const auto length = static_cast<uint32_t>(block.end - block.start);
  if (length > t.max_window) return 0;
  uint32_t segments = 1;
  if (length > t.opt.mss) {
    segments = (length + t.opt.mss - 1) / t.opt.mss;
  } else if (t.rec.tlp_outstanding && t.rec.tlp_high_seq == block.end) {
    sample->flags |= kFlagDsackTlp;
  }
  t.rec.dsack_dups += segments;
  // More duplicates than retransmissions: somebody makes them up, or the network duplicates.
  if (t.rec.dsack_dups > t.total_retrans) return 0;
  if (t.rec.reord_seen != 0 && !sample->has(kFlagDsackTlp)) t.rec.rack.dsack_seen = true;
  sample->flags |= kFlagDsackingAck;
  sample->sack_delivered += segments;
  return segments;
}

// RFC 2883 section 4: the first block is a DSACK if it lies below the ACK or within the second
// block.
bool CheckDsack(Tcb& t, const TcpHeader& header, AckSample* sample) {
  const TcpOptions& o = header.options;
  const bool below = o.sack[0].start < header.ack;
  const bool inside =
      o.sack_count > 1 && o.sack[0].end <= o.sack[1].end && o.sack[0].start >= o.sack[1].start;
  if (!below && !inside) return false;
  ++t.stats.dsacks_received;
  const uint32_t segments = DsackSegments(t, o.sack[0], sample);
  if (segments == 0) return false;
  if (t.rec.undo_armed && t.rec.undo_retrans > 0 && o.sack[0].end <= sample->prior_snd_una &&
      o.sack[0].end > t.rec.undo_marker) {
    t.rec.undo_retrans = std::max<int64_t>(0, t.rec.undo_retrans - segments);
  }
  return true;
}

bool IsBlockValid(const Tcb& t, bool dsack, const SackBlock& b) {
  if (b.end > t.snd_nxt || b.start >= b.end || b.start >= t.snd_nxt) return false;
  if (b.start > t.snd_una) return true;
  if (!dsack || !t.rec.undo_armed || b.end > t.snd_una) return false;
  if (b.start >= t.rec.undo_marker) return true;
  return b.end > t.rec.undo_marker && b.start >= b.end - t.max_window;
}

// Cuts a super-segment so that SACK edges fall between skbs, at MSS boundaries
// (tcp_match_skb_to_sack()). Returns whether skb `index` is covered by the block now.
bool MatchToBlock(Tcb& t, size_t index, const SackBlock& b) {
  TxSkb* skb = t.queue.at(index);
  const bool starts_before = b.start <= skb->seq;
  if (starts_before && b.end >= skb->end_seq) return true;
  if (skb->pcount <= 1 || skb->end_seq <= b.start) return false;
  const uint32_t mss = skb->gso_size;
  const auto edge = static_cast<uint32_t>((starts_before ? b.end : b.start) - skb->seq);
  if (starts_before && edge < mss) return false;
  uint32_t cut = edge / mss * mss;
  if (!starts_before && cut < edge) cut += mss;
  cut = std::max(cut, mss);
  if (cut >= skb->size) return false;
  FragmentSent(t, index, cut, mss);
  return starts_before;
}

void ForgetUndoRetrans(Tcb& t, const TxSkb& skb) {
  if (t.rec.undo_armed && t.rec.undo_retrans > 0 && skb.end_seq > t.rec.undo_marker) {
    t.rec.undo_retrans = std::max<int64_t>(0, t.rec.undo_retrans - skb.pcount);
  }
}

// A never retransmitted skb is SACKed: it tells about reordering, spurious RTOs and the RTT.
void NoteOriginalSacked(Tcb& t, const TxSkb& skb, AckSample* sample) {
  if (skb.seq < t.HighestSack() && skb.seq < sample->reord) sample->reord = skb.seq;
  if (skb.end_seq <= t.rec.high_seq) sample->flags |= kFlagOrigSackAcked;
  if (sample->first_sacked_us == 0) sample->first_sacked_us = skb.sent_us;
  sample->last_sacked_us = skb.sent_us;
}

void TagNewlySacked(Tcb& t, TxSkb* skb, AckSample* sample) {
  RackAdvance(t, *skb);
  if (skb->has(kSackedRetrans)) {
    // Lost and sent again: one of the two arrived. If it was not lost, the retransmission may still
    // be under way.
    if (skb->has(kLost)) {
      skb->marks &= static_cast<uint8_t>(~(kLost | kSackedRetrans));
      t.n.lost_out -= skb->pcount;
      t.n.retrans_out -= skb->pcount;
    }
  } else {
    if (!skb->has(kEverRetrans)) NoteOriginalSacked(t, *skb, sample);
    if (skb->has(kLost)) {
      skb->marks &= static_cast<uint8_t>(~kLost);
      t.n.lost_out -= skb->pcount;
    }
  }
  skb->marks |= kSackedAcked;
  sample->flags |= kFlagDataSacked;
  sample->sack_delivered += skb->pcount;
  t.n.sacked_out += skb->pcount;
  NoteDelivered(*skb, sample);
}

void TagOne(Tcb& t, TxSkb* skb, bool dsack, AckSample* sample) {
  if (dsack && skb->has(kSackedRetrans | kEverRetrans)) {
    ForgetUndoRetrans(t, *skb);
    if (skb->has(kSackedAcked) && skb->seq < sample->reord) sample->reord = skb->seq;
  }
  if (skb->end_seq <= t.snd_una) return;
  const SeqNum highest = t.HighestSack();
  if (!skb->has(kSackedAcked)) TagNewlySacked(t, skb, sample);
  if (dsack && skb->has(kSackedRetrans)) {
    skb->marks &= static_cast<uint8_t>(~kSackedRetrans);
    t.n.retrans_out -= skb->pcount;
  }
  t.queue.TimeListRemove(skb);
  t.highest_sack = skb->seq >= highest ? skb->end_seq : highest;
}

void TagRange(Tcb& t, const SackBlock& b, bool dsack, AckSample* sample) {
  size_t i = t.queue.FindSent(SeqMax(b.start, t.queue.rtx_head()->seq));
  for (; i < t.queue.sent_count() && t.queue.at(i)->seq < b.end; ++i) {
    if (MatchToBlock(t, i, b)) TagOne(t, t.queue.at(i), dsack, sample);
  }
}

// Tags the parts of `b` that the last ACK had not reported yet.
void TagNewParts(Tcb& t, const SackBlock& b, const Blocks& known, AckSample* sample) {
  SeqNum from = b.start;
  for (size_t i = 0; i < known.count && from < b.end; ++i) {
    const SackBlock& cached = known.list[i];
    if (cached.end <= from || cached.start >= b.end) continue;
    if (from < cached.start) TagRange(t, SackBlock{from, cached.start}, false, sample);
    from = cached.end;
  }
  if (from < b.end) TagRange(t, SackBlock{from, b.end}, false, sample);
}

Blocks UsableBlocks(const Tcb& t, const TcpOptions& o, bool dsack_first, const AckSample& sample) {
  Blocks used;
  for (size_t i = dsack_first ? 1 : 0; i < o.sack_count; ++i) {
    if (!IsBlockValid(t, false, o.sack[i]) || o.sack[i].end <= sample.prior_snd_una) continue;
    size_t at = used.count++;
    for (; at > 0 && o.sack[i].start < used.list[at - 1].start; --at)
      used.list[at] = used.list[at - 1];
    used.list[at] = o.sack[i];
  }
  return used;
}

void CheckRenoReordering(Tcb& t, uint32_t addend) {
  if (!LimitRenoSacked(t)) return;
  t.rec.reordering =
      std::min(t.n.packets_out + addend, static_cast<uint32_t>(t.config.max_reordering));
  ++t.rec.reord_seen;
}

}  // namespace

void NoteDelivered(const TxSkb& skb, AckSample* sample) {
  const bool newer = skb.sent_us > sample->newest_sent_us ||
                     (skb.sent_us == sample->newest_sent_us && skb.end_seq > sample->newest_end);
  if (sample->prior_delivered != 0 && !newer) return;
  sample->prior_delivered = skb.delivered_at_send;
  sample->newest_sent_us = skb.sent_us;
  sample->newest_end = skb.end_seq;
}

void AdjustPcount(Tcb& t, const TxSkb& skb, int decrease) {
  const auto d = static_cast<uint32_t>(decrease);
  t.n.packets_out -= d;
  if (skb.has(kSackedAcked)) t.n.sacked_out -= d;
  if (skb.has(kSackedRetrans)) t.n.retrans_out -= d;
  if (skb.has(kLost)) t.n.lost_out -= d;
  if (!t.opt.sack && t.n.sacked_out > 0)
    t.n.sacked_out -= std::min(t.n.sacked_out, decrease > 0 ? d : 0);
}

void FragmentSent(Tcb& t, size_t index, uint32_t length, uint32_t mss) {
  TxSkb* left = t.queue.at(index);
  const int before = left->pcount;
  const uint32_t truesize = left->truesize;
  t.queue.Split(index, length, mss);
  const TxSkb* right = t.queue.at(index + 1);
  t.wmem_queued += int64_t{left->truesize} + right->truesize - truesize;
  const int decrease = before - left->pcount - right->pcount;
  if (decrease != 0) AdjustPcount(t, *left, decrease);
}

void TagSacks(Tcb& t, const TcpHeader& header, AckSample* sample) {
  sample->reord = t.snd_nxt;
  if (t.n.sacked_out == 0)
    t.highest_sack = t.queue.sent_count() != 0 ? t.queue.rtx_head()->seq : t.snd_una;
  const bool dsack = CheckDsack(t, header, sample);
  // An ACK so old that its blocks mean nothing any more.
  if (header.ack < sample->prior_snd_una - t.max_window) return;
  if (t.n.packets_out == 0) return;
  Blocks known;
  if (t.n.sacked_out != 0) {
    known.count = t.sack_cache_count;
    known.list = t.sack_cache;
  }
  const SackBlock& first = header.options.sack[0];
  if (dsack && IsBlockValid(t, true, first) && first.end > sample->prior_snd_una)
    TagRange(t, first, true, sample);
  const Blocks used = UsableBlocks(t, header.options, dsack, *sample);
  for (size_t i = 0; i < used.count; ++i) TagNewParts(t, used.list[i], known, sample);
  t.sack_cache = used.list;
  t.sack_cache_count = static_cast<uint8_t>(used.count);
  if (t.rec.state != CaState::kLoss || t.rec.undo_armed) CheckSackReordering(t, sample->reord);
}

void CheckSackReordering(Tcb& t, SeqNum low) {
  const SeqNum highest = t.HighestSack();
  if (low >= highest) return;
  const auto metric = static_cast<uint32_t>(highest - low);
  const uint32_t mss = t.opt.mss;
  if (metric > t.rec.reordering * mss) {
    t.rec.reordering =
        std::min((metric + mss - 1) / mss, static_cast<uint32_t>(t.config.max_reordering));
  }
  ++t.rec.reord_seen;
}

void MarkLost(Tcb& t, TxSkb* skb) {
  if (skb->has(kSackedAcked)) return;
  const bool nothing_hinted = t.rec.retransmit_hint == nullptr && t.n.retrans_out >= t.n.lost_out;
  if (nothing_hinted ||
      (t.rec.retransmit_hint != nullptr && skb->seq < t.rec.retransmit_hint->seq)) {
    t.rec.retransmit_hint = skb;
  }
  if (!skb->has(kLost)) {
    t.n.lost_out += skb->pcount;
    t.n.lost += skb->pcount;
    skb->marks |= kLost;
  } else if (skb->has(kSackedRetrans)) {
    skb->marks &= static_cast<uint8_t>(~kSackedRetrans);
    t.n.retrans_out -= skb->pcount;
    t.n.lost += skb->pcount;
    t.stats.lost_retransmits += skb->pcount;
  }
}

bool LimitRenoSacked(Tcb& t) {
  const uint32_t holes = std::min(std::max(t.n.lost_out, 1u), t.n.packets_out);
  if (t.n.sacked_out + holes <= t.n.packets_out) return false;
  t.n.sacked_out = t.n.packets_out - holes;
  return true;
}

void AddRenoSack(Tcb& t, uint32_t num_dupack) {
  if (num_dupack == 0) return;
  const uint32_t before = t.n.sacked_out;
  t.n.sacked_out += num_dupack;
  CheckRenoReordering(t, 0);
  if (t.n.sacked_out > before) t.n.delivered += t.n.sacked_out - before;
}

void RemoveRenoSacks(Tcb& t, uint32_t acked) {
  if (acked > 0) {
    // One ACKed segment filled the hole, the others had been counted by their duplicate ACKs.
    t.n.delivered += acked > t.n.sacked_out + 1 ? acked - t.n.sacked_out : 1;
    t.n.sacked_out -= std::min(t.n.sacked_out, acked - 1);
  }
  CheckRenoReordering(t, acked);
}

}  // namespace ddpsim
