#include "sim/system/host_figures.h"

#include <iterator>
#include <string>

#include "models/kernel/cost_ledger.h"

namespace ddpsim {
namespace {

const char* ContextName(CpuContext context) {
  switch (context) {
    case CpuContext::kHardirq:
      return "hardirq";
    case CpuContext::kSoftirq:
      return "softirq";
    case CpuContext::kKworker:
      return "kworker";
    case CpuContext::kUser:
      return "user";
  }
  return "";
}

}  // namespace

std::vector<SymbolResult> SymbolsOf(const CostLedger& ledger) {
  std::vector<SymbolResult> entries;
  entries.reserve(std::size(kCostRowNames));
  for (const CostRowName& row : kCostRowNames) entries.push_back({row.symbol, "softirq", 0, 0});
  for (const SymbolCost& cost : BreakdownBySymbol(ledger)) {
    entries.push_back(
        {std::string(cost.symbol), ContextName(cost.context), (cost.millicycles + 500) / 1000, 0});
  }
  return entries;
}

NamedCounts DriverCounters(const UlpDdpStats& stats) {
  const auto count = [](uint64_t value) { return static_cast<int64_t>(value); };
  return {{"rx-nvme-tcp-sk-add", count(stats.sk_add)},
          {"rx-nvme-tcp-sk-add-fail", count(stats.sk_add_fail)},
          {"rx-nvme-tcp-sk-del", count(stats.sk_del)},
          {"rx-nvme-tcp-setup", count(stats.setup)},
          {"rx-nvme-tcp-setup-fail", count(stats.setup_fail)},
          {"rx-nvme-tcp-teardown", count(stats.teardown)},
          {"rx-nvme-tcp-drop", count(stats.drop)},
          {"rx-nvme-tcp-resync", count(stats.resync)},
          {"rx-nvme-tcp-packets", count(stats.packets)},
          {"rx-nvme-tcp-bytes", count(stats.bytes)}};
}

}  // namespace ddpsim
