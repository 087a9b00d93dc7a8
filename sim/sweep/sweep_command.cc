#include "sim/sweep/sweep_command.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sim/cli/console.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/cli/signals.h"
#include "sim/sweep/cost_estimate.h"
#include "sim/sweep/dry_run.h"
#include "sim/sweep/load_sweep.h"
#include "sim/sweep/local_executor.h"
#include "sim/sweep/program_call.h"
#include "sim/sweep/results.h"
#include "sim/sweep/slurm_executor.h"
#include "sim/sweep/sweep_folder.h"
#include "sim/text/nearest_name.h"
#include "sim/text/visible.h"

namespace ddpsim {
namespace sweep {
namespace {

constexpr int64_t kDefaultTimeout = 3600;

int Fail(int status, const std::string& text) {
  Complain(text);
  return status;
}

struct Options {
  std::string out;
  int jobs = 1;
  int64_t timeout = 0;  // 0: not given
  size_t batch = 0;
  bool slurm = false;
};

std::string Own(const CommandLine& line, const char* name) {
  const auto found = line.own.find(name);
  return found == line.own.end() ? "" : found->second;
}

// An integer of 1 or more, if it is given. A complaint, or "".
template <class T>
std::string TakeCount(const CommandLine& line, const char* name, T* out) {
  if (line.own.count(name) == 0) return "";
  const std::string& text = line.own.at(name);
  const auto result = std::from_chars(text.data(), text.data() + text.size(), *out);
  if (result.ec == std::errc() && result.ptr == text.data() + text.size() && *out >= 1) return "";
  return absl::StrCat("--", name, " takes an integer, 1 or more, not \"", text, "\"");
}

std::string TakeOptions(const CommandLine& line, Options* out) {
  out->out = Own(line, "out");
  while (out->out.size() > 1 && out->out.back() == '/') out->out.pop_back();
  out->jobs = static_cast<int>(line.jobs.value_or(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN))));
  std::string error = TakeCount(line, "timeout", &out->timeout);
  if (error.empty()) error = TakeCount(line, "batch", &out->batch);
  const std::string where = line.own.count("executor") ? line.own.at("executor") : "local";
  out->slurm = where == "slurm";
  if (error.empty() && !out->slurm && where != "local")
    error = absl::StrCat("--executor takes no \"", where, "\"",
                         AcceptedNames(where, {"local", "slurm"}));
  if (error.empty() && out->out.empty() && line.own.count("dry-run") == 0)
    error = "--out DIR is missing";
  return error;
}

// One `ddpsim sweep FILE`.
class Session {
 public:
  Session(const CommandLine& line, const Options& options, Expansion expansion)
      : line_(line), options_(options), expansion_(std::move(expansion)), folder_(FolderPath()) {
    Sweep& sweep = expansion_.sweep;
    if (options.timeout > 0) sweep.timeout_seconds = options.timeout;
    if (sweep.timeout_seconds == 0) sweep.timeout_seconds = kDefaultTimeout;
  }

  int Run() {
    const std::string lost = WhyInputLost();
    if (!lost.empty()) return Fail(kExitUsage, lost);
    int status = Open();
    if (status != kExitOk) return status;
    WatchSignals();
    const Sweep& sweep = expansion_.sweep;
    SweepProgress progress(sweep, options_.jobs, line_.quiet);
    const std::vector<std::string> pending = Pending(progress);
    std::string error = WriteScenarios(pending);
    if (error.empty()) error = folder_.WritePlan(sweep);
    progress.Show(0);
    if (error.empty() && !pending.empty()) error = Execute(pending, progress);
    progress.Clear();
    return Finish(error);
  }

 private:
  // Absolute, for nodes of a cluster start elsewhere.
  std::string FolderPath() const {
    return options_.slurm ? std::filesystem::absolute(options_.out).string() : options_.out;
  }

  // A plan, or its base, that stands in DIR under a name that the sweep gives to a file of its own.
  std::string WhyInputLost() const {
    const std::vector<std::string>& read = expansion_.files;
    std::string lost = WhyClobbered(read, {folder_.File("plan.json"), folder_.File("results.csv"),
                                           folder_.File("results.json")});
    for (const auto& [id, text] : expansion_.scenarios) {
      if (lost.empty()) lost = WhyClobbered(read, {folder_.ScenarioFile(id)});
    }
    return lost;
  }

  int Open() {
    std::string error = folder_.Create();
    if (!error.empty()) return Fail(kExitIoError, error);
    bool busy = false;
    if (!folder_.Lock(&error, &busy)) return Fail(busy ? kExitUsage : kExitIoError, error);
    if (line_.own.count("resume") == 0 && folder_.HoldsPoints())
      return Fail(kExitUsage, absl::StrCat(folder_.path(),
                                           " holds points of a sweep; --resume goes on "
                                           "with it, or choose another --out"));
    folder_.RemoveTemporaries();
    return kExitOk;
  }

  // Every id that has no result yet, in plan order. Those that failed are tried again.
  std::vector<std::string> Pending(SweepProgress& progress) const {
    std::vector<std::string> pending;
    for (const std::string& id : expansion_.sweep.Ids()) {
      if (folder_.StateOf(id) == PointState::kDone) {
        progress.Reuse(id);
      } else {
        pending.push_back(id);
      }
    }
    return pending;
  }

  std::string WriteScenarios(const std::vector<std::string>& ids) const {
    for (const std::string& id : ids) {
      std::string error = WriteFile(folder_.ScenarioFile(id), expansion_.scenarios.at(id));
      if (!error.empty()) return error;
    }
    return "";
  }

  std::string Execute(const std::vector<std::string>& pending, SweepProgress& progress) const {
    const Sweep& sweep = expansion_.sweep;
    if (!options_.slurm) {
      const ExecutionOptions options{options_.jobs,
                                     static_cast<double>(sweep.timeout_seconds),
                                     {kOwnImage},
                                     &ReceivedSignal()};
      return LocalExecutor(folder_, options, progress).Run(pending);
    }
    double seconds = 0;
    for (const SweepCell& cell : sweep.cells)
      seconds += kSecondsPerPoint + cell.weight * kSecondsPerPacket;
    const std::vector<std::string> sbatch =
        absl::StrSplit(Own(line_, "sbatch"), ' ', absl::SkipEmpty());
    const SlurmOptions options{
        options_.jobs, options_.batch, seconds / static_cast<double>(sweep.cells.size()),
        sbatch,        OwnProgram(),   &ReceivedSignal()};
    return SlurmExecutor(folder_, options, progress).Run(pending);
  }

  int Finish(std::string error) const {
    const Results results = CollectResults(folder_, expansion_.sweep);
    const std::string written = WriteResults(folder_, expansion_.sweep, results);
    if (error.empty()) error = written;
    if (!error.empty()) Complain(error);
    if (!results.complete()) {
      Complain(
          absl::StrCat(folder_.path(), ": ", results.Shortfall(), "; --resume goes on with it"));
    } else if (!line_.quiet) {
      std::fprintf(stderr, "sweep: all %zu points are in %s; next: ddpsim report %s\n",
                   results.done, Visible(folder_.path()).c_str(), Visible(folder_.path()).c_str());
    }
    if (ReceivedSignal() != 0) return kExitSignalBase + ReceivedSignal();
    if (!error.empty()) return kExitIoError;
    return results.complete() ? kExitOk : kExitFailed;
  }

  const CommandLine& line_;
  const Options& options_;
  Expansion expansion_;
  SweepFolder folder_;
};

int StatusCommand(const std::string& path) {
  const SweepFolder folder(path);
  std::string error = folder.WhyNotOwn();
  if (!error.empty()) return Fail(kExitIoError, error);
  Sweep sweep;
  int status = kExitOk;
  error = folder.ReadPlan(&sweep, &status);
  if (!error.empty()) return Fail(status, error);
  const Results results = CollectResults(folder, sweep);
  std::string text =
      absl::StrCat(Visible(sweep.name), ": ", results.done, " of ", results.points(),
                   " points done, ", results.failed.size(), " failed, ", results.missing,
                   " missing, ", folder.Busy() ? "running" : "not running", "\n");
  for (const FailedPoint& point : results.failed) {
    absl::StrAppend(&text, "failed: ", point.id, " ",
                    Visible(sweep.CellName(sweep.cells[point.cell])), ": ", Visible(point.reason),
                    "\n");
  }
  const std::string unwritten = WriteStandardOutput(text);
  return unwritten.empty() ? kExitOk : Fail(kExitIoError, unwritten);
}

int MergeCommand(const std::string& path) {
  const SweepFolder folder(path);
  std::string error = folder.WhyNotOwn();
  if (!error.empty()) return Fail(kExitIoError, error);
  Sweep sweep;
  int status = kExitOk;
  error = folder.ReadPlan(&sweep, &status);
  if (!error.empty()) return Fail(status, error);
  const Results results = CollectResults(folder, sweep);
  error = WriteResults(folder, sweep, results);
  if (!error.empty()) return Fail(kExitIoError, error);
  if (results.complete()) return kExitOk;
  return Fail(kExitFailed, absl::StrCat(path, ": ", results.Shortfall()));
}

// The first option that `status` and `merge` have no use for, or "".
std::string WhyNoOption(const CommandLine& line, const std::string& subcommand) {
  std::string option;
  if (!line.own.empty()) option = line.own.begin()->first;
  if (line.jobs) option = "jobs";
  if (line.seed) option = "seed";
  if (!line.overrides.empty()) option = "set";
  if (option.empty()) return "";
  return absl::StrCat("sweep ", subcommand, " takes no --", option,
                      ", which is for a sweep that runs; accepted: sweep ", subcommand, " DIR");
}

int RunSweep(const CommandLine& line, const std::vector<std::string>& cost_profiles) {
  if (line.operands.size() > 1)
    return Fail(kExitUsage, absl::StrCat("\"", line.operands[1], "\" is too much"));
  Options options;
  const std::string error = TakeOptions(line, &options);
  if (!error.empty()) return Fail(kExitUsage, error);
  Expansion expansion;
  const int status = LoadSweep(line, cost_profiles, &expansion);
  if (status != kExitOk) return status;
  if (line.own.count("dry-run") == 0) return Session(line, options, std::move(expansion)).Run();
  const std::string text = DryRunText(expansion.sweep, options.out, options.jobs);
  const std::string unwritten = WriteStandardOutput(text);
  return unwritten.empty() ? kExitOk : Fail(kExitIoError, unwritten);
}

}  // namespace
}  // namespace sweep

int SweepCommand(const CommandLine& line, const std::vector<std::string>& cost_profiles) {
  const std::string& first = line.operands[0];
  if (first != "status" && first != "merge" && first != "batch")
    return sweep::RunSweep(line, cost_profiles);
  // `batch` is what a Slurm task runs; nobody types it.
  const size_t operands = first == "batch" ? 3 : 2;
  if (line.operands.size() != operands)
    return sweep::Fail(kExitUsage, absl::StrCat("sweep ", first, " takes DIR"));
  std::string folder = line.operands[1];
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  if (first == "batch") {
    if (const std::string link = sweep::SweepFolder(folder).WhyNotOwn(); !link.empty())
      return sweep::Fail(kExitIoError, link);
    return sweep::RunSlurmBatch(folder, line.operands[2]);
  }
  if (const std::string error = sweep::WhyNoOption(line, first); !error.empty())
    return sweep::Fail(kExitUsage, error);
  return first == "status" ? sweep::StatusCommand(folder) : sweep::MergeCommand(folder);
}

}  // namespace ddpsim
