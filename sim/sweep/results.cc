#include "sim/sweep/results.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sim/result/result_json.h"
#include "sim/sweep/csv_field.h"
#include "sim/sweep/durable_file.h"

namespace ddpsim::sweep {
namespace {

using Json = nlohmann::ordered_json;

// What one point gave for each run of its cell. Throws Json::exception where a file is sealed but
// holds no result: another program may have sealed it.
struct PointFigures {
  struct Run {
    std::vector<std::optional<double>> metrics;
    std::map<std::string, double> cycles_per_io;
  };
  std::vector<Run> runs;

  PointFigures(const SweepCell& cell, const std::vector<Metric>& metrics, const Json& result) {
    for (const RunKey& key : cell.runs) {
      runs.emplace_back();
      const Json& run = FindRun(result.at("runs"), key);
      const Json& row = FindRun(result.at("comparison").at("rows"), key);
      if (!run.is_null()) Add(metrics, run, row, &runs.back());
    }
  }

 private:
  static void Add(const std::vector<Metric>& metrics, const Json& run, const Json& row, Run* out) {
    for (const Metric& metric : metrics) out->metrics.push_back(MetricValue(metric, run, row));
    const double ios = run.at("read").at("total_ios").get<double>() +
                       run.at("write").at("total_ios").get<double>();
    if (ios <= 0) return;
    for (const auto& [symbol, cycles] : run.at("cpu").at("symbols").items()) {
      if (cycles.get<double>() > 0) out->cycles_per_io[symbol] = cycles.get<double>() / ios;
    }
  }
};

class Collector {
 public:
  Collector(const SweepFolder& folder, const Sweep& sweep, const EachResult& each)
      : folder_(folder), sweep_(sweep), each_(each) {
    out_.metrics = MetricsOf(sweep);
  }

  Results Run() {
    for (size_t c = 0; c < sweep_.cells.size(); ++c) AddCell(c);
    return std::move(out_);
  }

 private:
  void AddCell(size_t c) {
    const SweepCell& cell = sweep_.cells[c];
    CellResults results;
    // [run][metric]: values of the points that are there
    values_.assign(cell.runs.size(), std::vector<std::vector<double>>(out_.metrics.size()));
    symbols_.assign(cell.runs.size(), {});
    double there = 0;
    for (size_t p = 0; p < cell.points.size(); ++p) {
      results.states.push_back(AddPoint(c, p));
      if (results.states.back() == PointState::kDone) ++there;
    }
    for (size_t r = 0; r < cell.runs.size(); ++r) {
      RunResults run;
      for (const std::vector<double>& values : values_[r])
        run.metrics.push_back(StatisticOf(values, static_cast<int64_t>(cell.points.size())));
      for (const auto& [symbol, cycles] : symbols_[r]) run.cycles_per_io[symbol] = cycles / there;
      results.runs.push_back(std::move(run));
    }
    out_.cells.push_back(std::move(results));
  }

  PointState AddPoint(size_t c, size_t p) {
    const std::string& id = sweep_.cells[c].points[p].id;
    if (const std::optional<std::string> text = ReadSealed(folder_.PointFile(id), id)) {
      try {
        const Json result = Json::parse(*text);
        Add(PointFigures(sweep_.cells[c], out_.metrics, result));
        if (each_) each_(c, p, result);
        ++out_.done;
        return PointState::kDone;
      } catch (const Json::exception& error) {
        return Failed(c, id, absl::StrCat("its file holds no result: ", error.what()));
      }
    }
    if (const std::optional<std::string> text = ReadSealed(folder_.FailedFile(id), id)) {
      const Json json = Json::parse(*text, nullptr, false);
      const bool told = json.is_object() && json.contains("reason") && json["reason"].is_string();
      return Failed(c, id, told ? json["reason"].get<std::string>() : "");
    }
    ++out_.missing;
    return PointState::kMissing;
  }

  PointState Failed(size_t c, const std::string& id, const std::string& reason) {
    out_.failed.push_back({c, id, reason});
    return PointState::kFailed;
  }

  void Add(const PointFigures& figures) {
    for (size_t r = 0; r < figures.runs.size(); ++r) {
      const PointFigures::Run& run = figures.runs[r];
      for (size_t m = 0; m < run.metrics.size(); ++m) {
        if (run.metrics[m]) values_[r][m].push_back(*run.metrics[m]);
      }
      for (const auto& [symbol, cycles] : run.cycles_per_io) symbols_[r][symbol] += cycles;
    }
  }

  const SweepFolder& folder_;
  const Sweep& sweep_;
  const EachResult& each_;
  Results out_;
  std::vector<std::vector<std::vector<double>>> values_;
  std::vector<std::map<std::string, double>> symbols_;
};

std::string Number(const std::optional<double>& value) {
  return value ? absl::StrFormat("%.10g", *value) : "";
}

std::string IdsOf(const SweepCell& cell) {
  std::string ids;
  for (const SweepPoint& point : cell.points)
    absl::StrAppend(&ids, ids.empty() ? "" : " ", point.id);
  return ids;
}

Json OptionalJson(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json RunJson(const RunKey& key, const RunResults& run, const std::vector<Metric>& metrics) {
  Json figures = Json::object();
  for (size_t m = 0; m < metrics.size(); ++m) {
    const Statistic& s = run.metrics[m];
    figures[metrics[m].name] = {{"mean", OptionalJson(s.mean)},
                                {"ci95_low", OptionalJson(s.low)},
                                {"ci95_high", OptionalJson(s.high)},
                                {"n", s.n},
                                {"of", s.of}};
  }
  return {{"variant", key.variant},
          {"mode", key.mode},
          {"metrics", figures},
          {"cycles_per_io_by_symbol", run.cycles_per_io}};
}

const char* StateName(PointState state) {
  return state == PointState::kDone ? "done" : state == PointState::kFailed ? "failed" : "missing";
}

Json CellJson(const Sweep& sweep, const Results& results, size_t c) {
  const SweepCell& cell = sweep.cells[c];
  Json axes = Json::object(), points = Json::array(), runs = Json::array();
  for (size_t i = 0; i < sweep.axes.size(); ++i)
    axes[sweep.axes[i].pointer] = sweep.axes[i].labels[cell.indices[i]];
  for (size_t p = 0; p < cell.points.size(); ++p) {
    points.push_back({{"id", cell.points[p].id},
                      {"seed", cell.points[p].seed},
                      {"state", StateName(results.cells[c].states[p])}});
  }
  for (size_t r = 0; r < cell.runs.size(); ++r)
    runs.push_back(RunJson(cell.runs[r], results.cells[c].runs[r], results.metrics));
  return {{"axes", axes}, {"points", points}, {"runs", runs}};
}

}  // namespace

std::string Results::Shortfall() const {
  if (complete()) return "";
  std::string text = absl::StrCat(done, " of ", points(), " points are there");
  if (!failed.empty()) absl::StrAppend(&text, "; ", failed.size(), " failed");
  if (missing > 0) absl::StrAppend(&text, "; ", missing, " are missing");
  return text;
}

Results CollectResults(const SweepFolder& folder, const Sweep& sweep, const EachResult& each) {
  return Collector(folder, sweep, each).Run();
}

std::string ResultsCsv(const Sweep& sweep, const Results& results) {
  std::string out;
  for (const SweepAxis& axis : sweep.axes) absl::StrAppend(&out, CsvField(axis.name), ",");
  out += "variant,mode,metric,unit,mean,ci95_low,ci95_high,n,of,points\n";
  for (size_t c = 0; c < sweep.cells.size(); ++c) {
    const SweepCell& cell = sweep.cells[c];
    std::string axes;
    for (size_t i = 0; i < sweep.axes.size(); ++i)
      absl::StrAppend(&axes, CsvField(sweep.axes[i].labels[cell.indices[i]]), ",");
    const std::string ids = IdsOf(cell);
    for (size_t r = 0; r < cell.runs.size(); ++r) {
      for (size_t m = 0; m < results.metrics.size(); ++m) {
        const Statistic& s = results.cells[c].runs[r].metrics[m];
        absl::StrAppend(&out, axes, CsvField(cell.runs[r].variant), ",", cell.runs[r].mode, ",",
                        CsvField(results.metrics[m].name), ",", CsvField(results.metrics[m].unit));
        absl::StrAppend(&out, ",", Number(s.mean), ",", Number(s.low), ",", Number(s.high), ",",
                        s.n, ",", s.of, ",", ids, "\n");
      }
    }
  }
  return out;
}

nlohmann::ordered_json ResultsJson(const Sweep& sweep, const Results& results) {
  Json metrics = Json::array(), cells = Json::array(), failed = Json::array();
  for (const Metric& metric : results.metrics)
    metrics.push_back({{"name", metric.name}, {"unit", metric.unit}, {"doc", metric.doc}});
  for (size_t c = 0; c < sweep.cells.size(); ++c) cells.push_back(CellJson(sweep, results, c));
  for (const FailedPoint& point : results.failed) {
    failed.push_back({{"id", point.id},
                      {"cell", sweep.CellName(sweep.cells[point.cell])},
                      {"reason", point.reason}});
  }
  return {
      {"format", "ddpsim-sweep-results/1"},
      {"name", sweep.name},
      {"description", sweep.description},
      {"model_version", sweep.model_version},
      {"points",
       {{"done", results.done}, {"failed", results.failed.size()}, {"missing", results.missing}}},
      {"failed", failed},
      {"metrics", metrics},
      {"cells", cells}};
}

std::string WriteResults(const SweepFolder& folder, const Sweep& sweep, const Results& results) {
  std::string error = folder.Commit(folder.File("results.csv"), ResultsCsv(sweep, results));
  if (!error.empty()) return error;
  return folder.Commit(folder.File("results.json"), JsonFileText(ResultsJson(sweep, results)));
}

}  // namespace ddpsim::sweep
