// The two clocks of Linux's TCP, derived from simulated time: tcp_mstamp in microseconds and
// jiffies at CONFIG_HZ; and the timer wheel's rounding (kernel/time/timer.c calc_index()): a timer
// fires on a tick, one slot after its expiry, never early. Left out: NOHZ delays; the phase
// between ticks and simulated time is fixed.
#ifndef DDPSIM_MODELS_TCP_TCP_CLOCK_H_
#define DDPSIM_MODELS_TCP_TCP_CLOCK_H_

#include <cstdint>

#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class TcpClock {
 public:
  explicit TcpClock(int64_t hz) : hz_(hz), us_per_jiffy_(1'000'000 / hz) { Set(SimTime::Zero()); }

  void Set(SimTime now) {
    now_ = now;
    us_ = now.us() + kBootUs;
    jiffies_ = (us_ - kTickPhaseUs) / us_per_jiffy_;
  }

  SimTime now() const { return now_; }
  int64_t us() const { return us_; }  // tcp_mstamp; never 0, which means "no stamp"
  int64_t jiffies() const { return jiffies_; }
  uint32_t ts_ms() const {
    return static_cast<uint32_t>(us_ / 1000);
  }  // tcp_time_stamp(), TCP_TS_HZ = 1000
  int64_t hz() const { return hz_; }

  int64_t UsToJiffies(int64_t us) const { return (us + us_per_jiffy_ - 1) / us_per_jiffy_; }
  int64_t JiffiesToUs(int64_t jiffies) const { return jiffies * us_per_jiffy_; }

  // When a timer armed now with `expires` (absolute jiffies) runs.
  SimTime WheelExpiry(int64_t expires) const {
    // LVL_START(n) = 63 << 3 (n - 1): the wheel's levels hold deltas of 63, 504, 4032 ... slots of
    // 8^n ticks.
    int shift = 0;
    for (int64_t limit = 63; expires - jiffies_ >= limit; limit <<= 3) shift += 3;
    const int64_t slot = ((expires >> shift) + 1) << shift;
    return SimTime::Us(slot * us_per_jiffy_ + kTickPhaseUs - kBootUs);
  }

 private:
  static constexpr int64_t kBootUs = 1'000'000'000;  // any value that keeps stamps away from 0

  // Any phase is as real as another; this one keeps events at round milliseconds off the ticks.
  static constexpr int64_t kTickPhaseUs = 1;

  int64_t hz_;
  int64_t us_per_jiffy_;
  SimTime now_;
  int64_t us_ = 0;
  int64_t jiffies_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_TCP_CLOCK_H_
