// `ddpsim validate`: whether resync, and every other law, holds: under random scenarios, over all
// histories of the context's state machine within bounds, against planted bugs, and in the shape of
// a kernel test. Invariant: what was planned and did not end well is a failure.
#ifndef DDPSIM_SIM_VALIDATE_VALIDATE_COMMAND_H_
#define DDPSIM_SIM_VALIDATE_VALIDATE_COMMAND_H_

#include "sim/cli/command_line.h"

namespace ddpsim {

// The exit status.
int ValidateCommand(const CommandLine& line);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_VALIDATE_COMMAND_H_
