// When a transmitter must not start a frame (IEEE 802.3 annex 31B): the intervals between XOFF and
// XON as they take effect there, which may lie ahead of now by the pause frame's way. Left out:
// pause quanta; XOFF holds until XON.
#ifndef DDPSIM_MODELS_LINK_PAUSE_H_
#define DDPSIM_MODELS_LINK_PAUSE_H_

#include <vector>

#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class PauseSchedule {
 public:
  // False when that changes nothing (XOFF when paused, XON when not). REQUIRES: `effective` never
  // decreases.
  bool Set(bool xoff, SimTime effective) {
    if (xoff == paused()) return false;
    if (xoff) {
      intervals_.push_back({effective, SimTime::Never()});
    } else {
      intervals_.back().to = effective;
    }
    return true;
  }
  // The state that the last Set() brings about.
  bool paused() const { return !intervals_.empty() && intervals_.back().to.is_never(); }
  // The first moment from `start` on at which a frame may start; Never() when that waits for XON.
  SimTime FirstAllowed(SimTime start) const {
    for (const Interval& interval : intervals_) {
      if (interval.from <= start && start < interval.to) start = interval.to;
    }
    return start;
  }
  // Forgets what is over.
  void Prune(SimTime now) {
    while (!intervals_.empty() && intervals_.front().to <= now)
      intervals_.erase(intervals_.begin());
  }

 private:
  struct Interval {
    SimTime from;
    SimTime to;
  };
  std::vector<Interval> intervals_;  // ascending, disjoint; only the last may be open
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_PAUSE_H_
