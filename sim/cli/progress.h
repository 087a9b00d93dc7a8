// How many I/Os of a run are done, on the progress line.
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
  explicit Progress(bool quiet) : line_(quiet) {}

  // Hooks itself into `options` for the run that follows.
  void Begin(const std::string& name, const settings::WorkloadConfig& workload,
             RunOptions& options);
  void End() const { line_.Clear(); }

 private:
  void Show(const RunProgress& progress);

  ProgressLine line_;
  std::string name_;
  int64_t total_ios_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_PROGRESS_H_
