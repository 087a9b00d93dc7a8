// The host's cores as software and hardware see them: the run queues of all cores, the way out for
// MMIO, and what was spent. Invariant: the ledgers' sum over all rows and contexts is the cores'
// busy cycles, in thousandths.
#ifndef DDPSIM_MODELS_KERNEL_CPU_H_
#define DDPSIM_MODELS_KERNEL_CPU_H_

#include <memory>
#include <vector>

#include "ddpsim/base/calendar.h"
#include "ddpsim/net/exec_context.h"
#include "models/kernel/core.h"
#include "models/kernel/cpu_config.h"
#include "models/kernel/mmio_outbox.h"

namespace ddpsim {

class Cpu final : public CpuScheduler {
 public:
  Cpu(const CpuConfig& config, const CostTable& costs, Calendar* calendar);

  void Queue(CoreId core, CpuContext context, WorkItem* item, SimTime at) override {
    cores_[core]->Queue(context, item, at);
  }
  void Mmio(uint64_t bar_offset, uint64_t value, SimTime at) override {
    outbox_.Post({bar_offset, value, at});
  }
  uint32_t cores() const override { return static_cast<uint32_t>(cores_.size()); }

  // No core has anything to do, no register write is on its way out.
  bool quiet() const;
  MmioOutbox& outbox() { return outbox_; }
  const Core& core(CoreId id) const { return *cores_[id]; }
  // All cores' bookings since the start of the run.
  CostLedger Ledger() const;
  SimTime BusyTime(SimTime now) const;
  const CostTable& costs() const { return costs_; }

 private:
  CpuConfig config_;
  CostTable costs_;
  MmioOutbox outbox_;
  std::vector<std::unique_ptr<Core>> cores_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_CPU_H_
