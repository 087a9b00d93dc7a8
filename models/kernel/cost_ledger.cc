#include "models/kernel/cost_ledger.h"

#include <algorithm>

namespace ddpsim {

void AddLedger(const CostLedger& from, CostLedger* to) {
  for (size_t row = 0; row < kCostRows; ++row) {
    for (size_t context = 0; context < kCpuContexts; ++context) {
      to->millicycles[row][context] += from.millicycles[row][context];
    }
  }
}

CostLedger LedgerSince(const CostLedger& now, const CostLedger& before) {
  CostLedger diff = now;
  for (size_t row = 0; row < kCostRows; ++row) {
    for (size_t context = 0; context < kCpuContexts; ++context) {
      diff.millicycles[row][context] -= before.millicycles[row][context];
    }
  }
  return diff;
}

int64_t TotalMillicycles(const CostLedger& ledger) {
  int64_t sum = 0;
  for (const auto& row : ledger.millicycles) {
    for (int64_t cycles : row) sum += cycles;
  }
  return sum;
}

int64_t RowMillicycles(const CostLedger& ledger, Cost row) {
  int64_t sum = 0;
  for (int64_t cycles : ledger.millicycles[static_cast<size_t>(row)]) sum += cycles;
  return sum;
}

int64_t ContextMillicycles(const CostLedger& ledger, CpuContext context) {
  int64_t sum = 0;
  for (const auto& row : ledger.millicycles) sum += row[static_cast<size_t>(context)];
  return sum;
}

std::vector<SymbolCost> BreakdownBySymbol(const CostLedger& ledger) {
  std::vector<SymbolCost> out;
  for (size_t row = 0; row < kCostRows; ++row) {
    for (size_t c = 0; c < kCpuContexts; ++c) {
      const int64_t cycles = ledger.millicycles[row][c];
      if (cycles == 0) continue;
      const absl::string_view symbol = kCostRowNames[row].symbol;
      const CpuContext context = static_cast<CpuContext>(c);
      auto same = std::find_if(out.begin(), out.end(), [&](const SymbolCost& s) {
        return s.symbol == symbol && s.context == context;
      });
      if (same == out.end()) {
        out.push_back({symbol, context, cycles});
      } else {
        same->millicycles += cycles;
      }
    }
  }
  return out;
}

}  // namespace ddpsim
