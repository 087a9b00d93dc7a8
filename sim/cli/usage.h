// The options of each command, once: the parser, the help text and the nearest-name hints all read
// this.
#ifndef DDPSIM_SIM_CLI_USAGE_H_
#define DDPSIM_SIM_CLI_USAGE_H_

#include <boost/program_options/options_description.hpp>
#include <string>
#include <vector>

#include "sim/cli/command_table.h"

namespace ddpsim {

void DescribeOptions(CommandId id, boost::program_options::options_description& out);

// "--set", "--seed", ...
std::vector<std::string> OptionNames(CommandId id);
// Names of the options that no other command has and that do not repeat.
std::vector<std::string> OwnOptionNames(CommandId id);

// One line: "usage: ddpsim run SCENARIO... [options]".
std::string UsageLine(const Command* command);
// The whole help page of a command, or of ddpsim itself if null.
std::string HelpText(const Command* command);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_USAGE_H_
