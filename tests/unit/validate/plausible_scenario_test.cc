#include "sim/validate/plausible_scenario.h"

#include <catch2/catch.hpp>
#include <functional>

#include "sim/scenario/scenario_loader.h"
#include "sim/system/cost_profile.h"
#include "sim/validate/minimise.h"

namespace ddpsim {
namespace {

using settings::FaultConfig;
using settings::LossModelKind;

constexpr int64_t kSeeds = 600;

std::string FileOf(int64_t seed) {
  Trial trial;
  trial.scenario = PlausibleScenario(seed);
  trial.mode = trial.scenario.compare.front();
  return ScenarioFile(trial, "");
}

bool Loses(const Scenario& s, LossModelKind kind) { return s.network.c2h.loss.model == kind; }

bool SendsAcrossOldBorders(const Scenario& s) {
  const auto& segments = s.network.c2h.script.segments;
  for (size_t i = 0; i < segments.size(); ++i) {
    for (size_t k = i + 1; k < segments.size(); ++k) {
      const bool overlap = segments[k].from < segments[i].to && segments[i].from < segments[k].to;
      if (overlap && (segments[k].from != segments[i].from || segments[k].to != segments[i].to))
        return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("a plausible scenario is a function of its seed") {
  for (int64_t seed = 1; seed < 50; ++seed) CHECK(FileOf(seed) == FileOf(seed));
  CHECK(FileOf(1) != FileOf(2));
}

TEST_CASE("whatever is drawn from the plausible is a scenario that the loader takes") {
  for (int64_t seed = 1; seed <= kSeeds; ++seed) {
    const LoadResult loaded =
        LoadScenario(FileOf(seed), "drawn", LoadOptions{{}, std::nullopt, CostProfileNames()});
    INFO("seed " << seed << ": " << loaded.diagnostics.ToString());
    REQUIRE(loaded.plan.has_value());
  }
}

TEST_CASE("every kind of fault is drawn, and the order of events of one instant") {
  const struct {
    const char* what;
    std::function<bool(const Scenario&)> drawn;
  } kinds[] = {
      {"bernoulli", [](const Scenario& s) { return Loses(s, LossModelKind::kBernoulli); }},
      {"bursts", [](const Scenario& s) { return Loses(s, LossModelKind::kGilbertElliott); }},
      {"list", [](const Scenario& s) { return Loses(s, LossModelKind::kList); }},
      {"ranges", [](const Scenario& s) { return Loses(s, LossModelKind::kRanges); }},
      {"hits on headers",
       [](const Scenario& s) {
         return Loses(s, LossModelKind::kPdu) &&
                s.network.c2h.loss.field == settings::PduField::kHeader;
       }},
      {"hits on digests",
       [](const Scenario& s) {
         return Loses(s, LossModelKind::kPdu) &&
                s.network.c2h.loss.field == settings::PduField::kDigest;
       }},
      {"reordering", [](const Scenario& s) { return s.network.c2h.reorder.probability > 0; }},
      {"duplicates", [](const Scenario& s) { return s.network.c2h.duplicate.probability > 0; }},
      {"corruption", [](const Scenario& s) { return s.network.c2h.corrupt.probability > 0; }},
      {"faults of ACKs", [](const Scenario& s) { return s.network.h2c.any(); }},
      {"segments cut anew", SendsAcrossOldBorders},
      {"lost answers", [](const Scenario& s) { return s.host.nic.offload.resync_faults.loss > 0; }},
      {"late answers", [](const Scenario& s) { return s.host.nic.offload.resync_faults.late > 0; }},
      {"slow UMRs", [](const Scenario& s) { return s.host.nic.offload.umr_latency_ns > 100'000; }},
      {"ties", [](const Scenario& s) { return s.tie_seed != 0; }},
  };
  for (const auto& kind : kinds) {
    int drawn = 0;
    for (int64_t seed = 1; seed <= kSeeds; ++seed) drawn += kind.drawn(PlausibleScenario(seed));
    INFO(kind.what << ": " << drawn << " of " << kSeeds);
    CHECK(drawn >= kSeeds / 100);
  }
}

}  // namespace ddpsim
