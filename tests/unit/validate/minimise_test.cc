#include "sim/validate/minimise.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "sim/scenario/scenario_loader.h"
#include "sim/system/cost_profile.h"

namespace ddpsim {
namespace {

// The defect of v1 to v9: skbs of unequal crc bits are merged, and a corrupted PDU gets through.
Trial Failing() {
  Trial trial;
  Scenario& s = trial.scenario;
  s.compare = {Mode::kDdpCrc};
  s.workload.bs = 128 << 10;
  s.workload.iodepth = 8;
  s.workload.total_ios = 200;
  s.network.c2h.corrupt.probability = 0.01;
  s.network.c2h.corrupt.fix_checksum = true;
  s.network.c2h.corrupt.field = settings::CorruptField::kData;
  s.network.c2h.reorder.probability = 0.01;
  s.network.h2c.loss.model = settings::LossModelKind::kBernoulli;
  s.network.h2c.loss.probability = 0.01;
  s.host.nic.driver = settings::NicDriver::kV9;
  return trial;
}

}  // namespace

TEST_CASE("random faults become a short list that breaks the same law") {
  Trial trial;
  TrialOutcome outcome;
  for (int64_t seed = 1; seed <= 20 && outcome.law.empty(); ++seed) {
    trial = Failing();
    trial.scenario.seed = seed;
    outcome = RunTrial(trial);
  }
  REQUIRE_FALSE(outcome.passed);
  const Minimised small = Minimise(trial, outcome, 150);
  CHECK(small.outcome.law == outcome.law);
  CHECK((small.faults >= 0 && small.faults <= 5));
  CHECK(small.trial.scenario.workload.total_ios < 200);
  CHECK_FALSE(small.trial.scenario.network.h2c.any());
  // The file says the same.
  const LoadResult loaded = LoadScenario(ScenarioFile(small.trial, "small"), "small",
                                         LoadOptions{{}, std::nullopt, CostProfileNames()});
  REQUIRE(loaded.plan.has_value());
  Trial again = small.trial;
  again.scenario = loaded.plan->scenario;
  CHECK(RunTrial(again).law == outcome.law);
}

TEST_CASE("settings that do not matter go back to their defaults") {
  Trial trial;
  TrialOutcome outcome;
  for (int64_t seed = 1; seed <= 20 && outcome.law.empty(); ++seed) {
    trial = Failing();
    Scenario& s = trial.scenario;
    s.seed = seed;
    s.network.h2c = settings::FaultConfig();
    s.host.tcp.hz = 1000;
    s.host.cpu.cores = 2;
    s.network.queue_packets = 12'345;
    s.target.latency_us.distribution = settings::LatencyDistribution::kExponential;
    s.workload.size = int64_t{1} << 40;
    outcome = RunTrial(trial);
  }
  REQUIRE_FALSE(outcome.passed);
  const Scenario small = Minimise(trial, outcome, 200).trial.scenario;
  const Scenario plain;
  CHECK(small.host.tcp.hz == plain.host.tcp.hz);
  CHECK(small.network.queue_packets == plain.network.queue_packets);
  CHECK(small.workload.size == plain.workload.size);
  CHECK(small.target.latency_us.distribution == plain.target.latency_us.distribution);
  CHECK(small.host.nic.driver == settings::NicDriver::kV9);  // without it nothing is broken
  CHECK(small.network.c2h.corrupt.fix_checksum);
}

TEST_CASE("of a script only the segments that matter are left") {
  Trial trial;
  trial.mode = Mode::kDdp;
  Scenario& s = trial.scenario;
  s.compare = {Mode::kDdp};
  s.workload.total_ios = 32;
  s.host.nvme.data_digest = false;  // nothing can catch the wrong byte
  settings::ScriptConfig& script = s.network.c2h.script;
  for (int64_t at = 152; at < 152 + 20'000; at += 1000)
    script.segments.push_back({at, at + 1000, 1});
  script.flipped = {152 + 24 + 5500};
  const TrialOutcome outcome = RunTrial(trial);
  REQUIRE(outcome.law == "delivered_bytes_right");
  const Minimised small = Minimise(trial, outcome, 150);
  CHECK(small.outcome.law == outcome.law);
  const auto& left = small.trial.scenario.network.c2h.script.segments;
  CHECK(left.size() <= 2);
  CHECK(std::any_of(left.begin(), left.end(), [&](const auto& segment) {
    return segment.from <= script.flipped[0] && script.flipped[0] < segment.to;
  }));
  CHECK((small.faults >= 2 && small.faults <= 3));  // the wrong byte, and what the script keeps
}

}  // namespace ddpsim
