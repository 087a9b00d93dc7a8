#include "sim/sweep/local_executor.h"

#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <ctime>
#include <utility>

#include "sim/cli/wall_time.h"

namespace ddpsim::sweep {
namespace {

// SIGCHLD blocked while this lives, so that sigtimedwait() wakes up for each end of a process.
class ChildSignal {
 public:
  ChildSignal() {
    sigemptyset(&child_);
    sigaddset(&child_, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_, &old_);
  }
  ~ChildSignal() { sigprocmask(SIG_SETMASK, &old_, nullptr); }

  void Wait() const {
    constexpr timespec kTick = {0, 100'000'000};
    sigtimedwait(&child_, nullptr, &kTick);
  }

 private:
  sigset_t child_;
  sigset_t old_;
};

}  // namespace

std::string LocalExecutor::Run(const std::vector<std::string>& ids) {
  const ChildSignal child;
  for (size_t next = 0; next < ids.size() || !running_.empty();) {
    while (next < ids.size() && running_.size() < static_cast<size_t>(options_.jobs) &&
           *options_.interrupt == 0 && error_.empty()) {
      if (Start(ids[next])) ++next;
    }
    if (running_.empty()) break;
    if (*options_.interrupt != 0) {
      KillAll();
      break;
    }
    progress_.Show(running_.size());
    child.Wait();
    Reap();
  }
  return error_;
}

bool LocalExecutor::Start(const std::string& id) {
  PointProcess process(folder_, options_.program, id);
  error_ = process.Start();
  if (!error_.empty()) return false;
  running_.push_back({std::move(process), SteadySeconds() + options_.timeout_seconds, false});
  return true;
}

void LocalExecutor::Reap() {
  std::vector<Running> still;
  for (Running& one : running_) {
    if (!one.timed_out && SteadySeconds() > one.deadline) {
      one.process.Kill();
      one.timed_out = true;
    }
    int status = 0;
    const pid_t ended = waitpid(one.process.pid(), &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR)) {
      still.push_back(std::move(one));
      continue;
    }
    const PointEnd end = one.process.Finish(status, one.timed_out);
    if (end.how == PointEnd::How::kIoError) {
      if (error_.empty()) error_ = end.text;
    } else {
      progress_.Ended(one.process.id(), end);
    }
  }
  running_.swap(still);
}

void LocalExecutor::KillAll() {
  for (const Running& one : running_) one.process.Kill();
  for (const Running& one : running_) {
    int status = 0;
    while (waitpid(one.process.pid(), &status, 0) < 0 && errno == EINTR) {
    }
    one.process.Abandon();
  }
  running_.clear();
}

}  // namespace ddpsim::sweep
