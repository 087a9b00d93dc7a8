// Where the modelled cores spent their cycles, in the measured window: perf's view.
// Invariant: breakdown sums up to busy_cycles.
#ifndef DDPSIM_SIM_RESULT_CPU_RESULT_H_
#define DDPSIM_SIM_RESULT_CPU_RESULT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/result/result_fields.h"

namespace ddpsim {

struct SymbolResult {
  std::string symbol;
  std::string context;  // hardirq, softirq, kworker, user
  int64_t cycles = 0;
  double percent = 0;

  template <class V>
  void Describe(V& v) const {
    v.Text("symbol", symbol, "kernel symbol");
    v.Text("context", context, "hardirq, softirq, kworker or user");
    v.Integer("cycles", cycles, "cycles", "unhalted cycles");
    v.Number("percent", percent, "%", "share of busy_cycles");
  }
};

struct CpuResult {
  int64_t frequency_hz = 0;
  int64_t cores = 0;
  int64_t busy_cycles = 0;
  double utilization = 0;  // 0..1
  double cycles_per_io = 0;
  double cycles_per_byte = 0;
  std::vector<SymbolResult> breakdown;  // most cycles first
  NamedCounts symbols;

  // Sets breakdown (sorted: cycles down, then symbol, then context; entries without cycles dropped,
  // percent filled in), symbols (all that are given, those without cycles too) and busy_cycles.
  void SetBreakdown(std::vector<SymbolResult> entries);

  template <class V>
  void Describe(V& v) const {
    v.Integer("frequency_hz", frequency_hz, "Hz", "clock of the modelled cores");
    v.Integer("cores", cores, "cores", "modelled cores");
    v.Integer("busy_cycles", busy_cycles, "cycles",
              "unhalted cycles of all cores, application and block layer included");
    v.Number("utilization", utilization, "", "busy share of all cores, 0 to 1");
    v.Number("cycles_per_io", cycles_per_io, "cycles", "busy cycles per I/O of the workload");
    v.Number("cycles_per_byte", cycles_per_byte, "cycles", "busy cycles per byte read or written");
    v.Groups("breakdown", breakdown, "busy cycles by symbol and context, most first");
    v.Counts("symbols", symbols, "cycles",
             "the same by symbol alone, those that cost nothing included");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_CPU_RESULT_H_
