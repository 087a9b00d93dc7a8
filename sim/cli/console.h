// How commands talk: complaints on standard error, color if it is wanted, exit statuses of errors.
#ifndef DDPSIM_SIM_CLI_CONSOLE_H_
#define DDPSIM_SIM_CLI_CONSOLE_H_

#include <string>

#include "absl/status/status.h"
#include "sim/cli/command_line.h"

namespace ddpsim {

// Text of others in it cannot command a terminal.
void Complain(const std::string& text);
bool WantsColor(ColorChoice choice);
// InvalidArgument: bad data; NotFound: no input; else: an output could not be written.
int StatusOf(const absl::Status& status);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_CONSOLE_H_
