#include "sim/sweep/slurm_executor.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sim/cli/console.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/cli/signals.h"
#include "sim/cli/version.h"
#include "sim/cli/wall_time.h"
#include "sim/sweep/durable_file.h"
#include "sim/sweep/local_executor.h"
#include "sim/sweep/program_call.h"
#include "sim/text/shell_quoted.h"

namespace ddpsim::sweep {
namespace {

// Slurm's MaxArraySize is 1001 unless configured.
constexpr size_t kMostTasks = 1000;
// A task should last so long that starting it does not matter.
constexpr double kSecondsPerTask = 10;
// Rounds in a row without one more point: something is wrong with the nodes.
constexpr int kFruitlessRounds = 3;
constexpr double kQueuePeriod = 1;

// Slurm's answer for people: its last line.
std::string Complaint(const char* program, const ProgramEnd& end) {
  if (end.status == 127)
    return absl::StrCat(program, ": no such program; --executor slurm needs Slurm's commands");
  const std::string text(absl::StripSuffix(end.output, "\n"));
  return absl::StrCat(program, ": ", text.substr(text.rfind('\n') + 1));
}

}  // namespace

std::string SlurmExecutor::Run(const std::vector<std::string>& ids) {
  std::error_code made;
  std::filesystem::create_directories(folder_.File("slurm"), made);
  if (made) return absl::StrCat(folder_.File("slurm"), ": ", made.message());
  CancelLeftOver();
  // What failed before is tried again: only this sweep's failures count.
  for (const std::string& id : ids) unlink(folder_.FailedFile(id).c_str());
  int fruitless = 0;
  for (int round = 1; *options_.interrupt == 0; ++round) {
    std::vector<std::string> missing;
    for (const std::string& id : ids) {
      if (ended_.count(id) == 0) missing.push_back(id);
    }
    if (missing.empty()) break;
    if (fruitless == kFruitlessRounds) {
      Complain(absl::StrCat(missing.size(), " points are missing after ", fruitless,
                            " rounds without one more; see ", folder_.File("slurm")));
      break;
    }
    const size_t before = ended_.size();
    std::string error = RunRound(round, missing);
    if (!error.empty()) return error;
    fruitless = ended_.size() > before ? 0 : fruitless + 1;
  }
  return "";
}

std::string SlurmExecutor::RunRound(int round, const std::vector<std::string>& ids) {
  const std::string name = absl::StrCat("round-", getpid(), "-", round);
  size_t batches = 0;
  std::string error = WriteBatches(name, ids, &batches);
  if (error.empty()) error = Submit(name, batches);
  if (!error.empty()) return error;
  double asked = SteadySeconds();
  while (true) {
    usleep(200'000);
    Scan(ids);
    progress_.Show(std::min(batches, static_cast<size_t>(options_.jobs)));
    if (*options_.interrupt != 0) {
      Cancel();
      return "";
    }
    if (SteadySeconds() - asked < kQueuePeriod) continue;
    asked = SteadySeconds();
    if (!JobRuns()) break;
  }
  Scan(ids);
  unlink(folder_.File("slurm/job").c_str());
  return "";
}

std::string SlurmExecutor::WriteBatches(const std::string& name,
                                        const std::vector<std::string>& ids, size_t* count) {
  std::error_code made;
  std::filesystem::create_directories(folder_.File("slurm/" + name), made);
  if (made) return absl::StrCat(folder_.File("slurm/" + name), ": ", made.message());
  size_t batch = options_.batch;
  if (batch == 0) {
    const size_t jobs = static_cast<size_t>(options_.jobs);
    batch = static_cast<size_t>(kSecondsPerTask / std::max(options_.seconds_per_point, 1e-3));
    batch = std::max<size_t>(1, std::min(batch, (ids.size() + jobs - 1) / jobs));
  }
  batch = std::max(batch, (ids.size() + kMostTasks - 1) / kMostTasks);
  for (size_t at = 0; at < ids.size(); at += batch, ++*count) {
    std::string text;
    for (size_t i = at; i < std::min(at + batch, ids.size()); ++i)
      absl::StrAppend(&text, ids[i], "\n");
    std::string error = WriteFile(folder_.File(absl::StrCat("slurm/", name, "/", *count)), text);
    if (!error.empty()) return error;
  }
  return "";
}

std::string SlurmExecutor::Submit(const std::string& name, size_t batches) {
  const std::string task =
      absl::StrCat("exec ", ShellQuoted(options_.program), " sweep batch ",
                   ShellQuoted(folder_.path()), " ", name, "/$SLURM_ARRAY_TASK_ID");
  std::vector<std::string> words = {
      "sbatch",
      "--parsable",
      "--job-name=ddpsim",
      "--no-requeue",
      absl::StrCat("--array=0-", batches - 1, "%", options_.jobs),
      absl::StrCat("--output=", folder_.path(), "/slurm/", name, "/%a.log")};
  words.insert(words.end(), options_.sbatch.begin(), options_.sbatch.end());
  words.insert(words.end(), {"--wrap", task});
  const ProgramEnd end = CallProgram(words);
  if (end.status != 0) return Complaint("sbatch", end);
  // "JOB" or "JOB;CLUSTER", after warnings if there are any.
  const std::string text(absl::StripSuffix(end.output, "\n"));
  job_ = text.substr(text.rfind('\n') + 1);
  job_ = job_.substr(0, job_.find(';'));
  return WriteFile(folder_.File("slurm/job"), job_ + "\n");
}

bool SlurmExecutor::JobRuns() const {
  const ProgramEnd end = CallProgram({"squeue", "--noheader", "--jobs=" + job_, "--format=%T"});
  if (end.status == 0) return !end.output.empty();
  // A job that ended a while ago is unknown; anything else (the controller does not answer) is not
  // an end.
  return end.output.find("Invalid job id") == std::string::npos;
}

void SlurmExecutor::Cancel() {
  CallProgram({"scancel", job_});
  unlink(folder_.File("slurm/job").c_str());
}

void SlurmExecutor::CancelLeftOver() {
  std::string error;
  const std::optional<std::string> text = ReadOwnFile(folder_.File("slurm/job"), &error);
  if (!text) return;
  job_ = std::string(absl::StripSuffix(*text, "\n"));
  Cancel();
}

void SlurmExecutor::Scan(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (ended_.count(id) > 0) continue;
    const bool there = access(folder_.PointFile(id).c_str(), F_OK) == 0 ||
                       access(folder_.FailedFile(id).c_str(), F_OK) == 0;
    const PointState state = there ? folder_.StateOf(id) : PointState::kMissing;
    if (state == PointState::kMissing) continue;
    ended_.insert(id);
    const bool done = state == PointState::kDone;
    progress_.Ended(id, {done ? PointEnd::How::kDone : PointEnd::How::kFailed,
                         done ? "" : "see " + folder_.FailedFile(id), 0});
  }
}

int RunSlurmBatch(const std::string& path, const std::string& file) {
  const SweepFolder folder(path);
  Sweep sweep;
  int status = kExitOk;
  std::string error = folder.ReadPlan(&sweep, &status);
  std::optional<std::string> text;
  if (error.empty()) text = ReadOwnFile(folder.File("slurm/" + file), &error, &status);
  if (!text) {
    Complain(error);
    return status;
  }
  if (sweep.model_version != kModelVersion) {
    Complain(absl::StrCat(path, ": the sweep is of model ", sweep.model_version,
                          ", this ddpsim is of model ", kModelVersion));
    return kExitBadData;
  }
  std::vector<std::string> ids;
  for (absl::string_view id : absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
    if (folder.StateOf(std::string(id)) == PointState::kMissing) ids.emplace_back(id);
  }
  WatchSignals();
  SweepProgress progress(sweep, 1, true);
  const ExecutionOptions options{
      1, static_cast<double>(sweep.timeout_seconds), {kOwnImage}, &ReceivedSignal()};
  error = LocalExecutor(folder, options, progress).Run(ids);
  if (ReceivedSignal() != 0) return kExitSignalBase + ReceivedSignal();
  if (error.empty()) return kExitOk;
  Complain(error);
  return kExitIoError;
}

}  // namespace ddpsim::sweep
