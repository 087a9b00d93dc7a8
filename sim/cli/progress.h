// One line on standard error that tells how far the run is. Only on a terminal, and never with
// --quiet.
#ifndef DDPSIM_SIM_CLI_PROGRESS_H_
#define DDPSIM_SIM_CLI_PROGRESS_H_

#include <cstdint>
#include <string>

#include "sim/scenario/workload_config.h"
#include "sim/system/run.h"

namespace ddpsim {

class Progress {
 public:
  explicit Progress(bool quiet);

  // Hooks itself into `options` for the run that follows.
  void Begin(const std::string& name, const settings::WorkloadConfig& workload,
             RunOptions& options);
  void End();

 private:
  void Show(const RunProgress& progress);

  bool shown_;
  std::string name_;
  int64_t total_ios_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_PROGRESS_H_
