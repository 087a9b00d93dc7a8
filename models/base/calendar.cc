#include "ddpsim/base/calendar.h"

#include "ddpsim/base/check.h"
#include "ddpsim/base/mix64.h"

namespace ddpsim {

Calendar::Calendar() {
  nodes_.reserve(1024);
  heap_.reserve(1024);
}

// A bijection: tickets stay different.
uint64_t Calendar::ShuffledTicket(uint64_t ticket) const {
  return Mix64(ticket ^ tie_seed_ * 0x9e3779b97f4a7c15);
}

bool Calendar::Before(EntryId a, EntryId b) const {
  const Node& x = nodes_[a];
  const Node& y = nodes_[b];
  return x.at != y.at ? x.at < y.at : x.ticket < y.ticket;
}

Calendar::EntryId Calendar::NewNode() {
  if (free_ == kNone) {
    nodes_.emplace_back();
    return static_cast<EntryId>(nodes_.size() - 1);
  }
  const EntryId id = free_;
  free_ = nodes_[id].next;
  return id;
}

void Calendar::FreeNode(EntryId id) {
  nodes_[id].next = free_;
  free_ = id;
}

Calendar::EntryId Calendar::Insert(SimTime at, uint64_t ticket, Wakeable* who) {
  SIM_CHECK(at.ps() >= last_popped_, "scheduled in the past");
  SIM_CHECK(!at.is_never());
  const EntryId id = NewNode();
  nodes_[id] = Node{at.ps(), ticket, who, kNone, kNone, kInRing};
  ++size_;
  if (BucketOf(at.ps()) - first_bucket_ < kBuckets) {
    InsertIntoRing(id);
  } else {
    HeapPush(id);
  }
  return id;
}

void Calendar::Remove(EntryId id) {
  const uint32_t index = nodes_[id].heap_index;
  if (index == kInRing) {
    RemoveFromRing(id);
  } else {
    HeapRemove(index);
  }
  --size_;
  FreeNode(id);
}

SimTime Calendar::PeekTime() const {
  if (ring_size_ != 0) return SimTime::Ps(nodes_[ring_[FirstBucket()].head].at);
  return heap_.empty() ? SimTime::Never() : SimTime::Ps(nodes_[heap_[0]].at);
}

Wakeable* Calendar::PopDue(SimTime limit, SimTime* at) {
  if (ring_size_ == 0) {
    if (heap_.empty() || nodes_[heap_[0]].at > limit.ps()) return nullptr;
    AdvanceTo(BucketOf(nodes_[heap_[0]].at));
  }
  const uint64_t index = FirstBucket();
  const EntryId id = ring_[index].head;
  const Node& node = nodes_[id];
  if (node.at > limit.ps()) return nullptr;
  last_popped_ = node.at;
  *at = SimTime::Ps(node.at);
  Wakeable* const who = node.who;
  RemoveHead(index);
  // Behind the removal: what comes in from the heap may lie in the same place of the ring, one lap
  // later.
  if (BucketOf(last_popped_) != first_bucket_) AdvanceTo(BucketOf(last_popped_));
  FreeNode(id);
  --size_;
  return who;
}

void Calendar::RemoveHead(uint64_t index) {
  Bucket& bucket = ring_[index];
  bucket.head = nodes_[bucket.head].next;
  if (bucket.head == kNone) {
    bucket.tail = kNone;
    occupied_[index / 64] &= ~(uint64_t{1} << (index % 64));
  } else {
    nodes_[bucket.head].prev = kNone;
  }
  --ring_size_;
}

void Calendar::InsertIntoRing(EntryId id) {
  Node& node = nodes_[id];
  const uint64_t index = BucketOf(node.at) % kBuckets;
  Bucket& bucket = ring_[index];
  occupied_[index / 64] |= uint64_t{1} << (index % 64);
  ++ring_size_;
  EntryId after = bucket.tail;
  while (after != kNone && Before(id, after)) after = nodes_[after].prev;
  node.prev = after;
  node.next = after == kNone ? bucket.head : nodes_[after].next;
  (after == kNone ? bucket.head : nodes_[after].next) = id;
  (node.next == kNone ? bucket.tail : nodes_[node.next].prev) = id;
}

void Calendar::RemoveFromRing(EntryId id) {
  const Node& node = nodes_[id];
  const uint64_t index = BucketOf(node.at) % kBuckets;
  Bucket& bucket = ring_[index];
  (node.prev == kNone ? bucket.head : nodes_[node.prev].next) = node.next;
  (node.next == kNone ? bucket.tail : nodes_[node.next].prev) = node.prev;
  if (bucket.head == kNone) occupied_[index / 64] &= ~(uint64_t{1} << (index % 64));
  --ring_size_;
}

uint64_t Calendar::FirstBucket() const {
  constexpr uint64_t kWords = kBuckets / 64;
  const uint64_t start = first_bucket_ % kBuckets;
  uint64_t word = start / 64;
  uint64_t bits = occupied_[word] & (~uint64_t{0} << (start % 64));
  while (bits == 0) {  // comes back to the first word, whole, when only its low part holds entries
    word = (word + 1) % kWords;
    bits = occupied_[word];
  }
  return word * 64 + static_cast<uint64_t>(__builtin_ctzll(bits));
}

void Calendar::TakeFromHeap() {
  while (!heap_.empty() && BucketOf(nodes_[heap_[0]].at) - first_bucket_ < kBuckets) {
    const EntryId id = heap_[0];
    HeapRemove(0);
    nodes_[id].heap_index = kInRing;
    InsertIntoRing(id);
  }
}

void Calendar::HeapPlace(uint32_t index, EntryId id) {
  heap_[index] = id;
  nodes_[id].heap_index = index;
}

void Calendar::HeapPush(EntryId id) {
  heap_.push_back(id);
  nodes_[id].heap_index = static_cast<uint32_t>(heap_.size() - 1);
  SiftUp(nodes_[id].heap_index);
}

void Calendar::HeapRemove(uint32_t index) {
  const EntryId last = heap_.back();
  heap_.pop_back();
  if (index == heap_.size()) return;
  HeapPlace(index, last);
  SiftUp(index);
  SiftDown(nodes_[last].heap_index);
}

void Calendar::SiftUp(uint32_t index) {
  const EntryId id = heap_[index];
  while (index > 0 && Before(id, heap_[(index - 1) / 2])) {
    HeapPlace(index, heap_[(index - 1) / 2]);
    index = (index - 1) / 2;
  }
  HeapPlace(index, id);
}

void Calendar::SiftDown(uint32_t index) {
  const EntryId id = heap_[index];
  for (;;) {
    uint32_t child = 2 * index + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && Before(heap_[child + 1], heap_[child])) ++child;
    if (!Before(heap_[child], id)) break;
    HeapPlace(index, heap_[child]);
    index = child;
  }
  HeapPlace(index, id);
}

Deadline::~Deadline() {
  if (entry_ != Calendar::kNone) calendar_->Remove(entry_);
}

void Deadline::Move(SimTime at) {
  at_ = at;
  if (at.is_never()) return;
  ticket_ = calendar_->TakeTicket();
  if (entry_ != Calendar::kNone) {
    if (entry_at_ < at) return;
    calendar_->Remove(entry_);
  }
  entry_ = calendar_->Insert(at, ticket_, this);
  entry_at_ = at;
}

void Deadline::OnDeadline(SimTime now) {
  entry_ = Calendar::kNone;
  if (at_.is_never()) return;
  if (at_ > now) {
    entry_ = calendar_->Insert(at_, ticket_, this);
    entry_at_ = at_;
    return;
  }
  at_ = SimTime::Never();
  owner_->OnDeadline(now);
}

}  // namespace ddpsim
