// One modelled CPU core: what runs next and for how long. Hardirqs first, then softirqs, then tasks
// (Linux 6.1 irq_exit_rcu(),
// __do_softirq(), schedule()). Softirqs run in rounds with the limits of net_rx_action() (budget
// and time) and __do_softirq() (restarts, time, need_resched); what is left over goes to ksoftirqd,
// and while that is runnable no softirq runs elsewhere. Left out: preemption inside a piece,
// hardirqs nesting, SMT, idle states (a wake-up from idle costs only the switch). Invariants: (1)
// one piece at a time, and its end is the only calendar entry of a busy core; (2) busy time plus
// idle time is elapsed time.
#ifndef DDPSIM_MODELS_KERNEL_CORE_H_
#define DDPSIM_MODELS_KERNEL_CORE_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/calendar.h"
#include "ddpsim/base/ring_queue.h"
#include "ddpsim/net/exec_context.h"
#include "models/kernel/cpu_config.h"
#include "models/kernel/task_queue.h"

namespace ddpsim {

class Core final : private Wakeable {
 public:
  Core(CpuScheduler* scheduler, const CostTable* costs, const CpuConfig* config, CoreId id,
       Calendar* calendar)
      : scheduler_(scheduler), costs_(costs), config_(config), id_(id), deadline_(calendar, this) {}

  void Queue(CpuContext context, WorkItem* item, SimTime at);

  // Nothing runs, and nothing is queued for now or later.
  bool quiet() const { return !deadline_.armed(); }
  const CostLedger& ledger() const { return ledger_; }
  // Until `now`; a piece is booked when it begins. REQUIRES: no piece is being run by the caller.
  SimTime BusyTime(SimTime now) const {
    return busy_until_ > now ? busy_time_ - (busy_until_ - now) : busy_time_;
  }
  const CpuStats& stats() const { return stats_; }

 private:
  struct Arrival {
    SimTime at;
    CpuContext context;
    WorkItem* item;
  };
  struct Round {
    int64_t turns = 0;   // items to poll that were queued when it began
    int64_t budget = 0;  // packets
    SimTime start;
  };

  void OnDeadline(SimTime now) override;
  void Admit(SimTime now);
  // Runs the next piece; false when there is nothing to do.
  bool RunNext(SimTime now);
  void RunHardirq(SimTime now);
  void RunSoftirq(SimTime now);
  void RunTask(Task& task, bool switched, SimTime now);
  void RunTaskItem(Task& task, ExecContext& ctx);
  // Polls the front softirq item; true when its turn is over.
  bool PollFront(ExecContext& ctx);
  void StartRound(SimTime now);
  // After a turn: next in the round, next round, or ksoftirqd.
  void AfterTurn(SimTime now);
  void Finish(const ExecContext& ctx);
  ExecContext Begin(CpuContext context, SimTime now) {
    return ExecContext(scheduler_, costs_, &ledger_, id_, context, now);
  }

  CpuScheduler* scheduler_;
  const CostTable* costs_;
  const CpuConfig* config_;
  CoreId id_;
  Deadline deadline_;
  std::vector<Arrival> arrivals_;  // latest first
  RingQueue<WorkItem*> hardirqs_;
  RingQueue<WorkItem*> softirqs_;
  TaskQueue tasks_;
  bool in_softirq_ = false;
  bool turn_ended_ = false;  // the softirq piece that runs ends its item's turn
  SimTime softirq_start_;
  int64_t restarts_left_ = 0;
  Round round_;
  SimTime busy_until_;
  SimTime busy_time_;
  CostLedger ledger_;
  CpuStats stats_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_CORE_H_
