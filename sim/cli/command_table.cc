#include "sim/cli/command_table.h"

#include <cstddef>
#include <cstdint>

namespace ddpsim {
namespace {
constexpr size_t kAny = SIZE_MAX;
}  // namespace

const std::vector<Command>& Commands() {
  static const auto& commands = *new std::vector<Command>{
      {CommandId::kRun, "run", "SCENARIO...", "run scenarios: every compared mode, side by side",
       true, 1, kAny},
      {CommandId::kSweep, "sweep", "SWEEP --out DIR",
       "run a grid of scenarios; \"sweep status DIR\", \"sweep merge DIR\": of one that ran", true,
       1, 3},
      {CommandId::kReport, "report", "DIR", "a table and a page from a sweep's results", true, 1,
       1},
      {CommandId::kValidate, "validate", "[SCENARIO]",
       "is resync, and every other law, right under faults?", true, 0, 1},
      {CommandId::kReplay, "replay", "CAPTURE",
       "what this NIC would have done with a real capture (pcap, pcapng, .gz)", true, 1, 1},
      {CommandId::kTcpCheck, "tcp-check", "FILE...", "TCP trace tests against the TCP model", true,
       1, kAny},
      {CommandId::kReproduce, "reproduce", "[NAME]", "published figures beside ours", false, 0,
       kAny},
      {CommandId::kCalibrate, "calibrate", "", "measure this machine's costs", false, 0, kAny},
      {CommandId::kSchema, "schema", "",
       "print the JSON Schema of scenarios; --markdown: the reference page", true, 0, 0},
  };
  return commands;
}

const Command* FindCommand(const std::string& name) {
  for (const Command& command : Commands()) {
    if (name == command.name) return &command;
  }
  return nullptr;
}

std::vector<std::string> BuiltCommandNames() {
  std::vector<std::string> names;
  for (const Command& command : Commands()) {
    if (command.built) names.push_back(command.name);
  }
  return names;
}

}  // namespace ddpsim
