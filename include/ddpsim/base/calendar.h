// The island's event calendar: what all boxes on the data path wait in, in place of one sc_event
// each (Brown's calendar queue, CACM 31(10), 1988). Near entries sit in a ring of 131 ns buckets,
// each a sorted list; far ones (RTO, delayed ACK) in a heap. Left out: resizing of buckets (the
// width fits one packet at 100 Gb/s and is not worth adapting). Invariants: (1) entries leave
// ordered by (time, ticket); tickets are given in order of Schedule() and Arm(), so equal times are
// first in, first out, and that tie rule is part of determinism (a tie seed puts another order in
// its place, as deterministic: what depends on the rule shows); (2) every heap entry is later than
// every ring entry; (3) nothing is scheduled before the time last popped; (4) nothing is allocated
// once the node pool has grown to its peak.
#ifndef DDPSIM_BASE_CALENDAR_H_
#define DDPSIM_BASE_CALENDAR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class Wakeable {
 public:
  virtual void OnDeadline(SimTime now) = 0;

 protected:
  ~Wakeable() = default;
};

class Calendar {
 public:
  using EntryId = uint32_t;
  static constexpr EntryId kNone = 0xffff'ffff;

  Calendar();
  Calendar(const Calendar&) = delete;
  Calendar& operator=(const Calendar&) = delete;

  // Wakes `who` once at `at`. REQUIRES: `at` is neither Never() nor before the time last popped;
  // `who` lives until then.
  EntryId Schedule(SimTime at, Wakeable* who) { return Insert(at, TakeTicket(), who); }
  // Time of the earliest entry, Never() when there is none.
  SimTime PeekTime() const;
  // Takes out the earliest entry if it is at or before `limit`; null if there is none. The caller
  // must call OnDeadline(*at) of what it got before it pops again.
  Wakeable* PopDue(SimTime limit, SimTime* at);

  // For owners that keep their place in the order while they move (Deadline).
  uint64_t TakeTicket() { return tie_seed_ == 0 ? next_ticket_++ : ShuffledTicket(next_ticket_++); }
  // Equal times leave in an order drawn from the seed; 0: first in, first out.
  void SetTieSeed(uint64_t seed) { tie_seed_ = seed; }
  EntryId Insert(SimTime at, uint64_t ticket, Wakeable* who);
  // REQUIRES: the entry has not been popped.
  void Remove(EntryId id);
  size_t size() const { return size_; }

 private:
  // 2^17 ps = 131 ns: about a 1500-byte packet at 100 Gb/s; 1024 of them cover 134 us, beyond every
  // wait of the data path.
  static constexpr int kBucketShift = 17;
  static constexpr uint64_t kBuckets = 1024;
  static constexpr uint32_t kInRing = kNone;

  struct Node {
    int64_t at;
    uint64_t ticket;
    Wakeable* who;
    EntryId next;
    EntryId prev;
    uint32_t heap_index;  // kInRing: in a bucket
  };
  struct Bucket {
    EntryId head = kNone;
    EntryId tail = kNone;
  };

  uint64_t ShuffledTicket(uint64_t ticket) const;
  static uint64_t BucketOf(int64_t at) { return static_cast<uint64_t>(at) >> kBucketShift; }
  bool Before(EntryId a, EntryId b) const;
  EntryId NewNode();
  void FreeNode(EntryId id);
  void InsertIntoRing(EntryId id);
  void RemoveFromRing(EntryId id);
  // Takes the earliest entry out of an occupied bucket.
  void RemoveHead(uint64_t index);
  // Index in the ring of the first bucket with an entry. REQUIRES: the ring is not empty.
  uint64_t FirstBucket() const;
  // Moves the ring's window to start at `bucket` and takes in what the heap holds for it.
  void AdvanceTo(uint64_t bucket) {
    first_bucket_ = bucket;
    if (!heap_.empty()) TakeFromHeap();
  }
  void TakeFromHeap();
  void HeapPush(EntryId id);
  void HeapRemove(uint32_t index);
  void HeapPlace(uint32_t index, EntryId id);
  void SiftUp(uint32_t index);
  void SiftDown(uint32_t index);

  std::array<Bucket, kBuckets> ring_;
  std::array<uint64_t, kBuckets / 64> occupied_{};
  uint64_t first_bucket_ = 0;  // absolute number of the window's first bucket
  size_t ring_size_ = 0;
  std::vector<EntryId> heap_;
  std::vector<Node> nodes_;
  EntryId free_ = kNone;
  uint64_t next_ticket_ = 0;
  uint64_t tie_seed_ = 0;
  int64_t last_popped_ = 0;
  size_t size_ = 0;
};

// One wake-up of one owner, cheap to move: a timer that is pushed back with every packet (RTO)
// leaves its entry where it is, and when that comes due the deadline moves itself on without
// disturbing the owner. Invariants: at most one calendar entry, never later than the armed time;
// the owner is woken exactly at the armed time, once.
class Deadline final : private Wakeable {
 public:
  Deadline(Calendar* calendar, Wakeable* owner) : calendar_(calendar), owner_(owner) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  // Wakes the owner at `at` and no longer at any time armed before; Never() disarms. Same time
  // again: keeps its place.
  void Arm(SimTime at) {
    if (at == at_) return;
    Move(at);
  }
  void Disarm() { at_ = SimTime::Never(); }
  bool armed() const { return !at_.is_never(); }
  SimTime at() const { return at_; }

 private:
  void OnDeadline(SimTime now) override;
  void Move(SimTime at);

  Calendar* calendar_;
  Wakeable* owner_;
  SimTime at_ = SimTime::Never();
  SimTime entry_at_;
  uint64_t ticket_ = 0;
  Calendar::EntryId entry_ = Calendar::kNone;
};

}  // namespace ddpsim

#endif  // DDPSIM_BASE_CALENDAR_H_
