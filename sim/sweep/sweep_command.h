// `ddpsim sweep`: runs a grid of scenarios, or says how far one is, or puts its table together.
// Invariant: nothing runs before every point's scenario has proved good.
#ifndef DDPSIM_SIM_SWEEP_SWEEP_COMMAND_H_
#define DDPSIM_SIM_SWEEP_SWEEP_COMMAND_H_

#include <string>
#include <vector>

#include "sim/cli/command_line.h"

namespace ddpsim {

// The exit status. `cost_profiles`: names that host.cpu.profile may have.
int SweepCommand(const CommandLine& line, const std::vector<std::string>& cost_profiles);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SWEEP_SWEEP_COMMAND_H_
