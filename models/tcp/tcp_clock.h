// The two clocks of Linux's TCP, derived from simulated time: tcp_mstamp in microseconds and
// jiffies at CONFIG_HZ, with the timer wheel's rounding (ddpsim/base/jiffies.h).
#ifndef DDPSIM_MODELS_TCP_TCP_CLOCK_H_
#define DDPSIM_MODELS_TCP_TCP_CLOCK_H_

#include <cstdint>

#include "ddpsim/base/jiffies.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class TcpClock {
 public:
  explicit TcpClock(int64_t hz) : ticks_(hz) { Set(SimTime::Zero()); }

  void Set(SimTime now) {
    now_ = now;
    us_ = now.us() + Jiffies::kBootUs;
    jiffies_ = ticks_.AtUs(us_);
  }

  SimTime now() const { return now_; }
  int64_t us() const { return us_; }  // tcp_mstamp; never 0, which means "no stamp"
  int64_t jiffies() const { return jiffies_; }
  uint32_t ts_ms() const {
    return static_cast<uint32_t>(us_ / 1000);
  }  // tcp_time_stamp(), TCP_TS_HZ = 1000
  int64_t hz() const { return ticks_.hz(); }

  int64_t UsToJiffies(int64_t us) const { return ticks_.FromUs(us); }
  int64_t JiffiesToUs(int64_t jiffies) const { return ticks_.ToUs(jiffies); }
  // When a timer armed now with `expires` (absolute jiffies) runs.
  SimTime WheelExpiry(int64_t expires) const { return ticks_.WheelExpiry(jiffies_, expires); }

 private:
  Jiffies ticks_;
  SimTime now_;
  int64_t us_ = 0;
  int64_t jiffies_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_TCP_CLOCK_H_
