// A worker that sleeps until something completes or its time is up: struct completion with
// wait_for_completion_timeout() (Linux 6.1 kernel/sched/completion.c, kernel/time/timer.c). The
// sleeper is a work item that runs once more when it is woken. Left out: several waiters.
// Invariant: done() and expired() may both be true when the sleeper runs: done wins, as in
// do_wait_for_common(), which looks at the completion last.
#ifndef DDPSIM_MODELS_KERNEL_COMPLETION_WAIT_H_
#define DDPSIM_MODELS_KERNEL_COMPLETION_WAIT_H_

#include <cstdint>

#include "ddpsim/base/calendar.h"
#include "ddpsim/base/jiffies.h"
#include "ddpsim/net/exec_context.h"

namespace ddpsim {

// When a sleep of `timeout` jiffies that begins at `now` ends: schedule_timeout()'s timer is on the
// wheel.
inline SimTime EndOfSleep(SimTime now, int64_t timeout, const Jiffies& ticks) {
  const int64_t jiffy = ticks.At(now);
  return ticks.WheelExpiry(jiffy, jiffy + timeout);
}

class CompletionWait final : private Wakeable {
 public:
  CompletionWait(Calendar* calendar, CpuScheduler* scheduler, WorkItem* sleeper)
      : deadline_(calendar, this), scheduler_(scheduler), sleeper_(sleeper) {}

  // The sleeper leaves its core until Complete() or `until`.
  void Sleep(CoreId core, SimTime until) {
    done_ = expired_ = false;
    core_ = core;
    deadline_.Arm(until);
  }
  // complete()
  void Complete(ExecContext& ctx) {
    done_ = true;
    deadline_.Disarm();
    ctx.Charge(Cost::kQueueWork);
    ctx.Queue(core_, CpuContext::kKworker, sleeper_);
  }
  // Nobody waits any more.
  void Cancel() { deadline_.Disarm(); }
  bool done() const { return done_; }
  bool expired() const { return expired_; }

 private:
  void OnDeadline(SimTime now) override {
    expired_ = true;
    scheduler_->Queue(core_, CpuContext::kKworker, sleeper_, now);
  }

  Deadline deadline_;
  CpuScheduler* scheduler_;
  WorkItem* sleeper_;
  CoreId core_ = 0;
  bool done_ = false;
  bool expired_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_COMPLETION_WAIT_H_
