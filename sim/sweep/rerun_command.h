// The command that runs a cell's scenario again outside the sweep, quoted for a POSIX shell; the
// seed is left out.
#ifndef DDPSIM_SIM_SWEEP_RERUN_COMMAND_H_
#define DDPSIM_SIM_SWEEP_RERUN_COMMAND_H_

#include <string>
#include <vector>

#include "sim/sweep/expand.h"

namespace ddpsim::sweep {

// "" if the base stands in the plan: then only the resolved scenario can be run.
std::string RerunCommand(const SweepPlan& plan, const ExpandInput& input,
                         const std::vector<size_t>& indices);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_RERUN_COMMAND_H_
