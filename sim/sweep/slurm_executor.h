// Runs points on a cluster by Slurm (sbatch(1), squeue(1), scancel(1)): one job array per round, a
// batch of points per task, since starting a task costs about a quarter of a second. How far it is
// is read from DIR alone, which all nodes share. What a round leaves missing (a node died, a task
// was killed) goes into the next. Invariant: a point that is run twice is committed to the same
// file with the same bytes, so running it again is harmless.
#ifndef DDPSIM_SIM_SWEEP_SLURM_EXECUTOR_H_
#define DDPSIM_SIM_SWEEP_SLURM_EXECUTOR_H_

#include <csignal>
#include <set>
#include <string>
#include <vector>

#include "sim/sweep/sweep_folder.h"
#include "sim/sweep/sweep_progress.h"

namespace ddpsim::sweep {

struct SlurmOptions {
  int jobs = 1;                     // tasks at a time
  size_t batch = 0;                 // points per task; 0: by the estimated time
  double seconds_per_point = 0;     // by estimate
  std::vector<std::string> sbatch;  // more options for sbatch
  std::string program;              // ddpsim, as the nodes see it
  const volatile std::sig_atomic_t* interrupt = nullptr;
};

class SlurmExecutor {
 public:
  SlurmExecutor(const SweepFolder& folder, const SlurmOptions& options, SweepProgress& progress)
      : folder_(folder), options_(options), progress_(progress) {}

  // As LocalExecutor::Run().
  std::string Run(const std::vector<std::string>& ids);

 private:
  std::string RunRound(int round, const std::vector<std::string>& ids);
  // Writes the batches; how many.
  std::string WriteBatches(const std::string& name, const std::vector<std::string>& ids,
                           size_t* count);
  std::string Submit(const std::string& name, size_t batches);
  bool JobRuns() const;
  void Cancel();
  // Takes note of points that ended since.
  void Scan(const std::vector<std::string>& ids);
  void CancelLeftOver();

  const SweepFolder& folder_;
  const SlurmOptions& options_;
  SweepProgress& progress_;
  std::set<std::string> ended_;
  std::string job_;
};

// `ddpsim sweep batch DIR FILE`: one task's points. The exit status.
int RunSlurmBatch(const std::string& folder, const std::string& file);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_SLURM_EXECUTOR_H_
