#include "sim/validate/minimise.h"

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

TEST_CASE("of a script only the segments that matter are left") {
  Trial trial = Failing();
  trial.scenario.seed = 1;
  // In the middle of a read: one byte that is wrong, where software cannot see it.
  auto& script = trial.scenario.network.c2h.script;
  trial.scenario.network.c2h.corrupt = settings::CorruptConfig();
  trial.scenario.network.c2h.reorder = settings::ReorderConfig();
  trial.scenario.network.h2c = settings::FaultConfig();
  for (int64_t at = 152; at < 152 + 20 * 1000; at += 1000)
    script.segments.push_back({at, at + 1000, 1});
  script.flipped = {152 + 24 + 5500};
  const TrialOutcome outcome = RunTrial(trial);
  REQUIRE_FALSE(outcome.passed);
  const Minimised small = Minimise(trial, outcome, 150);
  CHECK(small.outcome.law == outcome.law);
  CHECK(small.trial.scenario.network.c2h.script.segments.size() < 20);
}

}  // namespace ddpsim
