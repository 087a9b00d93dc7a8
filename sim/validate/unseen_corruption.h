// Faults that no mechanism can catch: bytes altered under a right TCP checksum where no digest
// covers them. Wrong bytes are then what must come out (a scenario's `expect` names
// corrupt_delivered); every other law holds all the same.
#ifndef DDPSIM_SIM_VALIDATE_UNSEEN_CORRUPTION_H_
#define DDPSIM_SIM_VALIDATE_UNSEEN_CORRUPTION_H_

#include "sim/scenario/scenario.h"

namespace ddpsim {

bool CorruptsUnseen(const Scenario& scenario);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_UNSEEN_CORRUPTION_H_
