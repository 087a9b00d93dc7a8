#include "sim/validate/illegal_scenario.h"

#include <cmath>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "sim/scenario/scenario_loader.h"
#include "sim/system/cost_profile.h"
#include "sim/validate/dice.h"
#include "sim/validate/setting_list.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;
using Kind = SettingInfo::Kind;

// Values that are wrong for the setting, whatever others are.
Json WrongValue(const SettingInfo& info, Dice* dice) {
  if (dice->Chance(0.2)) return nullptr;
  switch (info.kind) {
    case Kind::kNumber: {
      if (dice->Chance(0.2)) return "many";
      if (!info.fraction && dice->Chance(0.2)) return 1.5 + std::floor(info.min);
      const double beyond = dice->Chance(0.5) ? info.min - 1 : info.max * 2 + 1;
      return std::abs(beyond) < 9e15 && !info.fraction ? Json(static_cast<int64_t>(beyond))
                                                       : Json(beyond);
    }
    case Kind::kBoolean:
      return dice->Chance(0.5) ? Json(1) : Json("true");
    case Kind::kWord:
      return dice->Chance(0.5) ? Json(0) : Json("no such word");
    case Kind::kText:
      return 7;
    case Kind::kWords:
    case Kind::kIntegers:
    case Kind::kGroups:
      return dice->Chance(0.5) ? Json(3) : Json::object();
  }
  return nullptr;
}

}  // namespace

IllegalScenario MakeIllegal(const std::string& text, int64_t seed) {
  Dice dice(seed, "validate.illegal");
  Json json = Json::parse(text);
  std::vector<const SettingInfo*> given;
  for (const SettingInfo& info : AllSettings()) {
    if (!absl::StrContains(info.pointer, "*") && json.contains(Json::json_pointer(info.pointer)))
      given.push_back(&info);
  }
  const SettingInfo& info = *dice.OneOf(given);
  IllegalScenario illegal;
  illegal.pointer = info.pointer;
  if (dice.Chance(0.15)) {
    illegal.pointer += "x";  // a key that is not known
    json[Json::json_pointer(illegal.pointer)] = 1;
  } else {
    json[Json::json_pointer(info.pointer)] = WrongValue(info, &dice);
  }
  illegal.text = json.dump(1) + "\n";
  return illegal;
}

std::string WhyNotRefused(const IllegalScenario& illegal) {
  const LoadResult loaded =
      LoadScenario(illegal.text, "drawn", LoadOptions{{}, std::nullopt, CostProfileNames()});
  if (loaded.plan) return absl::StrCat("the loader takes a wrong ", illegal.pointer);
  for (const Diagnostic& complaint : loaded.diagnostics.list()) {
    if (complaint.origin.pointer == illegal.pointer && complaint.origin.place.line > 0) return "";
  }
  return absl::StrCat("no complaint names ", illegal.pointer,
                      " and its line: ", loaded.diagnostics.ToString());
}

}  // namespace ddpsim
