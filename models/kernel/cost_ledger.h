// What was booked in a window of time, by row and by symbol: perf's view of a CostLedger.
// Invariant: the breakdown's cycles sum up exactly to TotalMillicycles() of the same ledger.
#ifndef DDPSIM_MODELS_KERNEL_COST_LEDGER_H_
#define DDPSIM_MODELS_KERNEL_COST_LEDGER_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "ddpsim/net/exec_context.h"

namespace ddpsim {

void AddLedger(const CostLedger& from, CostLedger* to);
// What was booked after `before` was taken. REQUIRES: `before` is an older snapshot of the same
// ledger.
CostLedger LedgerSince(const CostLedger& now, const CostLedger& before);
int64_t TotalMillicycles(const CostLedger& ledger);
int64_t RowMillicycles(const CostLedger& ledger, Cost row);
int64_t ContextMillicycles(const CostLedger& ledger, CpuContext context);

struct SymbolCost {
  absl::string_view symbol;
  CpuContext context;
  int64_t millicycles;
};
// One entry per symbol and context with any cycles, rows of one symbol added up, in the order of
// the rows.
std::vector<SymbolCost> BreakdownBySymbol(const CostLedger& ledger);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_COST_LEDGER_H_
