// `ddpsim run`: loads all scenarios, runs every compared mode of each, writes table and JSON.
// Invariant: nothing runs before every scenario has proved good and every output writable.
#ifndef DDPSIM_SIM_CLI_RUN_COMMAND_H_
#define DDPSIM_SIM_CLI_RUN_COMMAND_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sim/cli/command_line.h"
#include "sim/replay/replay_options.h"
#include "sim/result/replay_result.h"
#include "sim/result/run_result.h"
#include "sim/scenario/scenario.h"
#include "sim/system/run.h"

namespace ddpsim {

// What the commands need of the simulated system; main() gives the real one, tests one of their
// own.
struct Bench {
  std::function<absl::StatusOr<RunResult>(const Scenario&, Mode, const RunOptions&)> run;
  std::vector<std::string> cost_profiles;
  std::function<int(const CommandLine&)> tcp_check = nullptr;  // the exit status
  std::function<absl::StatusOr<ReplayResult>(const ReplayOptions&)> replay = nullptr;
  std::function<int(const CommandLine&)> validate = nullptr;  // the exit status
  std::function<int(const CommandLine&)> sweep = nullptr;     // the exit status
  std::function<int(const CommandLine&)> report = nullptr;    // the exit status
};

// The exit status.
int RunCommand(const CommandLine& line, const Bench& bench);

// Where a run's packets go: `file` itself if it is the only run, else with the names before the
// extension.
std::string PcapName(const std::string& file, const std::string& scenario,
                     const std::string& variant, const std::string& mode, bool several_scenarios,
                     bool several_runs);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_RUN_COMMAND_H_
