#include "sim/result/cpu_result.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ddpsim {

void CpuResult::SetBreakdown(std::vector<SymbolResult> entries) {
  busy_cycles = 0;
  symbols.clear();
  for (const SymbolResult& entry : entries) {
    busy_cycles += entry.cycles;
    symbols[entry.symbol] += entry.cycles;
  }
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [](const SymbolResult& e) { return e.cycles == 0; }),
                entries.end());
  std::sort(entries.begin(), entries.end(), [](const SymbolResult& a, const SymbolResult& b) {
    return std::tie(b.cycles, a.symbol, a.context) < std::tie(a.cycles, b.symbol, b.context);
  });
  for (SymbolResult& entry : entries) {
    entry.percent = 100.0 * static_cast<double>(entry.cycles) / static_cast<double>(busy_cycles);
  }
  breakdown = std::move(entries);
}

}  // namespace ddpsim
