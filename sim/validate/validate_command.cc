#include "sim/validate/validate_command.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "absl/strings/str_cat.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/cli/signals.h"
#include "sim/scenario/scenario_loader.h"
#include "sim/system/cost_profile.h"
#include "sim/text/nearest_name.h"
#include "sim/validate/exhaustive_search.h"
#include "sim/validate/mutant_hunt.h"
#include "sim/validate/random_search.h"
#include "sim/validate/suite.h"

namespace ddpsim {
namespace {

constexpr int64_t kSeeds = 200;         // with no --seeds
constexpr int64_t kScenarioSeeds = 10;  // of a scenario of the user's
constexpr char kFolder[] = "validate-failures";

void Complain(const std::string& text) { std::fprintf(stderr, "ddpsim: %s\n", text.c_str()); }

int Jobs(const CommandLine& line) {
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return static_cast<int>(line.jobs.value_or(cores > 0 ? cores : 1));
}

// The command that does it again, with the planted bug that is on.
std::string WithBug(const CommandLine& line, const std::string& command) {
  if (line.mutant.empty()) return "ddpsim " + command;
  return absl::StrCat("ddpsim_mutants ", command, " --mutant ", line.mutant);
}

int SearchScenario(const CommandLine& line, int mutant, ValidateReport* report) {
  const std::string& file = line.operands.front();
  std::string error;
  const std::optional<std::string> text = ReadFile(file, &error);
  if (!text) {
    Complain(error);
    return kExitNoInput;
  }
  LoadResult loaded =
      LoadScenario(*text, file, LoadOptions{line.overrides, std::nullopt, CostProfileNames()});
  std::fputs(loaded.diagnostics.ToString().c_str(), stderr);
  if (!loaded.plan) return kExitBadData;
  const int64_t first = line.seed.value_or(loaded.plan->scenario.seed);
  const int64_t count = line.seeds.value_or(kScenarioSeeds);
  std::vector<Trial> trials = ScenarioTrials(*loaded.plan, file, first, count);
  for (Trial& trial : trials) trial.mutant = mutant;
  *report = Search(trials, Jobs(line), WithBug(line, "validate " + file), kFolder);
  report->title = absl::StrCat(file, ", seeds ", first, "..", first + count - 1);
  return kExitOk;
}

int Run(const CommandLine& line, ValidateReport* report) {
  // With something to look at, a planted bug is one that is on; alone, one that is to be found.
  int mutant = 0;
  if (!line.mutant.empty() && (line.exhaustive || !line.operands.empty())) {
    const std::string error = FindMutant(line.mutant, &mutant);
    if (!error.empty()) {
      Complain(error);
      return kExitUsage;
    }
  }
  if (line.exhaustive) {
    const char* again = mutant == 0 ? "run" : "validate --seeds 1";
    *report = ExhaustiveReport(line.max_states, Jobs(line), mutant, WithBug(line, again), kFolder);
    return kExitOk;
  }
  if (!line.suite.empty()) {
    const std::string error = SuiteReport(line.suite, Jobs(line), report);
    if (error.empty()) return kExitOk;
    Complain(error);
    return kExitUsage;
  }
  if (!line.operands.empty()) return SearchScenario(line, mutant, report);
  if (!line.mutant.empty()) {
    const std::string error = HuntMutants(line.mutant, line.seed.value_or(1), Jobs(line), report);
    if (error.empty()) return kExitOk;
    Complain(error);
    return kExitUsage;
  }
  const int64_t first = line.seed.value_or(1);
  const int64_t count = line.seeds.value_or(kSeeds);
  *report = Search(RandomTrials(first, count), Jobs(line), "ddpsim validate", kFolder);
  report->title = absl::StrCat("seeds ", first, "..", first + count - 1);
  return kExitOk;
}

int Write(const std::string& file, const std::string& text) {
  if (file.empty()) return kExitOk;
  const std::string error = file == "-" ? WriteStandardOutput(text) : WriteFile(file, text);
  if (error.empty()) return kExitOk;
  Complain(error);
  return kExitIoError;
}

int CheckOutputs(const CommandLine& line) {
  for (const std::string& file : {line.json_file, line.junit_file, line.nipa_file}) {
    if (file.empty() || file == "-") continue;
    const std::string error = WhyNotWritable(file);
    if (error.empty()) continue;
    Complain(error);
    return kExitIoError;
  }
  return kExitOk;
}

}  // namespace

int ValidateCommand(const CommandLine& line) {
  if (const int status = CheckOutputs(line); status != kExitOk) return status;
  WatchSignals();
  ValidateReport report;
  const auto started = static_cast<double>(std::time(nullptr));
  if (const int status = Run(line, &report); status != kExitOk) return status;
  report.started = started;
  report.ended = static_cast<double>(std::time(nullptr));
  int status = report.good() ? kExitOk : kExitFailed;
  for (const auto& [file, text] : {std::pair{line.json_file, ReportJson(report)},
                                   std::pair{line.junit_file, ReportJunit(report)},
                                   std::pair{line.nipa_file, ReportNipa(report)}}) {
    if (const int written = Write(file, text); written != kExitOk) status = written;
  }
  if (!line.quiet && line.json_file != "-") {
    if (const int written = Write("-", ReportTable(report)); written != kExitOk) status = written;
  }
  return ReceivedSignal() != 0 ? kExitSignalBase + ReceivedSignal() : status;
}

}  // namespace ddpsim
