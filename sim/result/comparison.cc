#include "sim/result/comparison.h"

namespace ddpsim {
namespace {

std::optional<double> Ratio(double value, double base) {
  if (base == 0) return std::nullopt;
  return value / base;
}

ComparisonRow Row(const RunResult& run, const RunResult& base) {
  ComparisonRow row{run.mode, run.variant, {}, {}, {}, {}};
  const std::optional<double> cycles = Ratio(run.cpu.cycles_per_io, base.cpu.cycles_per_io);
  if (cycles) row.cycles_per_io_saved_percent = 100 * (1 - *cycles);
  row.throughput_ratio = Ratio(static_cast<double>(run.read.bw_bytes + run.write.bw_bytes),
                               static_cast<double>(base.read.bw_bytes + base.write.bw_bytes));
  const auto latency = [&](double percentile) {
    return Ratio(static_cast<double>(run.clat().Percentile(percentile)),
                 static_cast<double>(base.clat().Percentile(percentile)));
  };
  row.latency_p50_ratio = latency(50);
  row.latency_p99_ratio = latency(99);
  return row;
}

}  // namespace

Comparison Compare(const std::vector<RunResult>& runs) {
  Comparison out;
  const RunResult* base = nullptr;
  for (const RunResult& run : runs) {
    if (base == nullptr || run.variant != base->variant) base = &run;
    out.rows.push_back(Row(run, *base));
  }
  if (!runs.empty()) out.baseline = runs.front().mode;
  return out;
}

}  // namespace ddpsim
