#include "sim/validate/random_search.h"

#include <sys/stat.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "nlohmann/json.hpp"
#include "sim/check/expectations.h"
#include "sim/cli/files.h"
#include "sim/cli/signals.h"
#include "sim/validate/coverage.h"
#include "sim/validate/hopeless_settings.h"
#include "sim/validate/illegal_scenario.h"
#include "sim/validate/minimise.h"
#include "sim/validate/random_scenario.h"

namespace ddpsim {
namespace {

constexpr int kMinimiserRuns = 200;
// More failures are counted but not minimised: they are mostly the same one.
constexpr int kMinimisedFailures = 5;

using Json = nlohmann::ordered_json;

// Wall clock: a run that takes a minute of its own on a busy machine is no hang.
constexpr double kDrawnTimeoutSeconds = 240;

bool IsAlsoIllegal(int64_t seed) { return seed % 8 == 0; }

void AddModes(const ScenarioPlan& plan, const std::string& variant, const Scenario& scenario,
              const std::string& name, int64_t seed, std::vector<Trial>* trials) {
  for (Mode mode : scenario.compare) {
    Trial trial;
    trial.test = absl::StrCat(name, " seed ", seed, " ", ModeName(mode));
    trial.group = "scenario";
    trial.scenario = scenario;
    trial.scenario.seed = trial.seed = seed;
    trial.mode = mode;
    trial.corruption_expected = ForeseesWrongBytes(plan.expect, variant, mode);
    trials->push_back(std::move(trial));
  }
}

void WriteMinimised(const Trial& trial, const TrialOutcome& outcome, const std::string& folder,
                    CaseResult* result) {
  const Minimised small = Minimise(trial, outcome, kMinimiserRuns);
  mkdir(folder.c_str(), 0777);
  const std::string file = absl::StrCat(
      folder, "/",
      absl::StrReplaceAll(absl::StripPrefix(trial.test, "/"), {{" ", "-"}, {"/", "-"}, {"+", "-"}}),
      ".json");
  const std::string error = WriteFile(
      file, ScenarioFile(small.trial,
                         absl::StrCat(trial.test, " breaks ", outcome.law, ": ", outcome.detail)));
  if (!error.empty()) return;
  result->scenario_file = file;
  result->faults = small.faults;
}

}  // namespace

std::vector<Trial> RandomTrials(int64_t first, int64_t count) {
  std::vector<Trial> trials;
  for (int64_t i = 0; i < count && ReceivedSignal() == 0; ++i) {
    Trial trial;
    trial.test = absl::StrCat("seed ", first + i);
    trial.group = "random";
    const DrawnScenario drawn = DrawScenario(first + i);
    trial.scenario = drawn.scenario;
    trial.seed = first + i;
    trial.corruption_expected = drawn.corruption_expected;
    trial.may_end_early = MayMoveNothing(drawn.scenario);
    trial.may_meet_defects = true;
    trial.timeout_seconds = kDrawnTimeoutSeconds;
    if (IsAlsoIllegal(first + i)) trial.illegal = MakeIllegal(DrawnFile(drawn), first + i);
    trial.mode = trial.scenario.compare.front();
    trials.push_back(std::move(trial));
  }
  return trials;
}

std::string WriteRandomScenarios(int64_t first, int64_t count, const std::string& folder) {
  mkdir(folder.c_str(), 0777);
  std::string manifest;
  const auto write = [&](const std::string& name, const std::string& text, Json line) {
    line["file"] = name;
    absl::StrAppend(&manifest, line.dump(), "\n");
    return WriteFile(absl::StrCat(folder, "/", name), text);
  };
  for (int64_t i = 0; i < count && ReceivedSignal() == 0; ++i) {
    const int64_t seed = first + i;
    const DrawnScenario drawn = DrawScenario(seed);
    const std::string text = DrawnFile(drawn);
    std::string error = write(absl::StrCat(seed, ".json"), text,
                              {{"style", DrawStyleName(drawn.style)},
                               {"outer", OuterTenthSettings(drawn.scenario)},
                               {"may_move_nothing", MayMoveNothing(drawn.scenario)}});
    if (error.empty() && IsAlsoIllegal(seed)) {
      const IllegalScenario illegal = MakeIllegal(text, seed);
      error = write(absl::StrCat(seed, "-illegal.json"), illegal.text,
                    {{"refused_at", illegal.pointer}});
    }
    if (!error.empty()) return error;
  }
  return WriteFile(absl::StrCat(folder, "/manifest.jsonl"), manifest);
}

std::vector<Trial> ScenarioTrials(const ScenarioPlan& plan, const std::string& name, int64_t first,
                                  int64_t count) {
  std::vector<Trial> trials;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t seed = first + i;
    AddModes(plan, "", plan.scenario, name, seed, &trials);
    for (const ScenarioVariant& variant : plan.variants) {
      AddModes(plan, variant.name, variant.scenario, absl::StrCat(name, "/", variant.name), seed,
               &trials);
    }
  }
  for (Trial& trial : trials) trial.timeout_seconds = 600;  // the user's scenario may be long
  return trials;
}

ValidateReport Search(const std::vector<Trial>& trials, const Workers& workers,
                      const std::string& again, const std::string& folder) {
  ValidateReport report;
  report.planned = trials.size();
  const std::vector<TrialOutcome> outcomes = RunTrials(trials, workers);
  int minimised = 0;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const TrialOutcome& outcome = outcomes[i];
    CaseResult result;
    result.test = trials[i].test;
    result.group = trials[i].group;
    result.passed = outcome.passed;
    result.law = outcome.law;
    result.detail = outcome.detail;
    result.seconds = outcome.seconds;
    for (const auto& [name, value] : outcome.figures) report.figures[name] += value;
    if (trials[i].group == "random") {
      if (!report.coverage) report.coverage.emplace();
      report.coverage->Add(trials[i].scenario);
    }
    if (!outcome.passed) {
      result.command = absl::StrCat(again, " --seed ", trials[i].seed, " --seeds 1");
      if (minimised++ < kMinimisedFailures) WriteMinimised(trials[i], outcome, folder, &result);
    }
    report.cases.push_back(std::move(result));
  }
  return report;
}

}  // namespace ddpsim
