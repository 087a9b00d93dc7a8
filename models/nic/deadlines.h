// The NIC's own wake-ups: interrupt moderation, WQE execution, RX WQEs that arrive. A binary heap
// ordered by (time, ticket). Entries are not taken back; who is woken compares the time with what
// it waits for and ignores what is out of date.
#ifndef DDPSIM_NIC_DEADLINES_H_
#define DDPSIM_NIC_DEADLINES_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "ddpsim/base/sim_time.h"

namespace ddpsim {

enum class NicTimer : uint8_t { kInterrupt, kSendQueue, kPacketBuffer };

struct NicDeadline {
  SimTime at;
  uint64_t ticket = 0;
  NicTimer timer = NicTimer::kInterrupt;
  uint32_t object = 0;  // queue number

  // Order of a heap whose top is the earliest.
  friend bool operator<(const NicDeadline& a, const NicDeadline& b) {
    return a.at != b.at ? a.at > b.at : a.ticket > b.ticket;
  }
};

class Deadlines {
 public:
  void Add(SimTime at, NicTimer timer, uint32_t object) {
    heap_.push_back({at, next_ticket_++, timer, object});
    std::push_heap(heap_.begin(), heap_.end());
  }
  SimTime Next() const { return heap_.empty() ? SimTime::Never() : heap_.front().at; }
  // Takes the earliest entry if it is due.
  bool TakeDue(SimTime now, NicDeadline* due) {
    if (heap_.empty() || heap_.front().at > now) return false;
    *due = heap_.front();
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
    return true;
  }

 private:
  std::vector<NicDeadline> heap_;
  uint64_t next_ticket_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_DEADLINES_H_
