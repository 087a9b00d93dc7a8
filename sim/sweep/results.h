// What a sweep's points gave, by cell, run and metric, with statistics over repetitions. Only files
// whose seal holds are read.
#ifndef DDPSIM_SIM_SWEEP_RESULTS_H_
#define DDPSIM_SIM_SWEEP_RESULTS_H_

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/sweep/metrics.h"
#include "sim/sweep/statistics.h"
#include "sim/sweep/sweep_folder.h"

namespace ddpsim::sweep {

struct RunResults {
  std::vector<Statistic> metrics;               // as Results::metrics
  std::map<std::string, double> cycles_per_io;  // by symbol, mean over the points that are there
};

struct CellResults {
  std::vector<RunResults> runs;    // as SweepCell::runs
  std::vector<PointState> states;  // as SweepCell::points
};

struct FailedPoint {
  size_t cell = 0;
  std::string id;
  std::string reason;
};

struct Results {
  std::vector<Metric> metrics;
  std::vector<CellResults> cells;  // as Sweep::cells
  std::vector<FailedPoint> failed;
  size_t done = 0;
  size_t missing = 0;

  size_t points() const { return done + missing + failed.size(); }
  bool complete() const { return missing == 0 && failed.empty(); }
  // "" if complete, else what is not there.
  std::string Shortfall() const;
};

// Calls `each` (if any) with every result that is there.
using EachResult = std::function<void(size_t cell, size_t point, const nlohmann::ordered_json&)>;
Results CollectResults(const SweepFolder& folder, const Sweep& sweep,
                       const EachResult& each = nullptr);

// A row per cell, run and metric, in plan order (RFC 4180, but lines end in \n alone).
std::string ResultsCsv(const Sweep& sweep, const Results& results);
nlohmann::ordered_json ResultsJson(const Sweep& sweep, const Results& results);
// results.csv and results.json. What went wrong, or "".
std::string WriteResults(const SweepFolder& folder, const Sweep& sweep, const Results& results);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_RESULTS_H_
