// Known defects of the patch series that a drawn scenario would only find again, and faults that no
// mechanism can catch. They are left out by rule, each for its reason; `--suite defects` shows that
// the laws see them.
#ifndef DDPSIM_SIM_VALIDATE_KNOWN_DEFECTS_H_
#define DDPSIM_SIM_VALIDATE_KNOWN_DEFECTS_H_

#include "sim/scenario/scenario.h"

namespace ddpsim {

void LeaveOutKnownDefects(Scenario* scenario);

// Whether faults of `scenario` may alter bytes that nothing covers.
bool CorruptsUnseen(const Scenario& scenario);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_KNOWN_DEFECTS_H_
