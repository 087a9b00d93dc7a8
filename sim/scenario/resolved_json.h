// The resolved scenario as JSON: every setting, in the order of the descriptions, byte counts as
// plain numbers. Invariant: loading it again gives the same plan.
#ifndef DDPSIM_SIM_SCENARIO_RESOLVED_JSON_H_
#define DDPSIM_SIM_SCENARIO_RESOLVED_JSON_H_

#include <nlohmann/json.hpp>

#include "sim/scenario/scenario.h"

namespace ddpsim {

nlohmann::ordered_json ResolvedJson(const ScenarioPlan& plan);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SCENARIO_RESOLVED_JSON_H_
