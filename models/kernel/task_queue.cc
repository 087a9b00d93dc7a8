#include "models/kernel/task_queue.h"

#include <algorithm>

namespace ddpsim {
namespace {

// Linux 6.1 kernel/sched/core.c, sched_prio_to_weight[0] (nice -20) and [20].
constexpr int64_t kHighPriorityWeight = 88761;
constexpr int64_t kNiceZeroWeight = 1024;
// Linux 6.1 kernel/sched/fair.c: sysctl_sched_latency 6 ms, wakeup granularity 1 ms, minimum
// granularity 0.75 ms, each times 1 + log2(min(CPUs, 8)): 4 on every machine of interest.
constexpr SimTime kLatency = SimTime::Ms(24);
constexpr SimTime kWakeupGranularity = SimTime::Ms(4);
constexpr SimTime kMinGranularity = SimTime::Ms(3);

int64_t Weighted(SimTime time, int64_t weight) {
  return weight == kNiceZeroWeight
             ? time.ps()
             : static_cast<int64_t>(static_cast<__int128>(time.ps()) * kNiceZeroWeight / weight);
}

}  // namespace

TaskQueue::TaskQueue() {
  tasks_.push_back(std::make_unique<Task>());
  tasks_[0]->context = CpuContext::kKworker;
  tasks_[0]->weight = kHighPriorityWeight;
  tasks_.push_back(std::make_unique<Task>());
  tasks_[1]->context = CpuContext::kSoftirq;
}

Task& TaskQueue::TaskOf(CpuContext context, const WorkItem* item) {
  if (context == CpuContext::kKworker) return kworker();
  for (size_t i = 2; i < tasks_.size(); ++i) {
    if (tasks_[i]->thread == item) return *tasks_[i];
  }
  tasks_.push_back(std::make_unique<Task>());
  tasks_.back()->thread = item;
  return *tasks_.back();
}

void TaskQueue::Wake(Task& task) {
  if (task.runnable) return;
  task.runnable = task.woken = true;
  // place_entity(): a sleeper gets at most half a latency period of credit.
  task.vruntime = std::max(task.vruntime, min_vruntime_ - kLatency.ps() / 2);
  if (current_ == nullptr || !current_->runnable) {
    preempt_ = true;
  } else if (current_->vruntime - task.vruntime > Weighted(kWakeupGranularity, task.weight)) {
    preempt_ = true;  // wakeup_preempt_entity()
  }
}

void TaskQueue::Account(Task& task, SimTime time) {
  task.vruntime += Weighted(time, task.weight);
  task.ran += time;
  task.item_ran += time;
  RaiseFloor();
}

Task* TaskQueue::Leftmost() const {
  Task* best = nullptr;
  for (const auto& task : tasks_) {
    if (task->runnable && (best == nullptr || task->vruntime < best->vruntime)) best = task.get();
  }
  return best;
}

void TaskQueue::RaiseFloor() {
  const Task* leftmost = Leftmost();
  if (leftmost != nullptr) min_vruntime_ = std::max(min_vruntime_, leftmost->vruntime);
}

bool TaskQueue::any_runnable() const {
  return std::any_of(tasks_.begin(), tasks_.end(), [](const auto& t) { return t->runnable; });
}

bool TaskQueue::NeedsReschedule() const {
  if (preempt_) return true;
  if (current_ == nullptr) return any_runnable();
  if (current_->ran < kMinGranularity) return false;
  int64_t total = 0;
  for (const auto& task : tasks_) total += task->runnable ? task->weight : 0;
  const bool alone = total == (current_->runnable ? current_->weight : 0);
  // sched_slice() against check_preempt_tick(), looked at between pieces and not at ticks.
  return !alone && current_->ran.ps() * total >= kLatency.ps() * current_->weight;
}

Task* TaskQueue::Pick(bool* switched) {
  *switched = false;
  if (current_ != nullptr && current_->runnable && !NeedsReschedule()) return current_;
  preempt_ = false;
  Task* next = Leftmost();
  *switched = next != nullptr && next != current_;
  if (next != nullptr) next->ran = SimTime::Zero();
  current_ = next;
  return next;
}

}  // namespace ddpsim
