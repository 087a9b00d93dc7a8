#include "models/kernel/cpu.h"

#include "models/kernel/cost_ledger.h"

namespace ddpsim {

Cpu::Cpu(const CpuConfig& config, const CostTable& costs, Calendar* calendar)
    : config_(config), costs_(costs), outbox_(calendar) {
  for (int64_t i = 0; i < config.cores; ++i) {
    cores_.push_back(
        std::make_unique<Core>(this, &costs_, &config_, static_cast<CoreId>(i), calendar));
  }
}

CostLedger Cpu::Ledger() const {
  CostLedger sum;
  for (const auto& core : cores_) AddLedger(core->ledger(), &sum);
  return sum;
}

SimTime Cpu::BusyTime() const {
  SimTime sum;
  for (const auto& core : cores_) sum += core->busy_time();
  return sum;
}

}  // namespace ddpsim
