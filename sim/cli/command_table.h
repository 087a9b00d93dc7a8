// The commands by name: which exist, what they take, and which of them this build can do.
#ifndef DDPSIM_SIM_CLI_COMMAND_TABLE_H_
#define DDPSIM_SIM_CLI_COMMAND_TABLE_H_

#include <string>
#include <vector>

namespace ddpsim {

enum class CommandId {
  kRun,
  kSweep,
  kReport,
  kValidate,
  kReplay,
  kTcpCheck,
  kReproduce,
  kCalibrate,
  kSchema
};

struct Command {
  CommandId id;
  const char* name;
  const char* operands;
  const char* summary;
  bool built;
  size_t min_operands;
  size_t max_operands;
};

const std::vector<Command>& Commands();
// Null if there is none of that name.
const Command* FindCommand(const std::string& name);
// Names of the commands that are built.
std::vector<std::string> BuiltCommandNames();

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_COMMAND_TABLE_H_
