// What each mode gains over the baseline, the first mode that is compared. Variants have baselines
// of their own.
#ifndef DDPSIM_SIM_RESULT_COMPARISON_H_
#define DDPSIM_SIM_RESULT_COMPARISON_H_

#include <optional>
#include <string>
#include <vector>

#include "sim/result/run_result.h"

namespace ddpsim {

// Nothing where the baseline's figure is 0.
struct ComparisonRow {
  std::string mode;
  std::string variant;
  std::optional<double> cycles_per_io_saved_percent;
  std::optional<double> throughput_ratio;
  std::optional<double> latency_p50_ratio;
  std::optional<double> latency_p99_ratio;
};

struct Comparison {
  std::string baseline;
  std::vector<ComparisonRow> rows;  // one per run, the baselines' own included
};

Comparison Compare(const std::vector<RunResult>& runs);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_COMPARISON_H_
