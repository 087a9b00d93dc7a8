// How many I/Os of a run are done, and how long all runs will take, on the progress line.
#ifndef DDPSIM_SIM_CLI_PROGRESS_H_
#define DDPSIM_SIM_CLI_PROGRESS_H_

#include <cstdint>
#include <string>

#include "sim/cli/progress_line.h"
#include "sim/scenario/workload_config.h"
#include "sim/system/run.h"

namespace ddpsim {

class Progress {
 public:
  explicit Progress(bool quiet);

  // `runs` will be begun in all.
  void Plan(size_t runs) { runs_ = runs; }

  // Hooks itself into `options` for the run that follows.
  void Begin(const std::string& name, const settings::WorkloadConfig& workload,
             RunOptions& options);
  void End();

 private:
  void Show(const RunProgress& progress);

  ProgressLine line_;
  double begun_;
  size_t runs_ = 1;
  size_t ended_ = 0;
  std::string name_;
  int64_t total_ios_ = 0;
  SimTime runtime_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_PROGRESS_H_
