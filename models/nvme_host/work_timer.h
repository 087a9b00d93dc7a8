// A delayed_work: at its time it queues a work item on a core's kworker. Invariant: TakeFired() is
// true once per expiry.
#ifndef DDPSIM_MODELS_NVME_HOST_WORK_TIMER_H_
#define DDPSIM_MODELS_NVME_HOST_WORK_TIMER_H_

#include <cstdint>
#include <utility>

#include "ddpsim/base/calendar.h"
#include "ddpsim/base/jiffies.h"
#include "ddpsim/net/exec_context.h"

namespace ddpsim {

class WorkTimer final : private Wakeable {
 public:
  WorkTimer(Calendar* calendar, CpuScheduler* scheduler, CoreId core, WorkItem* item,
            const Jiffies& ticks)
      : deadline_(calendar, this), scheduler_(scheduler), core_(core), item_(item), ticks_(ticks) {}
  // An hrtimer: at that instant.
  void Arm(SimTime at) { deadline_.Arm(at); }
  // The timer wheel: `delay` in whole ticks from now, and the wheel's slot; none at all queues the
  // item at once (queue_delayed_work()).
  void ArmAfter(SimTime now, SimTime delay) {
    if (delay == SimTime::Zero()) return Arm(now);
    ArmAtJiffy(now, ticks_.At(now) + ticks_.FromUs(delay.us()));
  }
  void ArmAtJiffy(SimTime now, int64_t expires) {
    deadline_.Arm(ticks_.WheelExpiry(ticks_.At(now), expires));
  }
  void Disarm() {
    deadline_.Disarm();
    fired_ = false;
  }
  bool TakeFired() { return std::exchange(fired_, false); }
  const Jiffies& ticks() const { return ticks_; }

 private:
  void OnDeadline(SimTime now) override {
    fired_ = true;
    scheduler_->Queue(core_, CpuContext::kKworker, item_, now);
  }

  Deadline deadline_;
  CpuScheduler* scheduler_;
  CoreId core_;
  WorkItem* item_;
  Jiffies ticks_;
  bool fired_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_WORK_TIMER_H_
