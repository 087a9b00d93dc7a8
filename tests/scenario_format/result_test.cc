// Figures derived from runs, and the JSON that carries them.
#include <catch2/catch.hpp>

#include "ddpsim/base/check.h"
#include "sim/result/result_json.h"
#include "tests/scenario_format/sample_run.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> KeysOf(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

// What the result must hold, by the words of the contract; more may be there.
void CheckHolds(const Json& run, const std::string& pointer, const std::vector<std::string>& keys) {
  const Json& object = run.at(Json::json_pointer(pointer));
  for (const std::string& key : keys) {
    INFO(pointer << "/" << key);
    CHECK(object.contains(key));
  }
}

TEST_CASE("percentiles are nearest ranks under fio's keys") {
  std::vector<int64_t> samples;
  for (int i = 100; i >= 1; --i) samples.push_back(i * 10);
  const LatencyResult result = LatencyResult::Of(samples);
  CHECK(result.samples == 100);
  CHECK(result.min == 10);
  CHECK(result.max == 1000);
  CHECK(result.mean == 505);
  CHECK(result.stddev == Approx(288.66).margin(0.01));
  CHECK(result.percentile.at("50.000000") == 500);
  CHECK(result.percentile.at("99.000000") == 990);
  CHECK(result.percentile.at("99.500000") == 1000);
  CHECK(result.percentile.at("1.000000") == 10);
  CHECK(result.percentile.size() == 17);
}

TEST_CASE("without samples every percentile is there and 0") {
  const LatencyResult result = LatencyResult::Of({});
  CHECK(result.percentile.size() == 17);
  CHECK(result.Percentile(99) == 0);
}

TEST_CASE(
    "the breakdown is sorted, sums up to busy_cycles, and leaves free symbols to symbols alone") {
  const CpuResult cpu = SampleRun("software", 90'000).cpu;
  CHECK(cpu.busy_cycles == 90'000 * 4000);
  REQUIRE(cpu.breakdown.size() == 3);
  CHECK(cpu.breakdown[0].cycles >= cpu.breakdown[2].cycles);
  int64_t sum = 0;
  double percent = 0;
  for (const SymbolResult& symbol : cpu.breakdown) {
    sum += symbol.cycles;
    percent += symbol.percent;
  }
  CHECK(sum == cpu.busy_cycles);
  CHECK(percent == Approx(100));
  CHECK(cpu.symbols.at("nvme_tcp_verify_hdgst") == 0);
}

TEST_CASE("modes are compared with the first mode of their own variant") {
  std::vector<RunResult> runs = {SampleRun("software", 100'000), SampleRun("ddp", 75'000),
                                 SampleRun("software", 50'000), SampleRun("ddp", 45'000)};
  runs[1].read.bw_bytes *= 2;
  runs[2].variant = runs[3].variant = "v";
  const Comparison comparison = Compare(runs);
  CHECK(comparison.baseline == "software");
  REQUIRE(comparison.rows.size() == 4);
  CHECK(*comparison.rows[0].cycles_per_io_saved_percent == 0);
  CHECK(*comparison.rows[1].cycles_per_io_saved_percent == Approx(25));
  CHECK(*comparison.rows[1].throughput_ratio == 2);
  CHECK(*comparison.rows[1].latency_p50_ratio == 1);
  CHECK(*comparison.rows[3].cycles_per_io_saved_percent == Approx(10));
}

TEST_CASE("a baseline of nothing compares to nothing") {
  RunResult empty;
  const Comparison comparison = Compare({empty, SampleRun("ddp", 1000)});
  CHECK_FALSE(comparison.rows[1].throughput_ratio.has_value());
}

TEST_CASE("a run's JSON holds every figure of the contract") {
  const Json run = RunJson(SampleRun("ddp+crc", 1000));
  CheckHolds(run, "",
             {"mode", "variant", "sim_time_ns", "read", "write", "cpu", "offload", "counters",
              "tcp", "wire", "verification", "fingerprint"});
  for (const char* direction : {"/read", "/write"}) {
    CheckHolds(run, direction,
               {"total_ios", "io_bytes", "bw_bytes", "iops", "errors", "retries", "clat_ns"});
  }
  CheckHolds(run, "/read/clat_ns", {"min", "max", "mean", "stddev", "percentile"});
  CheckHolds(run, "/read/clat_ns/percentile", {"50.000000", "99.000000"});
  CheckHolds(run, "/cpu",
             {"frequency_hz", "cores", "busy_cycles", "utilization", "cycles_per_io",
              "cycles_per_byte", "breakdown"});
  CheckHolds(run, "/cpu/breakdown/0", {"symbol", "context", "cycles", "percent"});
  CheckHolds(run, "/offload",
             {"payload_bytes", "placed_bytes", "placed_fraction", "not_placed", "packets",
              "offloaded_packets", "pdus", "pdus_crc_offloaded", "pdus_crc_software",
              "crc_offloaded_fraction", "false_crc_ok", "intervals", "resync"});
  CheckHolds(run, "/offload/resync",
             {"requests", "responses", "false_matches", "latency_ns", "unoffloaded_bytes"});
  CheckHolds(run, "/tcp", {"c2h", "h2c", "host"});
  CheckHolds(run, "/tcp/c2h", {"segments", "retransmits", "timeouts", "fast_recoveries"});
  CheckHolds(run, "/tcp/host", {"dup_acks_sent", "ooo_segments", "sacks_sent"});
  for (const char* direction : {"/wire/c2h", "/wire/h2c"}) {
    CheckHolds(run, direction,
               {"packets", "bytes", "dropped", "reordered", "duplicated", "corrupted"});
  }
  CheckHolds(run, "/verification",
             {"verdict", "bytes_checked", "corrupt_delivered", "checks", "violations"});
  CheckHolds(run, "/protocol", {"pdus"});
}

TEST_CASE("a result's JSON holds the contract's parts, in its order") {
  ScenarioResult result;
  result.scenario = Json::object();
  result.runs = {SampleRun("software", 100), SampleRun("ddp", 50)};
  result.comparison = Compare(result.runs);
  result.expect.failed.push_back({"ddp", "/read/errors", "max", 0, 4});
  const Json json = ScenarioResultJson(result);
  CHECK(KeysOf(json) == std::vector<std::string>{"format", "provenance", "scenario", "runs",
                                                 "comparison", "expect", "warnings"});
  CHECK(json["format"] == "ddpsim-result/1");
  CHECK(KeysOf(json["provenance"]) == std::vector<std::string>{"version", "commit", "build",
                                                               "scenario_sha256", "seed",
                                                               "cost_profile"});
  CheckHolds(json, "/comparison/rows/1",
             {"mode", "cycles_per_io_saved_percent", "throughput_ratio", "latency_p50_ratio",
              "latency_p99_ratio"});
  CHECK(json["expect"]["passed"] == 0);
  CHECK(json["expect"]["failed"][0]["got"] == 4);
}

TEST_CASE("numbers are written so that they read back the same") {
  const Json json = Json::parse(
      JsonFileText({{"a", 0.1}, {"b", 1.0 / 3}, {"c", 5e-324}, {"d", int64_t{1} << 62}}));
  CHECK(json["a"] == 0.1);
  CHECK(json["b"] == 1.0 / 3);
  CHECK(json["c"] == 5e-324);
  CHECK(json["d"] == int64_t{1} << 62);
}

TEST_CASE("a figure that is no number is a bug of the model") {
  RunResult run = SampleRun("ddp", 1);
  run.cpu.utilization = 0.0 / run.write.iops;
  CHECK_THROWS_AS(RunJson(run), ModelBug);
}

TEST_CASE("a result passes only if every run is complete, moved data, and broke no law") {
  ScenarioResult result;
  CHECK_FALSE(result.passed());
  result.runs = {SampleRun("ddp", 100)};
  CHECK(result.passed());
  SECTION("cut short") { result.runs[0].ended_by = kEndedByStall; }
  SECTION("moved nothing") { result.runs[0].read.io_bytes = 0; }
  SECTION("a law broken") { result.runs[0].verification.verdict = "fail"; }
  SECTION("an expectation failed") { result.expect.failed.push_back({"ddp", "/x", "min", 1, 0}); }
  CHECK_FALSE(result.passed());
}

}  // namespace
}  // namespace ddpsim
