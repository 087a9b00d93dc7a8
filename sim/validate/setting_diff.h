// In which settings a scenario differs from the defaults, and the way back: what minimising takes
// away one by one. A setting that exists only under a word of another goes with that one.
#ifndef DDPSIM_SIM_VALIDATE_SETTING_DIFF_H_
#define DDPSIM_SIM_VALIDATE_SETTING_DIFF_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nlohmann/json.hpp"
#include "sim/scenario/scenario.h"

namespace ddpsim {

// Pointers with their values, that stand and fall together.
using SettingUnit = std::vector<std::pair<std::string, nlohmann::ordered_json>>;

std::vector<SettingUnit> DiffFromDefaults(const Scenario& scenario);

// The defaults with `units`. Nothing if the loader refuses it.
std::optional<Scenario> ScenarioOf(const std::vector<SettingUnit>& units);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_SETTING_DIFF_H_
