// ddpsim's command line: from arguments to exit status. main() adds nothing but the real bench.
#ifndef DDPSIM_SIM_CLI_CLI_H_
#define DDPSIM_SIM_CLI_CLI_H_

#include <string>
#include <vector>

#include "sim/cli/run_command.h"

namespace ddpsim {

// `arguments` without the program's name.
int RunCli(const std::vector<std::string>& arguments, const Bench& bench);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_CLI_H_
