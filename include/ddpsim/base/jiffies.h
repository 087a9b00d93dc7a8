// Linux's jiffies at CONFIG_HZ as a function of simulated time, and the timer wheel's rounding
// (kernel/time/timer.c calc_index()): a timer fires on a tick, one slot after its expiry, never
// early. Left out: NOHZ delays; the phase between ticks and simulated time is fixed.
#ifndef DDPSIM_BASE_JIFFIES_H_
#define DDPSIM_BASE_JIFFIES_H_

#include <cstdint>

#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class Jiffies {
 public:
  // The clock runs since long before the simulation: any value that keeps stamps away from 0.
  static constexpr int64_t kBootUs = 1'000'000'000;

  explicit Jiffies(int64_t hz) : hz_(hz), us_per_jiffy_(1'000'000 / hz) {}

  int64_t hz() const { return hz_; }
  int64_t AtUs(int64_t us_since_boot) const {
    return (us_since_boot - kTickPhaseUs) / us_per_jiffy_;
  }
  int64_t At(SimTime now) const { return AtUs(now.us() + kBootUs); }

  // usecs_to_jiffies(), rounded up.
  int64_t FromUs(int64_t us) const { return (us + us_per_jiffy_ - 1) / us_per_jiffy_; }
  int64_t ToUs(int64_t jiffies) const { return jiffies * us_per_jiffy_; }

  // When a timer armed at jiffy `now` with `expires` (both absolute) runs.
  SimTime WheelExpiry(int64_t now, int64_t expires) const {
    // LVL_START(n) = 63 << 3 (n - 1): the wheel's levels hold deltas of 63, 504, 4032 ... slots of
    // 8^n ticks.
    int shift = 0;
    for (int64_t limit = 63; expires - now >= limit; limit <<= 3) shift += 3;
    const int64_t slot = ((expires >> shift) + 1) << shift;
    return SimTime::Us(slot * us_per_jiffy_ + kTickPhaseUs - kBootUs);
  }

 private:
  // Any phase is as real as another; this one keeps events at round milliseconds off the ticks.
  static constexpr int64_t kTickPhaseUs = 1;

  int64_t hz_;
  int64_t us_per_jiffy_;
};

}  // namespace ddpsim

#endif  // DDPSIM_BASE_JIFFIES_H_
