#include "sim/sweep/metrics.h"

#include <catch2/catch.hpp>
#include <set>

#include "sim/result/result_json.h"
#include "sim/result/result_reference.h"
#include "sim/result/run_result.h"

namespace ddpsim::sweep {
namespace {

const Metric& Named(const std::vector<Metric>& metrics, const std::string& name) {
  for (const Metric& metric : metrics) {
    if (metric.name == name) return metric;
  }
  throw std::runtime_error(name);
}

TEST_CASE("metrics: each is found in a result, with a name of its own") {
  RunResult run;
  run.read.total_ios = 1;
  run.read.clat_ns = LatencyResult::Of({1000});
  const auto json = ddpsim::RunJson(run);
  const nlohmann::ordered_json row = {{"cycles_per_io_saved_percent", 1.0},
                                      {"throughput_ratio", 1.0},
                                      {"latency_p50_ratio", 1.0},
                                      {"latency_p99_ratio", 1.0}};
  std::set<std::string> names;
  for (const Metric& metric : MetricsOf(Sweep())) {
    INFO(metric.name);
    CHECK(MetricValue(metric, json, row).has_value());
    CHECK(names.insert(metric.name).second);
  }
}

TEST_CASE("metrics: latency is that of the direction that has I/Os") {
  RunResult run;
  run.write.total_ios = 1;
  run.write.clat_ns = LatencyResult::Of({2000});
  const auto metrics = MetricsOf(Sweep());
  CHECK(MetricValue(Named(metrics, "clat_mean"), ddpsim::RunJson(run), {}) == 2000);
  run.read.total_ios = 1;
  run.read.clat_ns = LatencyResult::Of({1000});
  CHECK(MetricValue(Named(metrics, "clat_mean"), ddpsim::RunJson(run), {}) == 1000);
}

TEST_CASE("metrics: drops of all reasons are summed up") {
  RunResult run;
  run.wire.c2h.dropped = {{"bernoulli", 3}, {"queue", 4}};
  CHECK(MetricValue(Named(MetricsOf(Sweep()), "c2h_dropped"), ddpsim::RunJson(run), {}) == 7);
}

TEST_CASE("metrics: what a result does not have is no value, not 0") {
  const auto metrics = MetricsOf(Sweep());
  const nlohmann::ordered_json row = {{"throughput_ratio", nullptr}};
  CHECK(!MetricValue(Named(metrics, "throughput_ratio"), ddpsim::RunJson(RunResult()), row));
  CHECK(!MetricValue(Named(metrics, "cycles_saved"), ddpsim::RunJson(RunResult()), row));
}

TEST_CASE("metrics: a plan's own figures carry the unit of the result's description") {
  Sweep sweep;
  sweep.extra_metrics = {"/offload/not_placed/tracking"};
  const Metric metric = MetricsOf(sweep).back();
  CHECK(metric.name == "/offload/not_placed/tracking");
  CHECK(metric.unit == "byte");
}

TEST_CASE("metrics: a truth is 1 or 0, and text is no figure") {
  const Metric metric{"x", "", "", "/x", false, false};
  CHECK(MetricValue(metric, {{"x", true}}, {}) == 1);
  CHECK(MetricValue(metric, {{"x", false}}, {}) == 0);
  CHECK(!MetricValue(metric, {{"x", "5"}}, {}));
}

TEST_CASE("metrics: a run is found by its mode and its variant together") {
  const nlohmann::ordered_json runs = {{{"mode", "ddp"}, {"variant", ""}, {"n", 1}},
                                       {{"mode", "crc"}, {"variant", "v"}, {"n", 2}},
                                       {{"mode", "ddp"}, {"variant", "v"}, {"n", 3}}};
  CHECK(FindRun(runs, {"v", "ddp"})["n"] == 3);
  CHECK(FindRun(runs, {"", "ddp"})["n"] == 1);
  CHECK(FindRun(runs, {"", "crc"}).is_null());
}

}  // namespace
}  // namespace ddpsim::sweep
