#include "sim/cli/progress.h"

#include "sim/result/text_table.h"

namespace ddpsim {

void Progress::Begin(const std::string& name, const settings::WorkloadConfig& workload,
                     RunOptions& options) {
  if (!line_.wanted()) return;
  name_ = name;
  total_ios_ = workload.total_ios > 0 ? workload.total_ios + workload.ramp_ios : 0;
  options.progress = [this](const RunProgress& progress) { Show(progress); };
  Show({});
}

void Progress::Show(const RunProgress& progress) {
  std::string line = name_ + ": " + Grouped(progress.done_ios);
  if (total_ios_ > 0) line += " of " + Grouped(total_ios_);
  line += " I/Os, " + Fixed(progress.now.seconds() * 1e3, 1) + " ms simulated";
  line_.Show(line);
}

}  // namespace ddpsim
