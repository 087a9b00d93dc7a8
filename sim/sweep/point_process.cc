#include "sim/sweep/point_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/result/result_json.h"
#include "sim/sweep/durable_file.h"

namespace ddpsim::sweep {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFailedFormat[] = "ddpsim-failed-point/1";

// The first thing that is wrong with a result whose run said so.
std::string WhyBad(const Json& result) {
  for (const Json& run : result["runs"]) {
    const std::string mode = run["mode"].get<std::string>();
    const std::string ended_by = run["ended_by"].get<std::string>();
    if (ended_by != "total_ios" && ended_by != "runtime")
      return absl::StrCat(mode, ": the run was cut short: ", ended_by);
    const Json& verification = run["verification"];
    if (verification["verdict"] == "pass") continue;
    for (const Json& violation : verification["violations"])
      return absl::StrCat(mode, ": verification failed: ", violation.dump());
    return absl::StrCat(mode, ": verification failed");
  }
  for (const Json& failed : result["expect"]["failed"])
    return absl::StrCat("expectation failed: ", failed.dump());
  return "no data moved";
}

std::string SignalText(int signal) {
  std::string text = absl::StrCat("killed by signal ", signal, " (", strsignal(signal), ")");
  if (signal == SIGKILL) text += ": by hand, or out of memory";
  return text;
}

int64_t SimTime(const Json& result) {
  int64_t sum = 0;
  for (const Json& run : result["runs"]) sum += run["sim_time_ns"].get<int64_t>();
  return sum;
}

bool IsResult(const Json& json) {
  return json.is_object() && json.value("format", "") == kResultFormat && json.contains("runs") &&
         json["runs"].is_array() && !json["runs"].empty() && json.contains("expect");
}

}  // namespace

PointProcess::PointProcess(const SweepFolder& folder, const std::vector<std::string>& program,
                           std::string id)
    : folder_(folder),
      program_(program),
      id_(std::move(id)),
      result_(folder.TemporaryFile(id_ + ".result")),
      log_(folder.TemporaryFile(id_ + ".log")) {}

std::string PointProcess::Start() {
  std::fflush(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) return absl::StrCat("no process for a point: ", std::strerror(errno));
  if (pid_ == 0) Become(parent);
  return "";
}

void PointProcess::Become(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kExitModelBug);
  // A terminal's ^C is for the parent, which ends this one itself.
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  // When memory runs out, better this process than the parent.
  const int oom = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (oom >= 0 && write(oom, "500", 3) == 3) close(oom);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int log = open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (nothing < 0 || log < 0) _exit(kExitIoError);
  dup2(nothing, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  std::vector<std::string> words = program_;
  const std::string scenario = folder_.ScenarioFile(id_);
  words.insert(words.end(), {"run", scenario, "--quiet", "--json", result_});
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  std::fprintf(stderr, "cannot run %s: %s\n", arguments[0], std::strerror(errno));
  std::fflush(stderr);
  _exit(kExitIoError);
}

void PointProcess::Kill() const { kill(pid_, SIGKILL); }

void PointProcess::Abandon() const {
  for (const std::string& file : {result_, result_ + ".part", log_}) unlink(file.c_str());
}

PointEnd PointProcess::Finish(int status, bool timed_out) {
  PointEnd end = Judge(status, timed_out);
  Abandon();
  return end;
}

PointEnd PointProcess::Judge(int status, bool timed_out) {
  if (timed_out) return CommitFailure("timeout: the process was killed after its time was up", "");
  if (WIFSIGNALED(status)) return CommitFailure(SignalText(WTERMSIG(status)), "");
  const int code = WEXITSTATUS(status);
  if (code == kExitIoError) return {PointEnd::How::kIoError, LogTail(), 0};
  if (code != kExitOk && code != kExitFailed)
    return CommitFailure(absl::StrCat("exit status ", code), "");
  std::string error;
  const std::optional<std::string> text = ReadOwnFile(result_, &error);
  if (!text) return CommitFailure(absl::StrCat("exit status ", code, " and no result"), "");
  const Json result = Json::parse(*text, nullptr, false);
  if (result.is_discarded() || !IsResult(result))
    return CommitFailure(absl::StrCat("exit status ", code, " and no whole result"), *text);
  if (code != kExitOk) return CommitFailure(WhyBad(result), *text);
  PointEnd end = CommitResult(*text);
  end.sim_time_ns = SimTime(result);
  return end;
}

PointEnd PointProcess::CommitResult(const std::string& text) {
  const std::string error = folder_.Commit(folder_.PointFile(id_), Seal(text, id_));
  if (!error.empty()) return {PointEnd::How::kIoError, error, 0};
  unlink(folder_.FailedFile(id_).c_str());
  return {PointEnd::How::kDone, "", 0};
}

PointEnd PointProcess::CommitFailure(const std::string& reason, const std::string& result) {
  Json json = {{"format", kFailedFormat}, {"reason", reason}, {"stderr", LogTail()}};
  Json parsed = Json::parse(result, nullptr, false);
  if (!parsed.is_discarded()) json["result"] = std::move(parsed);
  const std::string text = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  const std::string error = folder_.Commit(folder_.FailedFile(id_), Seal(text, id_));
  if (!error.empty()) return {PointEnd::How::kIoError, error, 0};
  return {PointEnd::How::kFailed, reason, 0};
}

std::string PointProcess::LogTail() const {
  constexpr size_t kMost = 2000;
  std::string error;
  std::string text = ReadOwnFile(log_, &error).value_or(error);
  if (text.size() > kMost) text = text.substr(text.size() - kMost);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace ddpsim::sweep
