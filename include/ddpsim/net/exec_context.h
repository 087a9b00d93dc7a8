// How modelled software runs: a work item gets an ExecContext, does its work at once on the
// simulator's own state, and charges what that work costs; time inside the item advances by the
// charge, and what leaves the core (doorbells, wake-ups of other cores) leaves at that time.
// Contexts mirror the kernel's: hardirq, softirq, kworker, user. Invariants: (1) Now() never
// decreases within an item; (2) a core runs one item at a time; (3) hardirq and softirq run before
// kworker and user, which are cut into pieces so that they can be preempted between pieces.
#ifndef DDPSIM_NET_EXEC_CONTEXT_H_
#define DDPSIM_NET_EXEC_CONTEXT_H_

#include <array>
#include <cstdint>

#include "ddpsim/base/ids.h"
#include "ddpsim/base/sim_time.h"
#include "ddpsim/net/cost.h"

namespace ddpsim {

enum class CpuContext : uint8_t { kHardirq, kSoftirq, kKworker, kUser };
inline constexpr size_t kCpuContexts = 4;

class ExecContext;

// One schedulable piece of software: a NAPI instance, a work_struct, a user thread, a timer's
// softirq.
class WorkItem {
 public:
  virtual ~WorkItem() = default;
  // Does one piece of work. Returns true when more is pending (the item stays queued).
  virtual bool RunPiece(ExecContext& ctx) = 0;

  // owned by the scheduler: on some core's run queue, or running with more to come
  bool queued = false;
  // Of a softirq item that returns true: whether its turn in net_rx_action() is over (a NAPI poll
  // that used up its budget) or goes on with the next piece.
  bool turn_over = true;
};

// Cycles booked so far, per row and context, in thousandths.
struct CostLedger {
  std::array<std::array<int64_t, kCpuContexts>, kCostRows> millicycles{};
};

// The modelled cores as software sees them. Implemented by models/kernel.
class CpuScheduler {
 public:
  virtual ~CpuScheduler() = default;
  // Makes `item` runnable on `core` at `at` (>= now). No effect when it is queued already: a piece
  // must look again for work before it returns false.
  virtual void Queue(CoreId core, CpuContext context, WorkItem* item, SimTime at) = 0;
  // An MMIO write that leaves the core at `at`.
  virtual void Mmio(uint64_t bar_offset, uint64_t value, SimTime at) = 0;
  virtual uint32_t cores() const = 0;
};

class ExecContext {
 public:
  ExecContext(CpuScheduler* scheduler, const CostTable* costs, CostLedger* ledger, CoreId core,
              CpuContext context, SimTime start)
      : scheduler_(scheduler),
        costs_(costs),
        ledger_(ledger),
        core_(core),
        context_(context),
        start_(start) {}

  void Charge(Cost row, int64_t count = 1) {
    const int64_t cost = costs_->millicycles[static_cast<size_t>(row)] * count;
    ledger_->millicycles[static_cast<size_t>(row)][static_cast<size_t>(context_)] += cost;
    charged_ += cost;
  }
  // Simulated time within the item: its start plus everything charged.
  SimTime Now() const { return start_ + CyclesToTime(charged_); }
  SimTime start() const { return start_; }
  int64_t charged_millicycles() const { return charged_; }
  CoreId core() const { return core_; }
  CpuContext context() const { return context_; }
  CpuScheduler& scheduler() { return *scheduler_; }
  void Queue(CoreId core, CpuContext context, WorkItem* item) {
    scheduler_->Queue(core, context, item, Now());
  }
  void Mmio(uint64_t bar_offset, uint64_t value) {
    Charge(Cost::kMmio);
    scheduler_->Mmio(bar_offset, value, Now());
  }

 private:
  SimTime CyclesToTime(int64_t millicycles) const {
    // Below 4 ms at 2 GHz the product fits 64 bits, whose division is several times cheaper.
    constexpr int64_t kFits = 9'000'000'000;
    if (millicycles < kFits) return SimTime::Ps(millicycles * 1'000'000'000 / costs_->frequency_hz);
    return SimTime::Ps(static_cast<int64_t>(static_cast<__int128>(millicycles) * 1'000'000'000 /
                                            costs_->frequency_hz));
  }

  CpuScheduler* scheduler_;
  const CostTable* costs_;
  CostLedger* ledger_;
  CoreId core_;
  CpuContext context_;
  SimTime start_;
  int64_t charged_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_NET_EXEC_CONTEXT_H_
