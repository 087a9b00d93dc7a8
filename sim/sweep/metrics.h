// The figures of a run that a sweep's table has, with units, and how each is found in a result
// file. Latencies and I/O figures are those of the direction that the workload uses.
#ifndef DDPSIM_SIM_SWEEP_METRICS_H_
#define DDPSIM_SIM_SWEEP_METRICS_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/sweep.h"

namespace ddpsim::sweep {

struct Metric {
  std::string name;
  std::string unit;
  std::string doc;
  std::string pointer;  // into an element of runs[]; or, if `comparison`, of comparison.rows[]
  bool comparison = false;
  bool sum = false;  // of all members of the object there
};

// Those that every sweep has, then the plan's own.
std::vector<Metric> MetricsOf(const Sweep& sweep);

// Whether the result has words there, of which no table can give a mean.
bool IsText(const Metric& metric);

// Of one run of a result; nothing where the result has none (null, or no such key).
std::optional<double> MetricValue(const Metric& metric, const nlohmann::ordered_json& run,
                                  const nlohmann::ordered_json& comparison_row);

// The run of a result, and its row of the comparison; null if there is none.
const nlohmann::ordered_json& FindRun(const nlohmann::ordered_json& list, const RunKey& key);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_METRICS_H_
