#include "models/kernel/cpu.h"

#include <algorithm>

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

bool Cpu::quiet() const {
  return outbox_.pending() == 0 &&
         std::all_of(cores_.begin(), cores_.end(), [](const auto& core) { return core->quiet(); });
}

SimTime Cpu::BusyTime(SimTime now) const {
  SimTime sum;
  for (const auto& core : cores_) sum += core->BusyTime(now);
  return sum;
}

}  // namespace ddpsim
