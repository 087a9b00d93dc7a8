// What one setting demands of another, and defaults that depend on another setting.
#ifndef DDPSIM_SIM_SCENARIO_SCENARIO_RULES_H_
#define DDPSIM_SIM_SCENARIO_SCENARIO_RULES_H_

#include <string>
#include <vector>

#include "sim/scenario/read_context.h"
#include "sim/scenario/scenario.h"

namespace ddpsim {

// Fills in what the scenario left to other settings. Before CheckScenario().
void ResolveDefaults(Scenario& scenario, const ReadContext& given);

void CheckScenario(const Scenario& scenario, const std::vector<std::string>& profiles,
                   ReadContext& context);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SCENARIO_SCENARIO_RULES_H_
