#include "sim/validate/worker_pool.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>

#include "sim/cli/wall_time.h"

namespace ddpsim {
namespace {

// Behind each text, so that a torn one is known for what it is.
constexpr char kEnd = '\n';

[[noreturn]] void Work(int pipe, const std::string& text) {
  std::string whole = text + kEnd;
  for (size_t at = 0; at < whole.size();) {
    const ssize_t n = write(pipe, whole.data() + at, whole.size() - at);
    if (n <= 0) _exit(1);
    at += static_cast<size_t>(n);
  }
  _exit(0);
}

}  // namespace

void WorkerPool::Start(size_t piece, const std::function<std::string(size_t)>& work,
                       double timeout) {
  int ends[2];
  std::fflush(nullptr);
  if (pipe(ends) != 0) throw std::runtime_error("no pipe for a worker");
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("no process for a worker");
  if (pid == 0) {
    close(ends[0]);
    // What a broken run says goes into its outcome; a thousand runs would talk at once.
    const int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    Work(ends[1], work(piece));
  }
  close(ends[1]);
  const double now = SteadySeconds();
  running_.push_back({piece, pid, ends[0], now, now + timeout, false});
}

void WorkerPool::Reap(const Running& worker, WorkerEnd* end) {
  int status = 0;
  while (waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
  }
  close(worker.pipe);
  end->seconds = SteadySeconds() - worker.started;
  if (worker.killed) {
    end->how = *interrupt_ != 0 ? WorkerEnd::How::kNotRun : WorkerEnd::How::kTimeout;
  } else if (WIFSIGNALED(status)) {
    end->how = WorkerEnd::How::kSignal;
    end->status = WTERMSIG(status);
  } else if (WEXITSTATUS(status) != 0 || end->text.empty() || end->text.back() != kEnd) {
    end->how = WorkerEnd::How::kExit;
    end->status = WEXITSTATUS(status);
  } else {
    end->how = WorkerEnd::How::kDone;
    end->text.pop_back();
  }
}

void WorkerPool::Collect(std::vector<WorkerEnd>* ends) {
  constexpr int kWaitMs = 50;
  std::vector<pollfd> polled;
  for (const Running& worker : running_) polled.push_back({worker.pipe, POLLIN, 0});
  poll(polled.data(), polled.size(), kWaitMs);
  std::vector<Running> still;
  for (size_t i = 0; i < running_.size(); ++i) {
    Running& worker = running_[i];
    WorkerEnd& end = (*ends)[worker.piece];
    bool ended = false;
    if (polled[i].revents != 0) {
      char buffer[65536];
      const ssize_t n = read(worker.pipe, buffer, sizeof(buffer));
      if (n > 0) end.text.append(buffer, static_cast<size_t>(n));
      ended = n == 0 || (n < 0 && errno != EINTR);
    }
    if (!worker.killed && (SteadySeconds() > worker.deadline || *interrupt_ != 0)) {
      kill(worker.pid, SIGKILL);
      worker.killed = true;
    }
    if (ended) {
      Reap(worker, &end);
    } else {
      still.push_back(worker);
    }
  }
  running_ = still;
}

std::vector<WorkerEnd> WorkerPool::Run(size_t pieces,
                                       const std::function<std::string(size_t)>& work,
                                       const std::function<double(size_t)>& timeout_seconds) {
  std::vector<WorkerEnd> ends(pieces);
  for (size_t next = 0; next < pieces || !running_.empty();) {
    while (next < pieces && running_.size() < static_cast<size_t>(workers_.jobs) &&
           *interrupt_ == 0) {
      Start(next, work, timeout_seconds(next));
      ++next;
    }
    const size_t before = running_.size();
    if (before == 0) break;
    Collect(&ends);
    if (workers_.tell && running_.size() < before) workers_.tell(next - running_.size(), pieces);
  }
  return ends;
}

}  // namespace ddpsim
