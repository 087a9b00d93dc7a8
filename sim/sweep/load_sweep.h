// From the command line's sweep file to every point's scenario, or to an exit status with all that
// is wrong said on standard error.
#ifndef DDPSIM_SIM_SWEEP_LOAD_SWEEP_H_
#define DDPSIM_SIM_SWEEP_LOAD_SWEEP_H_

#include <string>
#include <vector>

#include "sim/cli/command_line.h"
#include "sim/sweep/expand.h"

namespace ddpsim::sweep {

// kExitOk with *out filled in, or another.
int LoadSweep(const CommandLine& line, const std::vector<std::string>& cost_profiles,
              Expansion* out);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_LOAD_SWEEP_H_
