// The command line as values, or what is wrong with it. Nothing is opened or run here.
#ifndef DDPSIM_SIM_CLI_COMMAND_LINE_H_
#define DDPSIM_SIM_CLI_COMMAND_LINE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/cli/command_table.h"
#include "sim/scenario/scenario_loader.h"

namespace ddpsim {

enum class ColorChoice { kAuto, kAlways, kNever };

struct CommandLine {
  const Command* command = nullptr;  // null: only help or version is asked for
  std::vector<std::string> operands;
  std::vector<Override> overrides;
  std::optional<int64_t> seed;
  std::string json_file;  // "-": standard output
  std::string pcap_file;
  bool quiet = false;
  int verbosity = 0;
  ColorChoice color = ColorChoice::kAuto;
  bool markdown = false;
  bool sweep_schema = false;
  bool resync = false;
  bool strict = false;
  // Options that only one command has, by name, as they were given, repeated ones joined by ",";
  // a flag's value is "".
  std::map<std::string, std::string> own;
  // validate
  std::optional<int64_t> seeds;
  std::optional<int64_t> jobs;
  std::optional<int64_t> max_states;
  bool exhaustive = false;
  std::string mutant;
  std::string suite;
  std::string junit_file;
  std::string nipa_file;
  bool help = false;
  bool version = false;
};

// What is wrong, with the nearest name, or "" with *out filled in.
std::string ParseCommandLine(const std::vector<std::string>& arguments, CommandLine* out);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_COMMAND_LINE_H_
