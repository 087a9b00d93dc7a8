// Runs points on this machine, so many processes at a time. Which process runs which point when has
// no say in what is written.
#ifndef DDPSIM_SIM_SWEEP_LOCAL_EXECUTOR_H_
#define DDPSIM_SIM_SWEEP_LOCAL_EXECUTOR_H_

#include <csignal>
#include <string>
#include <vector>

#include "sim/sweep/point_process.h"
#include "sim/sweep/sweep_folder.h"
#include "sim/sweep/sweep_progress.h"

namespace ddpsim::sweep {

struct ExecutionOptions {
  int jobs = 1;
  double timeout_seconds = 0;
  std::vector<std::string> program;
  const volatile std::sig_atomic_t* interrupt = nullptr;
};

class LocalExecutor {
 public:
  LocalExecutor(const SweepFolder& folder, const ExecutionOptions& options, SweepProgress& progress)
      : folder_(folder), options_(options), progress_(progress) {}

  // Runs all of `ids` whose scenario is in DIR/scenarios. Returns early on an interrupt. An I/O
  // error, or "": with one, nothing new is started.
  std::string Run(const std::vector<std::string>& ids);

 private:
  struct Running {
    PointProcess process;
    double deadline;
    bool timed_out;
  };

  bool Start(const std::string& id);
  void Wait();
  void Reap();
  void KillAll();

  const SweepFolder& folder_;
  const ExecutionOptions& options_;
  SweepProgress& progress_;
  std::vector<Running> running_;
  std::string error_;
};

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_LOCAL_EXECUTOR_H_
