// A struct timer_list: at its deadline the tick raises TIMER_SOFTIRQ on the timer's core, which
// runs the owner's function. Left out: jiffy granularity (whoever arms it gives an instant on a
// tick if he wants one), the tick interrupt's own cost. Invariant: runs at most once per Arm().
#ifndef DDPSIM_MODELS_KERNEL_KERNEL_TIMER_H_
#define DDPSIM_MODELS_KERNEL_KERNEL_TIMER_H_

#include "ddpsim/base/calendar.h"
#include "ddpsim/net/exec_context.h"

namespace ddpsim {

class KernelTimer final : private Wakeable {
 public:
  // Runs `item` in softirq of `core`.
  KernelTimer(Calendar* calendar, CpuScheduler* scheduler, CoreId core, WorkItem* item)
      : deadline_(calendar, this), scheduler_(scheduler), core_(core), item_(item) {}
  void Arm(SimTime at) { deadline_.Arm(at); }
  void Disarm() { deadline_.Disarm(); }

 private:
  void OnDeadline(SimTime now) override {
    scheduler_->Queue(core_, CpuContext::kSoftirq, item_, now);
  }

  Deadline deadline_;
  CpuScheduler* scheduler_;
  CoreId core_;
  WorkItem* item_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_KERNEL_TIMER_H_
