// What --dry-run prints: every point with its id, and how long it all may take.
#ifndef DDPSIM_SIM_SWEEP_DRY_RUN_H_
#define DDPSIM_SIM_SWEEP_DRY_RUN_H_

#include <string>

#include "sim/sweep/sweep.h"

namespace ddpsim::sweep {

// `folder`: points that are done there are told apart; "": none.
std::string DryRunText(const Sweep& sweep, const std::string& folder, int jobs);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_DRY_RUN_H_
