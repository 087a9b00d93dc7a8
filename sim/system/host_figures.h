// The simulated host's counters and cycles as result figures, whatever it was run for.
#ifndef DDPSIM_SIM_SYSTEM_HOST_FIGURES_H_
#define DDPSIM_SIM_SYSTEM_HOST_FIGURES_H_

#include <vector>

#include "ddpsim/net/exec_context.h"
#include "ddpsim/net/ulp_ddp.h"
#include "sim/result/cpu_result.h"
#include "sim/result/result_fields.h"

namespace ddpsim {

// Every row of the ledger by symbol and context, those that cost nothing included.
std::vector<SymbolResult> SymbolsOf(const CostLedger& ledger);
// Under the names of the kernel's netlink spec ulp_ddp.
NamedCounts DriverCounters(const UlpDdpStats& stats);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_HOST_FIGURES_H_
