// A sender's egress queue and the wire behind it: frames leave one after another at line rate and
// arrive one propagation delay later. Times are planned when a frame comes in, so a frame costs one
// event, its arrival; a pause plans anew what has not started. On the wire a frame takes 24 bytes
// more than its own and never less than 84 (IEEE 802.3: preamble and SFD 8, FCS 4, inter-frame gap
// 12; minimum frame 64 with FCS). Left out: priorities (PFC per class); the pause quanta's expiry
// (XOFF holds until XON). Invariants: (1) entries start, leave and arrive in the order sent; (2) a
// frame that has started is never put off; (3) only a full queue drops, and none when lossless.
#ifndef DDPSIM_MODELS_LINK_LINK_QUEUE_H_
#define DDPSIM_MODELS_LINK_LINK_QUEUE_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/sim_time.h"
#include "ddpsim/wire/frame.h"
#include "models/link/pause.h"
#include "models/link/ring.h"

namespace ddpsim {

struct LinkQueueConfig {
  int64_t rate_gbps = 100;
  SimTime delay = SimTime::Us(10);
  int64_t queue_packets = 1000;
  bool lossless = true;  // pause is on: the sender's queue holds whatever comes
};

constexpr int64_t kWireOverheadBytes = 24;
constexpr int64_t kMinFrameBytes = 60;  // without FCS

class LinkQueue {
 public:
  struct Entry {
    FramePtr frame;
    SimTime ready;
    SimTime start;  // Never(): waits for XON
    SimTime end;    // off the sender's hands
    SimTime hold;   // arrives that much late
    uint64_t token = 0;
    uint32_t burst_id = 0;
    bool lost = false;  // occupies the wire, never arrives
  };

  explicit LinkQueue(const LinkQueueConfig& config) : config_(config) {}

  bool empty() const { return in_flight_.empty(); }

  // False: the queue is full, the entry is left as it was. REQUIRES: entry.ready >= now.
  bool Push(Entry* entry, SimTime now);
  // When the transmitter obeys XOFF or XON; `effective` never decreases.
  void Pause(bool xoff, SimTime effective);

  // The next arrival, Never() if there is none or the wire is paused.
  SimTime NextArrival() const {
    return in_flight_.empty() ? SimTime::Never() : ArrivalOf(in_flight_.front());
  }
  // What arrives next, and taking it, after its frame was moved out. REQUIRES: NextArrival() is not
  // Never().
  Entry& Front() { return in_flight_.front(); }
  void PopArrival();
  // Fetches the next frame's head into the real machine's cache while this one is dealt with.
  void PrefetchFront() const {
    if (!in_flight_.empty()) in_flight_.front().frame->Prefetch();
  }
  // When the next token leaves, and taking it.
  SimTime NextDeparture() const {
    return tokens_.empty() ? SimTime::Never() : in_flight_.at(tokens_.front()).end;
  }
  uint64_t PopDeparture();
  // When the last of the tokens that are queued leaves; zero if there is none.
  SimTime LastDeparture() const {
    return tokens_.empty() ? SimTime::Zero() : in_flight_.at(tokens_.at(tokens_.end() - 1)).end;
  }
  // Calls lose(entry) for the queued entries of a burst, newest first, that have not arrived.
  template <class F>
  void ForBurst(uint32_t burst_id, F lose) {
    for (uint64_t i = in_flight_.end(); i > in_flight_.begin(); --i) {
      Entry& entry = in_flight_.at(i - 1);
      if (entry.burst_id != burst_id) return;
      lose(&entry);
    }
  }

  // When a pause frame sent now has reached the other end: it goes ahead of queued frames, behind
  // the one being sent.
  SimTime PauseFrameArrival(SimTime now) const;

 private:
  SimTime ArrivalOf(const Entry& entry) const {
    return entry.end.is_never() ? SimTime::Never() : entry.end + config_.delay;
  }
  SimTime WireTime(uint32_t size);
  void Plan(Entry* entry, SimTime start);
  // Plans entry `index` and those behind it anew, none before `floor`.
  void PlanFrom(uint64_t index, SimTime floor);
  // First entry that starts at or after `at`.
  uint64_t FirstStartingFrom(SimTime at) const;
  // Entries that have not left the sender.
  int64_t Queued(SimTime now);

  LinkQueueConfig config_;
  PauseSchedule pause_;
  Ring<Entry> in_flight_;
  Ring<uint64_t> tokens_;   // numbers of entries that carry one
  uint64_t departed_ = 0;   // entries before this number have left
  SimTime wire_free_;       // when the last entry has left
  SimTime popped_end_;      // when the last popped entry left
  uint32_t last_size_ = 0;  // memo of WireTime()
  SimTime last_wire_time_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_LINK_QUEUE_H_
