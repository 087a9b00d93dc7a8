#include "sim/validate/setting_diff.h"

#include <map>

#include "absl/strings/match.h"
#include "sim/scenario/resolved_json.h"
#include "sim/scenario/scenario_loader.h"
#include "sim/system/cost_profile.h"
#include "sim/validate/setting_list.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

Json Resolved(const Scenario& scenario) {
  ScenarioPlan plan;
  plan.scenario = scenario;
  return ResolvedJson(plan);
}

// A group in its short form is a plain number: then the setting is the group.
std::string InJson(const Json& json, std::string pointer) {
  while (!pointer.empty() && !json.contains(Json::json_pointer(pointer)))
    pointer.resize(pointer.rfind('/'));
  if (pointer.empty() || json.at(Json::json_pointer(pointer)).is_object()) return "";
  return pointer;
}

// In which `json` differs from `plain`.
std::vector<SettingUnit> Differences(const Json& json, const Json& plain) {
  std::vector<SettingUnit> units;
  std::map<std::string, size_t> unit_of;  // by the pointer of its tag, or its own
  for (const SettingInfo& info : AllSettings()) {
    if (absl::StrContains(info.pointer, "*")) continue;
    const std::string pointer = InJson(json, info.pointer);
    if (pointer.empty() || unit_of.count(pointer) > 0) continue;
    const Json::json_pointer at(pointer);
    const auto tag = unit_of.find(info.tag);
    if (tag != unit_of.end()) {
      units[tag->second].push_back({pointer, json.at(at)});
    } else if (!plain.contains(at) || plain.at(at) != json.at(at)) {
      unit_of[pointer] = units.size();
      units.push_back({{pointer, json.at(at)}});
    }
  }
  return units;
}

}  // namespace

std::vector<SettingUnit> DiffFromDefaults(const Scenario& scenario) {
  const Json json = Resolved(scenario);
  std::vector<SettingUnit> units = Differences(json, Resolved(Scenario()));
  // A default may follow from another setting (target.kind): what comes out otherwise is said.
  const std::optional<Scenario> again = ScenarioOf(units);
  if (!again) return units;
  for (SettingUnit& unit : Differences(json, Resolved(*again))) units.push_back(std::move(unit));
  return units;
}

std::optional<Scenario> ScenarioOf(const std::vector<SettingUnit>& units) {
  Json json = Json::object();
  for (const SettingUnit& unit : units) {
    for (const auto& [pointer, value] : unit) json[Json::json_pointer(pointer)] = value;
  }
  LoadResult loaded =
      LoadScenario(json.dump(), "made small", LoadOptions{{}, std::nullopt, CostProfileNames()});
  if (!loaded.plan) return std::nullopt;
  return loaded.plan->scenario;
}

}  // namespace ddpsim
