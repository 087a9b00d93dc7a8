// `ddpsim replay`: reads the options, replays the capture in every mode, writes table and JSON.
#ifndef DDPSIM_SIM_CLI_REPLAY_COMMAND_H_
#define DDPSIM_SIM_CLI_REPLAY_COMMAND_H_

#include "sim/cli/run_command.h"

namespace ddpsim {

// The exit status.
int ReplayCommand(const CommandLine& line, const Bench& bench);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_REPLAY_COMMAND_H_
