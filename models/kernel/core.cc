#include "models/kernel/core.h"

#include <algorithm>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

constexpr int64_t kNapiWeight = 64;  // NAPI_POLL_WEIGHT
// More pieces than this without time passing is a livelock of the model.
constexpr int kMaxFreePieces = 1'000'000;

}  // namespace

void Core::Queue(CpuContext context, WorkItem* item, SimTime at) {
  if (item->queued) return;
  item->queued = true;
  const auto place = std::lower_bound(arrivals_.begin(), arrivals_.end(), at,
                                      [](const Arrival& a, SimTime t) { return a.at > t; });
  arrivals_.insert(place, {at, context, item});
  deadline_.Arm(std::max(busy_until_, arrivals_.back().at));
}

void Core::OnDeadline(SimTime now) {
  for (int pieces = 0;; ++pieces) {
    SIM_CHECK(pieces < kMaxFreePieces, "software runs without end and charges nothing");
    Admit(now);
    if (turn_ended_) AfterTurn(now);
    if (!RunNext(now)) {
      tasks_.GoIdle();
      deadline_.Arm(arrivals_.empty() ? SimTime::Never() : arrivals_.back().at);
      return;
    }
    if (busy_until_ > now) break;
  }
  deadline_.Arm(busy_until_);
}

void Core::Admit(SimTime now) {
  while (!arrivals_.empty() && arrivals_.back().at <= now) {
    const Arrival arrival = arrivals_.back();
    arrivals_.pop_back();
    if (arrival.context == CpuContext::kHardirq) {
      hardirqs_.push_back(arrival.item);
    } else if (arrival.context == CpuContext::kSoftirq) {
      softirqs_.push_back(arrival.item);
    } else {
      Task& task = tasks_.TaskOf(arrival.context, arrival.item);
      task.items.push_back(arrival.item);
      tasks_.Wake(task);
    }
  }
}

bool Core::RunNext(SimTime now) {
  if (!hardirqs_.empty()) {
    RunHardirq(now);
    return true;
  }
  if (!softirqs_.empty() && !tasks_.ksoftirqd().runnable) {
    RunSoftirq(now);
    return true;
  }
  in_softirq_ = false;
  bool switched = false;
  Task* task = tasks_.Pick(&switched);
  if (task == nullptr) return false;
  RunTask(*task, switched, now);
  return true;
}

void Core::RunHardirq(SimTime now) {
  ExecContext ctx = Begin(CpuContext::kHardirq, now);
  WorkItem* item = hardirqs_.pop_front();
  ++stats_.hardirqs;
  const bool more = item->RunPiece(ctx);
  item->queued = more;
  if (more) hardirqs_.push_back(item);
  Finish(ctx);
}

void Core::StartRound(SimTime now) {
  round_ = {static_cast<int64_t>(softirqs_.size()), config_->netdev_budget, now};
}

void Core::RunSoftirq(SimTime now) {
  ExecContext ctx = Begin(CpuContext::kSoftirq, now);
  if (!in_softirq_) {
    in_softirq_ = true;
    ++stats_.softirq_runs;
    softirq_start_ = now;
    restarts_left_ = config_->max_softirq_restart;
    StartRound(now);
    ctx.Charge(Cost::kSoftirqEntry);
  }
  turn_ended_ = PollFront(ctx);
  Finish(ctx);
}

bool Core::PollFront(ExecContext& ctx) {
  WorkItem* item = softirqs_.front();
  item->turn_over = true;
  const bool more = item->RunPiece(ctx);
  if (more && !item->turn_over) return false;
  softirqs_.pop_front();
  item->queued = more;
  if (more) {
    softirqs_.push_back(item);
    round_.budget -= kNapiWeight;
  }
  return true;
}

void Core::AfterTurn(SimTime now) {
  turn_ended_ = false;
  const bool squeezed =
      round_.budget <= 0 || now - round_.start >= SimTime::Us(config_->netdev_budget_usecs);
  if (--round_.turns > 0 && !squeezed) return;
  if (softirqs_.empty()) {
    in_softirq_ = false;
    return;
  }
  if (squeezed) ++stats_.time_squeezes;
  if (now - softirq_start_ < SimTime::Us(config_->max_softirq_usecs) && !tasks_.NeedsReschedule() &&
      --restarts_left_ > 0) {
    StartRound(now);
    return;
  }
  in_softirq_ = false;
  ++stats_.ksoftirqd_wakeups;
  tasks_.Wake(tasks_.ksoftirqd());
}

void Core::RunTask(Task& task, bool switched, SimTime now) {
  ExecContext ctx = Begin(task.context, now);
  if (task.woken) ctx.Charge(Cost::kWakeup);
  task.woken = false;
  if (switched) {
    ctx.Charge(Cost::kWorkSwitch);
    ++stats_.context_switches;
  }
  if (&task == &tasks_.ksoftirqd()) {
    PollFront(ctx);
    if (softirqs_.empty()) tasks_.Sleep(task);
  } else {
    RunTaskItem(task, ctx);
  }
  Finish(ctx);
  tasks_.Account(task, busy_until_ - now);
}

void Core::RunTaskItem(Task& task, ExecContext& ctx) {
  WorkItem* item = task.items.front();
  const bool more = item->RunPiece(ctx);
  const bool turn_over = task.item_ran >= SimTime::Us(config_->work_turn_usecs);
  if (more && !turn_over) return;
  task.items.pop_front();
  task.item_ran = SimTime::Zero();
  item->queued = more;
  if (more) task.items.push_back(item);
  if (task.items.empty()) tasks_.Sleep(task);
}

void Core::Finish(const ExecContext& ctx) {
  ++stats_.pieces;
  busy_until_ = ctx.Now();
  busy_time_ += busy_until_ - ctx.start();
}

}  // namespace ddpsim
