#include "sim/validate/random_scenario.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "sim/scenario/scenario_loader.h"
#include "sim/system/cost_profile.h"
#include "sim/validate/coverage.h"
#include "sim/validate/setting_list.h"

namespace ddpsim {
namespace {

constexpr int64_t kSeeds = 4000;

const std::map<int64_t, DrawnScenario>& Drawn() {
  static const auto& drawn = *[] {
    auto* all = new std::map<int64_t, DrawnScenario>();
    for (int64_t seed = 1; seed <= kSeeds; ++seed) (*all)[seed] = DrawScenario(seed);
    return all;
  }();
  return drawn;
}

// Where no run can be: each with its reason.
bool NotDrawnThere(const std::string& pointer, const std::string& head) {
  static const std::set<std::pair<std::string, std::string>> left_out = {
      {"/workload/ramp_ios", "highest tenth"},  // nothing would be measured
      {"/target/mdts", "lowest tenth"},         // 0 is the default, and no power of two of pages
      // There are at most 4,096 queues, and their ids go to 65,535.
      {"/network/c2h/loss/ranges/*/connection", "highest tenth"},
      {"/network/h2c/loss/ranges/*/connection", "highest tenth"},
      {"/network/c2h/script/connection", "highest tenth"},
      {"/network/h2c/script/connection", "highest tenth"},
  };
  return left_out.count({pointer, head}) > 0;
}

}  // namespace

TEST_CASE("a scenario is a function of its seed alone") {
  for (int64_t seed : {7, 8, 9, 10, 11, 12}) {
    DrawScenario(seed + 1);  // whatever was drawn before
    CHECK(DrawnFile(DrawScenario(seed)) == DrawnFile(Drawn().at(seed)));
  }
  CHECK(DrawnFile(Drawn().at(1)) != DrawnFile(Drawn().at(2)));
}

TEST_CASE("whatever is drawn is a scenario that the loader takes") {
  for (const auto& [seed, drawn] : Drawn()) {
    const LoadResult loaded =
        LoadScenario(DrawnFile(drawn), "drawn", LoadOptions{{}, std::nullopt, CostProfileNames()});
    INFO("seed " << seed << ": " << loaded.diagnostics.ToString());
    REQUIRE(loaded.plan.has_value());
  }
}

TEST_CASE(
    "every setting of the schema is drawn in both outer tenths of its range, and every word") {
  DrawCoverage coverage;
  for (const auto& [seed, drawn] : Drawn()) coverage.Add(drawn.scenario);
  for (const SettingCoverage& row : coverage.settings()) {
    for (const auto& [head, count] : row.counts) {
      const bool end = head != "least" && head != "most";
      if (!end || NotDrawnThere(row.pointer, head)) continue;
      INFO(row.pointer << ": " << head);
      CHECK(count > 0);
    }
  }
}

TEST_CASE("at least half of the scenarios have a setting in an outer tenth of its range") {
  DrawCoverage coverage;
  for (const auto& [seed, drawn] : Drawn()) {
    if (drawn.style != DrawStyle::kPlausible) coverage.Add(drawn.scenario);
  }
  CHECK(coverage.with_outer_tenth() >= kSeeds / 2);
}

TEST_CASE("every style is drawn, writes as often as reads, and every driver version") {
  std::map<DrawStyle, int> styles;
  std::map<settings::NicDriver, int> drivers;
  int writes = 0;
  for (const auto& [seed, drawn] : Drawn()) {
    ++styles[drawn.style];
    ++drivers[drawn.scenario.host.nic.driver];
    const settings::ReadWrite rw = drawn.scenario.workload.rw;
    writes += rw == settings::ReadWrite::kWrite || rw == settings::ReadWrite::kRandWrite;
  }
  CHECK(styles.size() == 4);
  for (const auto& [style, count] : styles) CHECK(count > kSeeds / 20);
  CHECK(drivers.size() == std::size(settings::kNicDriverNames));
  for (const auto& [driver, count] : drivers) CHECK(count > kSeeds / 250);
  CHECK(writes > 9 * kSeeds / 20);
  CHECK(writes < 11 * kSeeds / 20);
}

}  // namespace ddpsim
