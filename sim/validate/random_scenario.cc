#include "sim/validate/random_scenario.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "sim/scenario/resolved_json.h"
#include "sim/scenario/scenario_loader.h"
#include "sim/system/cost_profile.h"
#include "sim/validate/plausible_scenario.h"
#include "sim/validate/run_cost.h"
#include "sim/validate/setting_drawer.h"
#include "sim/validate/setting_list.h"
#include "sim/validate/unseen_corruption.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;
using settings::FaultConfig;

constexpr int kRepairs = 12;
constexpr int kRedraws = 20;

DrawStyle DrawTheStyle(Dice* dice) {
  const double u = dice->Unit();
  if (u < 0.25) return DrawStyle::kPlausible;
  if (u < 0.50) return DrawStyle::kOne;
  return u < 0.85 ? DrawStyle::kHandful : DrawStyle::kEverything;
}

bool IsDrawn(const SettingInfo& info) {
  return info.pointer != "/description" && info.pointer != "/compare";
}

void Choose(Dice* dice, DrawPlan* plan) {
  const std::vector<SettingInfo>& all = AllSettings();
  const SettingInfo* info = nullptr;
  do {
    info = &dice->OneOf(all);
  } while (!IsDrawn(*info));
  if (!info->tag.empty()) {
    if (plan->words.count(info->tag) > 0) return;
    plan->words[info->tag] = dice->OneOf(info->tag_words);
  }
  const double u = dice->Unit();
  plan->settings[info->pointer] = u < 0.45   ? Draw::kOuter
                                  : u < 0.85 ? Draw::kEdge
                                             : Draw::kAnywhere;
}

DrawPlan PlanOf(DrawStyle style, Dice* dice) {
  DrawPlan plan;
  if (style == DrawStyle::kOne) Choose(dice, &plan);
  if (style == DrawStyle::kHandful) {
    for (int64_t i = dice->Of(2, 8); i > 0; --i) Choose(dice, &plan);
  }
  plan.everything = style == DrawStyle::kEverything;
  if (plan.everything) plan.settings["/description"] = plan.settings["/seed"] = Draw::kKeep;
  return plan;
}

Scenario BaseOf(int64_t seed, DrawStyle style, Dice* dice) {
  Scenario base = PlausibleScenario(seed);
  const bool defaults =
      style == DrawStyle::kEverything || (style == DrawStyle::kOne && dice->Chance(0.5));
  if (!defaults) return base;
  Scenario s;
  s.seed = base.seed;
  s.compare = base.compare;
  s.workload.rw = base.workload.rw;
  return s;
}

// [from, to): drawn apart, they seldom are a range.
template <class T>
void MendRange(T* range, int64_t most, Dice* dice) {
  if (range->to > range->from && range->to - range->from <= most) return;
  const int64_t size = dice->Of(1, most);
  constexpr int64_t kEnd = int64_t{1} << 48;  // of both (fault_config.h)
  range->from = std::min(range->from, kEnd - size);
  range->to = range->from + size;
}

void MendFaults(const Scenario& s, FaultConfig* faults, Dice* dice) {
  constexpr int64_t kHeaders = 80;  // IPv4, TCP with all its options
  for (settings::LossRange& range : faults->loss.ranges) {
    MendRange(&range, INT64_MAX, dice);
    range.connection = 1 + (range.connection - 1) % s.host.nvme.queues;
  }
  for (settings::ScriptSegmentConfig& segment : faults->script.segments)
    MendRange(&segment, s.network.mtu - kHeaders, dice);
  faults->script.connection = 1 + (faults->script.connection - 1) % s.host.nvme.queues;
}

// What one setting demands of another, as far as drawing again would seldom hit it.
void Mend(int64_t byte_budget, Scenario* s, Dice* dice) {
  BoundCost(byte_budget, s, dice);
  MendFaults(*s, &s->network.c2h, dice);
  MendFaults(*s, &s->network.h2c, dice);
}

// "/network/c2h/loss/ranges/2/from" -> "/network/c2h/loss/ranges/*/from".
std::string AnyElement(const std::string& pointer) {
  std::vector<std::string> names = absl::StrSplit(pointer, '/');
  for (std::string& name : names) {
    int64_t number = 0;
    if (absl::SimpleAtoi(name, &number)) name = "*";
  }
  return absl::StrJoin(names, "/");
}

// Draws again what the loader complains about, in the end as in the field.
DrawPlan RepairPlan(const Diagnostics& complaints, const DrawPlan& drawn, int attempt) {
  DrawPlan plan;
  for (const Diagnostic& complaint : complaints.list()) {
    std::string pointer = AnyElement(complaint.origin.pointer);
    if (absl::EndsWith(pointer, "/*")) pointer.resize(pointer.size() - 2);
    const auto was = drawn.settings.find(pointer);
    const bool as_before = attempt < kRepairs / 2 && was != drawn.settings.end();
    plan.settings[pointer] = as_before ? was->second : Draw::kPlausible;
  }
  return plan;
}

// What could not be drawn so that the loader takes it gets its default.
std::optional<Scenario> WithoutRefused(const std::string& text, const Diagnostics& complaints) {
  Json json = Json::parse(text);
  for (const Diagnostic& complaint : complaints.list()) {
    std::string pointer = complaint.origin.pointer;
    pointer = pointer.substr(0, AnyElement(pointer).find("/*"));
    if (pointer.empty() || !json.contains(Json::json_pointer(pointer))) continue;
    const size_t slash = pointer.rfind('/');
    json[Json::json_pointer(pointer.substr(0, slash))].erase(pointer.substr(slash + 1));
  }
  LoadResult loaded =
      LoadScenario(json.dump(), "drawn", LoadOptions{{}, std::nullopt, CostProfileNames()});
  if (!loaded.plan) return std::nullopt;
  return loaded.plan->scenario;
}

std::optional<DrawnScenario> DrawOnce(int64_t seed, int redraw) {
  Dice dice(seed, absl::StrCat("validate.draw.", redraw));
  DrawnScenario drawn;
  drawn.style = DrawTheStyle(&dice);
  drawn.scenario = BaseOf(seed, drawn.style, &dice);
  const int64_t budget = DrawByteBudget(&dice);
  const DrawPlan plan = PlanOf(drawn.style, &dice);
  DrawPlan now = plan;
  Diagnostics complaints;
  for (int attempt = 0; attempt < kRepairs; ++attempt) {
    SettingDrawer drawer(now, &dice);
    WalkSettings(&drawn.scenario, &drawer);
    Mend(budget, &drawn.scenario, &dice);
    drawn.corruption_expected = CorruptsUnseen(drawn.scenario);
    LoadResult loaded =
        LoadScenario(DrawnFile(drawn), "drawn", LoadOptions{{}, std::nullopt, CostProfileNames()});
    if (loaded.plan) {
      drawn.scenario = loaded.plan->scenario;
      return drawn;
    }
    now = RepairPlan(loaded.diagnostics, plan, attempt);
    complaints = std::move(loaded.diagnostics);
  }
  std::optional<Scenario> rest = WithoutRefused(DrawnFile(drawn), complaints);
  if (!rest) return std::nullopt;
  drawn.scenario = *std::move(rest);
  drawn.corruption_expected = CorruptsUnseen(drawn.scenario);
  return drawn;
}

}  // namespace

const char* DrawStyleName(DrawStyle style) {
  switch (style) {
    case DrawStyle::kPlausible:
      return "plausible";
    case DrawStyle::kOne:
      return "one setting";
    case DrawStyle::kHandful:
      return "a handful";
    case DrawStyle::kEverything:
      return "everything";
  }
  return "?";
}

std::string DrawnFile(const DrawnScenario& drawn) {
  ScenarioPlan plan;
  plan.scenario = drawn.scenario;
  if (drawn.corruption_expected) {
    Expectation counted;
    counted.mode = drawn.scenario.compare.front();
    counted.pointer = "/verification/corrupt_delivered";
    counted.op = ExpectOperator::kMin;
    counted.value = int64_t{0};
    plan.expect.push_back(counted);
  }
  return ResolvedJson(plan).dump(1) + "\n";
}

DrawnScenario DrawScenario(int64_t seed) {
  for (int redraw = 0; redraw < kRedraws; ++redraw) {
    std::optional<DrawnScenario> drawn = DrawOnce(seed, redraw);
    if (drawn) return *drawn;
  }
  DrawnScenario plain;
  plain.scenario = PlausibleScenario(seed);
  return plain;
}

}  // namespace ddpsim
