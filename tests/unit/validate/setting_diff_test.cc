#include "sim/validate/setting_diff.h"

#include <catch2/catch.hpp>

#include "sim/validate/minimise.h"
#include "sim/validate/random_scenario.h"

namespace ddpsim {
namespace {

std::string FileOf(const Scenario& scenario) {
  Trial trial;
  trial.scenario = scenario;
  trial.mode = scenario.compare.front();
  return ScenarioFile(trial, scenario.description);
}

}  // namespace

TEST_CASE("the defaults differ from themselves in nothing") {
  CHECK(DiffFromDefaults(Scenario()).empty());
}

TEST_CASE("the differences of a drawn scenario give it back") {
  for (int64_t seed = 1; seed <= 100; ++seed) {
    const Scenario drawn = DrawScenario(seed).scenario;
    const std::optional<Scenario> again = ScenarioOf(DiffFromDefaults(drawn));
    INFO("seed " << seed);
    REQUIRE(again.has_value());
    CHECK(FileOf(*again) == FileOf(drawn));
  }
}

TEST_CASE("a setting that needs another's word stands and falls with it") {
  Scenario s;
  s.network.c2h.loss.model = settings::LossModelKind::kBernoulli;
  s.network.c2h.loss.probability = 0.25;
  s.target.latency_us.mean = 99;
  const std::vector<SettingUnit> units = DiffFromDefaults(s);
  REQUIRE(units.size() == 2);
  CHECK(units[0].size() == 2);
  CHECK(units[0][0].first == "/network/c2h/loss/model");
  CHECK(units[1][0].first == "/target/latency_us");
}

TEST_CASE("what the loader refuses is no scenario") {
  CHECK_FALSE(ScenarioOf({{{"/host/nic/rx_ring", 1000}}}).has_value());
}

}  // namespace ddpsim
