#include "sim/validate/validate_command.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "absl/strings/str_cat.h"
#include "sim/cli/console.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/cli/progress_line.h"
#include "sim/cli/signals.h"
#include "sim/cli/wall_time.h"
#include "sim/scenario/scenario_loader.h"
#include "sim/system/cost_profile.h"
#include "sim/text/nearest_name.h"
#include "sim/text/shell_quoted.h"
#include "sim/validate/exhaustive_search.h"
#include "sim/validate/mutant_hunt.h"
#include "sim/validate/random_search.h"
#include "sim/validate/suite.h"
#include "sim/validate/validate_options.h"

namespace ddpsim {
namespace {

constexpr int64_t kSeeds = 200;         // with no --seeds
constexpr int64_t kScenarioSeeds = 10;  // of a scenario of the user's
constexpr char kFolder[] = "validate-failures";

Workers WorkersOf(const CommandLine& line, ProgressLine& progress) {
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  const auto jobs = static_cast<int>(line.jobs.value_or(cores > 0 ? cores : 1));
  return {jobs, [&progress, begun = SteadySeconds()](size_t ended, size_t planned) {
            const double part = static_cast<double>(ended) / static_cast<double>(planned);
            progress.Show(absl::StrCat("validate: ", ended, " of ", planned, " done",
                                       TimeLeft(part, SteadySeconds() - begun)));
          }};
}

// The command that does it again, with the planted bug that is on.
std::string WithBug(const CommandLine& line, const std::string& command) {
  if (line.mutant.empty()) return "ddpsim " + command;
  return absl::StrCat("ddpsim_mutants ", command, " --mutant ", line.mutant);
}

std::string OfScenario(const CommandLine& line) {
  std::string command = "validate " + ShellQuoted(line.operands.front());
  for (const Override& set : line.overrides)
    absl::StrAppend(&command, " --set ", ShellQuoted(absl::StrCat(set.pointer, "=", set.value)));
  return command;
}

int SearchScenario(const CommandLine& line, const Workers& workers, int mutant,
                   ValidateReport* report) {
  const std::string& file = line.operands.front();
  std::string error;
  int why = kExitNoInput;
  const std::optional<std::string> text = ReadFile(file, &error, &why);
  if (!text) {
    Complain(error);
    return why;
  }
  LoadOptions options{line.overrides, std::nullopt, CostProfileNames()};
  options.several_seeds = true;
  LoadResult loaded = LoadScenario(*text, file, options);
  std::fputs(loaded.diagnostics.ToString().c_str(), stderr);
  if (!loaded.plan) return kExitBadData;
  const int64_t first = line.seed.value_or(loaded.plan->scenario.seed);
  const int64_t count = line.seeds.value_or(kScenarioSeeds);
  if (error = WhyTooManySeeds(first, count); !error.empty()) {
    Complain(error);
    return kExitUsage;
  }
  std::vector<Trial> trials = ScenarioTrials(*loaded.plan, file, first, count);
  for (Trial& trial : trials) trial.mutant = mutant;
  *report = Search(trials, workers, WithBug(line, OfScenario(line)), kFolder);
  report->title = absl::StrCat(file, ", seeds ", first, "..", first + count - 1);
  return kExitOk;
}

int Run(const CommandLine& line, const Workers& workers, ValidateReport* report) {
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
    *report = ExhaustiveReport(line.max_states, workers, mutant, WithBug(line, again), kFolder);
    return kExitOk;
  }
  if (!line.suite.empty()) {
    const std::string error = SuiteReport(line.suite, workers, report);
    if (error.empty()) return kExitOk;
    Complain(error);
    return kExitUsage;
  }
  if (!line.operands.empty()) return SearchScenario(line, workers, mutant, report);
  if (!line.mutant.empty()) {
    const std::string error = HuntMutants(line.mutant, line.seed.value_or(1), workers, report);
    if (error.empty()) return kExitOk;
    Complain(error);
    return kExitUsage;
  }
  const int64_t first = line.seed.value_or(1);
  const int64_t count = line.seeds.value_or(kSeeds);
  if (const std::string error = WhyTooManySeeds(first, count); !error.empty()) {
    Complain(error);
    return kExitUsage;
  }
  if (const auto write = line.own.find("write"); write != line.own.end()) {
    const std::string error = WriteRandomScenarios(first, count, write->second);
    if (error.empty()) return kExitOk;
    Complain(error);
    return kExitIoError;
  }
  *report = Search(RandomTrials(first, count), workers, "ddpsim validate", kFolder);
  report->planned = static_cast<size_t>(count);  // drawn or not
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
  const std::string lost =
      WhyClobbered(line.operands, {line.json_file, line.junit_file, line.nipa_file});
  if (!lost.empty()) {
    Complain(lost);
    return kExitUsage;
  }
  for (const std::string& file : {line.json_file, line.junit_file, line.nipa_file}) {
    if (file.empty() || file == "-") continue;
    const std::string error = WhyNotWritable(file);
    if (error.empty()) continue;
    Complain(error);
    return kExitIoError;
  }
  return kExitOk;
}

bool WritesStandardOutput(const CommandLine& line) {
  return line.json_file == "-" || line.junit_file == "-" || line.nipa_file == "-";
}

}  // namespace

int ValidateCommand(const CommandLine& line) {
  if (const std::string error = WhyContradictory(line); !error.empty()) {
    Complain(error);
    return kExitUsage;
  }
  if (const int status = CheckOutputs(line); status != kExitOk) return status;
  WatchSignals();
  ValidateReport report;
  const auto started = static_cast<double>(std::time(nullptr));
  ProgressLine progress(line.quiet);
  const int ran = Run(line, WorkersOf(line, progress), &report);
  progress.Clear();
  if (ran != kExitOk) return ran;
  if (line.own.count("write") > 0)
    return ReceivedSignal() != 0 ? kExitSignalBase + ReceivedSignal() : kExitOk;
  report.started = started;
  report.ended = static_cast<double>(std::time(nullptr));
  int status = report.good() ? kExitOk : kExitFailed;
  for (const auto& [file, text] : {std::pair{line.json_file, ReportJson(report)},
                                   std::pair{line.junit_file, ReportJunit(report)},
                                   std::pair{line.nipa_file, ReportNipa(report)}}) {
    if (const int written = Write(file, text); written != kExitOk) status = written;
  }
  if (!line.quiet && !WritesStandardOutput(line)) {
    std::string text = ReportTable(report);
    if (line.own.count("coverage") > 0 && report.coverage) text = report.coverage->Table() + text;
    if (const int written = Write("-", text); written != kExitOk) status = written;
  }
  return ReceivedSignal() != 0 ? kExitSignalBase + ReceivedSignal() : status;
}

}  // namespace ddpsim
