// A delayed_work: at its time it queues a work item on a core's kworker. Left out: jiffy
// granularity. Invariant: TakeFired() is true once per expiry.
#ifndef DDPSIM_MODELS_NVME_HOST_WORK_TIMER_H_
#define DDPSIM_MODELS_NVME_HOST_WORK_TIMER_H_

#include <utility>

#include "ddpsim/base/calendar.h"
#include "ddpsim/net/exec_context.h"

namespace ddpsim {

class WorkTimer final : private Wakeable {
 public:
  WorkTimer(Calendar* calendar, CpuScheduler* scheduler, CoreId core, WorkItem* item)
      : deadline_(calendar, this), scheduler_(scheduler), core_(core), item_(item) {}
  void Arm(SimTime at) { deadline_.Arm(at); }
  void Disarm() {
    deadline_.Disarm();
    fired_ = false;
  }
  bool TakeFired() { return std::exchange(fired_, false); }

 private:
  void OnDeadline(SimTime now) override {
    fired_ = true;
    scheduler_->Queue(core_, CpuContext::kKworker, item_, now);
  }

  Deadline deadline_;
  CpuScheduler* scheduler_;
  CoreId core_;
  WorkItem* item_;
  bool fired_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_WORK_TIMER_H_
