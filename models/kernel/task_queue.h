// The tasks of one core and who runs next: mirrors the CFS run queue of Linux 6.1
// (kernel/sched/fair.c): weighted virtual runtime, slices, wake-up preemption. Tasks are the bound
// high-priority kworker (nvme_tcp_wq is WQ_HIGHPRI, hence nice -20; one worker runs the pool's
// works in turn), ksoftirqd, and one per user thread. Left out: load balancing, groups, more than
// one kworker (works never sleep here). Invariant: vruntime of the task that runs next is the
// smallest of all runnable ones whenever a switch happens.
#ifndef DDPSIM_MODELS_KERNEL_TASK_QUEUE_H_
#define DDPSIM_MODELS_KERNEL_TASK_QUEUE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "ddpsim/base/ring_queue.h"
#include "ddpsim/net/exec_context.h"

namespace ddpsim {

struct Task {
  CpuContext context = CpuContext::kUser;
  int64_t weight = 1024;  // NICE_0_LOAD
  int64_t vruntime = 0;   // ps, weighted
  SimTime ran;            // since it was switched to
  SimTime item_ran;       // by the front item since its turn began
  bool runnable = false;
  bool woken = false;                // has not run since it woke up
  const WorkItem* thread = nullptr;  // of user tasks
  RingQueue<WorkItem*> items;  // unused by ksoftirqd, whose items are the core's softirq queue
};

class TaskQueue {
 public:
  TaskQueue();
  Task& kworker() { return *tasks_[0]; }
  Task& ksoftirqd() { return *tasks_[1]; }
  // The task that runs `item`: the kworker, or the thread (made at its first use).
  Task& TaskOf(CpuContext context, const WorkItem* item);

  void Wake(Task& task);
  void Sleep(Task& task) { task.runnable = false; }
  // Books `time` of running.
  void Account(Task& task, SimTime time);
  // The task to run now, null if none is runnable. *switched: it is not the one that ran last.
  Task* Pick(bool* switched);
  // TIF_NEED_RESCHED: somebody woke up who should run instead of the current task, or its slice is
  // over.
  bool NeedsReschedule() const;
  void GoIdle() { current_ = nullptr; }
  bool any_runnable() const;

 private:
  Task* Leftmost() const;
  void RaiseFloor();

  std::vector<std::unique_ptr<Task>> tasks_;
  Task* current_ = nullptr;
  int64_t min_vruntime_ = 0;
  bool preempt_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_TASK_QUEUE_H_
