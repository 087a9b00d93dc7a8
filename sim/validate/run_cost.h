// Keeps a drawn scenario affordable: a run takes some tens of milliseconds on average. What costs
// is bytes, I/Os and connections, not delay: an extreme value stays, and what is large beside it is
// made smaller. Where the two clash (16 MiB at a depth of 65,536) one of them gives way, drawn.
#ifndef DDPSIM_SIM_VALIDATE_RUN_COST_H_
#define DDPSIM_SIM_VALIDATE_RUN_COST_H_

#include <cstdint>

#include "sim/scenario/scenario.h"
#include "sim/validate/dice.h"

namespace ddpsim {

// How much a run may move. Most are small; now and then one is large.
int64_t DrawByteBudget(Dice* dice);
void BoundCost(int64_t byte_budget, Scenario* scenario, Dice* dice);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_RUN_COST_H_
