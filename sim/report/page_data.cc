#include "sim/report/page_data.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sim/cli/version.h"
#include "sim/report/run_names.h"

namespace ddpsim::report {
namespace {

using Json = nlohmann::ordered_json;
using sweep::Statistic;

Json NumberOrNull(const std::optional<double>& value) {
  // Seven digits are more than a chart shows.
  return value ? Json(std::stod(absl::StrCat(absl::SixDigits(*value)))) : Json();
}

Json RunJson(const sweep::RunResults& run) {
  Json mean = Json::array(), low = Json::array(), high = Json::array(), symbols = Json::object();
  int64_t n = 0, of = 0;
  bool intervals = false;
  for (const Statistic& one : run.metrics) {
    mean.push_back(NumberOrNull(one.mean));
    low.push_back(NumberOrNull(one.low));
    high.push_back(NumberOrNull(one.high));
    n = std::max(n, one.n);
    of = std::max(of, one.of);
    intervals = intervals || one.low.has_value();
  }
  for (const auto& [symbol, cycles] : run.cycles_per_io) symbols[symbol] = NumberOrNull(cycles);
  Json json = {{"mean", mean}, {"n", n}, {"of", of}, {"symbols", symbols}};
  if (intervals) {
    json["low"] = low;
    json["high"] = high;
  }
  return json;
}

const char* StateName(sweep::PointState state) {
  if (state == sweep::PointState::kDone) return "done";
  return state == sweep::PointState::kFailed ? "failed" : "missing";
}

Json CellJson(const sweep::Sweep& sweep, const sweep::Results& results, size_t c,
              const std::vector<std::string>& runs) {
  const sweep::SweepCell& cell = sweep.cells[c];
  const sweep::CellResults& found = results.cells[c];
  Json of_runs = Json::object(), points = Json::array();
  for (size_t r = 0; r < cell.runs.size(); ++r) {
    const auto run = std::find(runs.begin(), runs.end(), RunName(cell.runs[r]));
    of_runs[absl::StrCat(run - runs.begin())] = RunJson(found.runs[r]);
  }
  for (size_t p = 0; p < cell.points.size(); ++p) {
    points.push_back({{"id", cell.points[p].id},
                      {"seed", cell.points[p].seed},
                      {"state", StateName(found.states[p])}});
  }
  Json at = Json::array();
  for (size_t i = 0; i < sweep.axes.size(); ++i) {
    if (!sweep.axes[i].follows) at.push_back(cell.indices[i]);
  }
  return {{"at", at}, {"runs", of_runs}, {"points", points}, {"command", cell.command}};
}

}  // namespace

nlohmann::ordered_json PageData(const sweep::Sweep& sweep, const sweep::Results& results,
                                const std::map<std::string, std::string>& packed) {
  const std::vector<std::string> runs = RunNames(sweep);
  Json axes = Json::array(), metrics = Json::array(), cells = Json::array(), failed = Json::array();
  for (const sweep::SweepAxis& axis : sweep.axes) {
    if (!axis.follows)
      axes.push_back({{"name", axis.name}, {"pointer", axis.pointer}, {"labels", axis.labels}});
  }
  for (const sweep::Metric& metric : results.metrics) {
    metrics.push_back({{"name", metric.name}, {"unit", metric.unit}, {"doc", metric.doc}});
  }
  for (size_t c = 0; c < sweep.cells.size(); ++c)
    cells.push_back(CellJson(sweep, results, c, runs));
  for (const sweep::FailedPoint& point : results.failed) {
    failed.push_back({{"id", point.id}, {"cell", point.cell}, {"reason", point.reason}});
  }
  return {
      {"name", sweep.name},
      {"description", sweep.description},
      {"version", std::string(kVersion)},
      {"model_version", sweep.model_version},
      {"repetitions", sweep.repetitions},
      {"points",
       {{"done", results.done}, {"failed", results.failed.size()}, {"missing", results.missing}}},
      {"axes", axes},
      {"runs", runs},
      {"metrics", metrics},
      {"cells", cells},
      {"failed", failed},
      {"packed", packed}};
}

}  // namespace ddpsim::report
