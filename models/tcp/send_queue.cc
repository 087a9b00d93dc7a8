#include "models/tcp/send_queue.h"

#include <algorithm>

#include "ddpsim/base/check.h"
#include "ddpsim/wire/tcp_segment.h"

namespace ddpsim {
namespace {

// Moves everything behind the first `length` bytes of `from` into the empty `to`.
void SplitPayload(PayloadList* from, uint32_t length, PayloadList* to) {
  size_t i = 0;
  while (length > 0 && (*from)[i].size <= length) length -= (*from)[i++].size;
  const size_t keep = length > 0 ? i + 1 : i;
  if (length > 0) {
    Payload& cut = (*from)[i];
    to->push_back(cut.Sub(length, cut.size - length));
    cut.size = length;
  }
  for (size_t j = keep; j < from->size(); ++j) to->push_back(std::move((*from)[j]));
  from->resize(keep);
}

// Moves the first `length` bytes of `from` to the end of `to`; false, and nothing is moved, if they
// would make more frags than an skb holds (skb_shift()).
bool MovePayload(PayloadList* from, uint32_t length, PayloadList* to) {
  constexpr size_t kMaxFrags = 17;  // MAX_SKB_FRAGS
  size_t pieces = 0;
  for (uint32_t left = length; left > 0; ++pieces) left -= std::min(left, (*from)[pieces].size);
  const bool joins = !to->empty() && to->back().Adjoins(from->front());
  if (to->size() + pieces - (joins ? 1 : 0) > kMaxFrags) return false;
  size_t whole = 0;
  while (length > 0) {
    Payload& piece = (*from)[whole];
    const uint32_t take = std::min(length, piece.size);
    if (whole == 0 && joins) {
      to->back().size += take;
    } else {
      to->push_back(piece.Sub(0, take));
    }
    length -= take;
    if (take < piece.size) {
      piece = piece.Sub(take, piece.size - take);
    } else {
      ++whole;
    }
  }
  from->erase(from->begin(), from->begin() + static_cast<ptrdiff_t>(whole));
  return true;
}

}  // namespace

SendQueue::SendQueue(uint32_t skb_overhead) : skb_overhead_(skb_overhead), ring_(64), mask_(63) {}

TxSkb* SendQueue::NewSkb() {
  if (free_.empty()) {
    storage_.push_back(std::make_unique<TxSkb>());
    return storage_.back().get();
  }
  TxSkb* skb = free_.back();
  free_.pop_back();
  return skb;
}

void SendQueue::Release(TxSkb* skb) {
  TimeListRemove(skb);
  *skb = TxSkb();
  free_.push_back(skb);
}

size_t SendQueue::FindSent(SeqNum seq) const {
  size_t low = 0;
  size_t high = sent_;
  while (low < high) {
    const size_t mid = (low + high) / 2;
    if (seq >= at(mid)->end_seq) {
      low = mid + 1;
    } else {
      high = mid;
    }
  }
  return low < sent_ && at(low)->seq <= seq ? low : sent_;
}

void SendQueue::InsertAt(size_t i, TxSkb* skb) {
  if (count_ == ring_.size()) {
    std::vector<TxSkb*> bigger(ring_.size() * 2);
    for (size_t j = 0; j < count_; ++j) bigger[j] = at(j);
    ring_ = std::move(bigger);
    mask_ = ring_.size() - 1;
    head_ = 0;
  }
  for (size_t j = count_; j > i; --j) ring_[(head_ + j) & mask_] = ring_[(head_ + j - 1) & mask_];
  ring_[(head_ + i) & mask_] = skb;
  ++count_;
}

TxSkb* SendQueue::Append(SeqNum seq) {
  TxSkb* skb = NewSkb();
  skb->seq = skb->end_seq = seq;
  skb->flags = kTcpAck;
  skb->truesize = skb_overhead_;
  InsertAt(count_, skb);
  return skb;
}

void SendQueue::PopFront() {
  SIM_CHECK(sent_ > 0);
  Release(at(0));
  head_ = (head_ + 1) & mask_;
  --count_;
  --sent_;
}

void SendQueue::RemoveAt(size_t i) {
  Release(at(i));
  for (size_t j = i; j + 1 < count_; ++j)
    ring_[(head_ + j) & mask_] = ring_[(head_ + j + 1) & mask_];
  --count_;
}

void SendQueue::EraseSent(size_t i) {
  SIM_CHECK(i < sent_);
  RemoveAt(i);
  --sent_;
}

bool SendQueue::ShiftPayload(TxSkb* from, TxSkb* to) {
  return from->size == 0 || MovePayload(&from->payload, from->size, &to->payload);
}

uint32_t SendQueue::Grow(size_t i, uint32_t amount) {
  SIM_CHECK(i >= sent_ && i < count_);
  if (i + 1 == count_ || at(i)->eor) return 0;
  TxSkb* skb = at(i);
  TxSkb* next = at(i + 1);
  const uint32_t moved = std::min(amount, next->size);
  if (moved == 0 || !MovePayload(&next->payload, moved, &skb->payload)) return 0;
  skb->size += moved;
  skb->truesize += moved;
  skb->end_seq += moved;
  next->seq += moved;
  next->size -= moved;
  next->truesize -= moved;
  next->pcount = 0;
  if (next->size != 0) return 0;
  // A FIN comes along.
  skb->end_seq = next->end_seq;
  skb->flags |= next->flags;
  skb->eor = next->eor;
  const uint32_t freed = next->truesize;
  RemoveAt(i + 1);
  return freed;
}

void SendQueue::SetSegments(TxSkb* skb, uint32_t mss) {
  skb->gso_size = static_cast<uint16_t>(mss);
  skb->pcount = skb->size <= mss ? 1 : static_cast<uint16_t>((skb->size + mss - 1) / mss);
}

void SendQueue::Split(size_t i, uint32_t length, uint32_t mss) {
  TxSkb* left = at(i);
  SIM_CHECK(length > 0 && length < left->size);
  TxSkb* right = NewSkb();
  right->seq = left->seq + length;
  right->end_seq = left->end_seq;
  right->size = left->size - length;
  right->flags = left->flags;
  right->marks = left->marks;
  right->eor = left->eor;
  right->delivered_at_send = left->delivered_at_send;
  right->sent_us = left->sent_us;
  // The memory of the cut-off bytes goes along, plus an skb of its own (tso_fragment()).
  left->truesize -= right->size;
  right->truesize = right->size + skb_overhead_;
  SplitPayload(&left->payload, length, &right->payload);
  left->end_seq = right->seq;
  left->size = length;
  left->flags &= static_cast<uint8_t>(~(kTcpFin | kTcpPsh));
  left->eor = false;
  SetSegments(left, mss);
  SetSegments(right, mss);
  const bool sent = i < sent_;
  InsertAt(i + 1, right);
  if (sent) ++sent_;
  if (left->in_time_list) TimeListInsertAfter(left, right);
}

void SendQueue::TrimHead(uint32_t length) {
  TxSkb* skb = at(0);
  SIM_CHECK(length <= skb->size);
  skb->seq += length;
  skb->size -= length;
  skb->truesize -= length;
  size_t whole = 0;
  while (length > 0 && skb->payload[whole].size <= length) length -= skb->payload[whole++].size;
  skb->payload.erase(skb->payload.begin(), skb->payload.begin() + whole);
  if (length > 0) skb->payload[0] = skb->payload[0].Sub(length, skb->payload[0].size - length);
  if (skb->pcount > 1) SetSegments(skb, skb->gso_size);
}

void SendQueue::Clear() {
  sent_ = count_;
  while (!empty()) PopFront();
}

void SendQueue::TimeListAppend(TxSkb* skb) {
  skb->in_time_list = true;
  skb->time_next = nullptr;
  skb->time_prev = time_tail_;
  (time_tail_ == nullptr ? time_head_ : time_tail_->time_next) = skb;
  time_tail_ = skb;
}

void SendQueue::TimeListInsertAfter(TxSkb* at, TxSkb* skb) {
  skb->in_time_list = true;
  skb->time_prev = at;
  skb->time_next = at->time_next;
  (at->time_next == nullptr ? time_tail_ : at->time_next->time_prev) = skb;
  at->time_next = skb;
}

void SendQueue::TimeListRemove(TxSkb* skb) {
  if (!skb->in_time_list) return;
  (skb->time_prev == nullptr ? time_head_ : skb->time_prev->time_next) = skb->time_next;
  (skb->time_next == nullptr ? time_tail_ : skb->time_next->time_prev) = skb->time_prev;
  skb->in_time_list = false;
  skb->time_prev = skb->time_next = nullptr;
}

}  // namespace ddpsim
