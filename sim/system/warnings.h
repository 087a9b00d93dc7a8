// Which settings of a scenario did not come into play as its author will have thought. Left out:
// settings that could have no effect by themselves.
#ifndef DDPSIM_SIM_SYSTEM_WARNINGS_H_
#define DDPSIM_SIM_SYSTEM_WARNINGS_H_

#include <vector>

#include "sim/result/warning.h"
#include "sim/scenario/scenario.h"
#include "sim/system/system.h"

namespace ddpsim {

// Of a run that is over.
std::vector<Warning> WarningsOf(const Scenario& scenario, System* system);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_WARNINGS_H_
