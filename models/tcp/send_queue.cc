#include "models/tcp/send_queue.h"

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

}  // namespace

SendQueue::SendQueue() : ring_(64), mask_(63) {}

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

void SendQueue::EraseSent(size_t i) {
  SIM_CHECK(i < sent_);
  Release(at(i));
  for (size_t j = i; j + 1 < count_; ++j)
    ring_[(head_ + j) & mask_] = ring_[(head_ + j + 1) & mask_];
  --count_;
  --sent_;
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
  right->truesize = left->truesize > right->size ? right->size : 0;
  left->truesize -= right->truesize;
  right->truesize += left->truesize > left->size ? left->truesize - left->size : 0;
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
