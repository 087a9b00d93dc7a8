// `ddpsim tcp-check FILE...`: TCP trace tests against the TCP model. The summary comes last on
// standard output; with --json - only the JSON does.
#ifndef DDPSIM_SIM_TCP_CHECK_TCP_CHECK_COMMAND_H_
#define DDPSIM_SIM_TCP_CHECK_TCP_CHECK_COMMAND_H_

#include "sim/cli/command_line.h"

namespace ddpsim {

// The exit status: 0 none failed, 1 some failed, 65 a file is no trace, 66 a file is missing.
int TcpCheckCommand(const CommandLine& line);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_TCP_CHECK_COMMAND_H_
