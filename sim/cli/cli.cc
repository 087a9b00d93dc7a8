#include "sim/cli/cli.h"

#include <cstdio>
#include <cstring>
#include <exception>

#include "ddpsim/base/check.h"
#include "sim/cli/console.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/cli/replay_command.h"
#include "sim/cli/usage.h"
#include "sim/cli/version.h"
#include "sim/result/result_json.h"
#include "sim/result/result_reference.h"
#include "sim/scenario/schema.h"

namespace ddpsim {
namespace {

int Print(const std::string& text) {
  const std::string error = WriteStandardOutput(text);
  if (error.empty()) return kExitOk;
  Complain(error);
  return kExitIoError;
}

int SchemaCommand(const CommandLine& line) {
  if (line.markdown) return Print(ScenarioReference() + "\n" + ResultReference());
  if (line.sweep_schema) return Print(SweepSchema().dump(2) + "\n");
  return Print(ScenarioSchema().dump(2) + "\n");
}

int Dispatch(const CommandLine& line, const Bench& bench) {
  if (line.version)
    return Print(std::string("ddpsim ") + kVersion + " (" + kCommit + ", " + kBuild + ")\n");
  if (line.help) return Print(HelpText(line.command));
  if (line.command->id == CommandId::kSchema) return SchemaCommand(line);
  if (line.command->id == CommandId::kTcpCheck) return bench.tcp_check(line);
  if (line.command->id == CommandId::kReplay) return ReplayCommand(line, bench);
  if (line.command->id == CommandId::kValidate) return bench.validate(line);
  if (line.command->id == CommandId::kSweep) return bench.sweep(line);
  if (line.command->id == CommandId::kReport) return bench.report(line);
  return RunCommand(line, bench);
}

}  // namespace

int RunCli(const std::vector<std::string>& arguments, const Bench& bench) {
  CommandLine line;
  const std::string error = ParseCommandLine(arguments, &line);
  if (!error.empty()) {
    Complain(error + "\n" + UsageLine(line.command));
    return kExitUsage;
  }
  try {
    return Dispatch(line, bench);
  } catch (const std::exception& bug) {
    // What passes through SystemC is its own kind of exception with the text of the first.
    if (std::strstr(bug.what(), "std::bad_alloc") != nullptr) {
      Complain("out of memory");
      return kExitNoMemory;
    }
    std::fprintf(stderr, "ddpsim: model bug: %s\n", bug.what());
    return kExitModelBug;
  }
}

}  // namespace ddpsim
