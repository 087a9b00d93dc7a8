// Runs pieces of work in processes of their own, so that a crash or a hang takes down nothing but
// its own piece. Each process writes its text into a pipe. Invariant: every piece that was started
// has an end, and an end without the whole text is not kDone.
#ifndef DDPSIM_SIM_VALIDATE_WORKER_POOL_H_
#define DDPSIM_SIM_VALIDATE_WORKER_POOL_H_

#include <sys/types.h>

#include <csignal>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ddpsim {

struct WorkerEnd {
  enum class How { kNotRun, kDone, kExit, kSignal, kTimeout };
  How how = How::kNotRun;
  int status = 0;  // exit status or signal
  std::string text;
  double seconds = 0;
};

struct Workers {
  int jobs = 1;  // processes at a time
  // Told whenever pieces have ended.
  std::function<void(size_t ended, size_t planned)> tell;
};

class WorkerPool {
 public:
  // Starts nothing new once *interrupt is not 0; what runs is killed.
  WorkerPool(const Workers& workers, const volatile std::sig_atomic_t* interrupt)
      : workers_(workers), interrupt_(interrupt) {}

  std::vector<WorkerEnd> Run(size_t pieces, const std::function<std::string(size_t)>& work,
                             const std::function<double(size_t)>& timeout_seconds);

 private:
  struct Running {
    size_t piece = 0;
    pid_t pid = 0;
    int pipe = -1;
    double started = 0;
    double deadline = 0;
    bool killed = false;
  };

  void Start(size_t piece, const std::function<std::string(size_t)>& work, double timeout);
  // Waits a little for output; reaps what has ended.
  void Collect(std::vector<WorkerEnd>* ends);
  void Reap(const Running& worker, WorkerEnd* end);

  const Workers& workers_;
  const volatile std::sig_atomic_t* interrupt_;
  std::vector<Running> running_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_WORKER_POOL_H_
