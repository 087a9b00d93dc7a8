// Decides when an armed completion queue raises its interrupt: `frames` unreported CQEs, or `usecs`
// without a further CQE (mlx5 CQ context cq_max_count and cq_period; cq_period_mode START_FROM_CQE,
// mlx5's default: the timer restarts with each CQE). An armed queue fires once. Left out: the
// START_FROM_EQE mode. Invariant: fires only for a CQE beyond the counter it was armed with.
#ifndef DDPSIM_NIC_INTERRUPT_MODERATION_H_
#define DDPSIM_NIC_INTERRUPT_MODERATION_H_

#include <algorithm>
#include <cstdint>

#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class InterruptModeration {
 public:
  InterruptModeration() = default;
  // Zero usecs or frames up to 1: an interrupt for each CQE.
  InterruptModeration(uint32_t usecs, uint32_t frames)
      : period_(SimTime::Us(usecs)), frames_(frames) {}

  // Holds from the next CQE or arming on.
  void SetLimits(uint32_t usecs, uint32_t frames) {
    period_ = SimTime::Us(usecs);
    frames_ = frames;
  }
  // `unreported`: CQEs beyond the armed counter, the newest written at `newest`. Returns the time
  // to fire, Never() if unarmed or nothing is unreported.
  SimTime OnArm(uint32_t unreported, SimTime newest, SimTime now) {
    armed_ = true;
    unreported_ = 0;
    fire_at_ = SimTime::Never();
    return unreported == 0 ? fire_at_ : Count(unreported, newest, now);
  }
  SimTime OnCqe(SimTime now) { return armed_ ? Count(1, now, now) : SimTime::Never(); }
  void OnFired() {
    armed_ = false;
    fire_at_ = SimTime::Never();
  }
  bool armed() const { return armed_; }
  SimTime fire_at() const { return fire_at_; }

 private:
  SimTime Count(uint32_t cqes, SimTime newest, SimTime now) {
    fire_at_ = std::max(now, newest + period_);
    unreported_ += cqes;
    if (unreported_ >= frames_) fire_at_ = now;
    return fire_at_;
  }

  SimTime period_;
  uint32_t frames_ = 0;
  uint32_t unreported_ = 0;
  bool armed_ = false;
  SimTime fire_at_ = SimTime::Never();
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_INTERRUPT_MODERATION_H_
