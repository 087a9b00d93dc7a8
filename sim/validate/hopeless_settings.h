// Whether a scenario's settings alone can keep its run from ever moving data: faults on the wire, a
// network, target or time limit slower than the host's timers, a receiver that drops or has no room
// for a segment. A run that moved nothing without such a reason is a failure.
#ifndef DDPSIM_SIM_VALIDATE_HOPELESS_SETTINGS_H_
#define DDPSIM_SIM_VALIDATE_HOPELESS_SETTINGS_H_

#include "sim/scenario/scenario.h"

namespace ddpsim {

bool MayMoveNothing(const Scenario& scenario);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_HOPELESS_SETTINGS_H_
