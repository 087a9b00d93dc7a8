#include "sim/cli/progress.h"

#include <algorithm>

#include "sim/cli/wall_time.h"
#include "sim/result/text_table.h"

namespace ddpsim {

Progress::Progress(bool quiet) : line_(quiet), begun_(SteadySeconds()) {}

void Progress::Begin(const std::string& name, const settings::WorkloadConfig& workload,
                     RunOptions& options) {
  if (!line_.wanted()) return;
  name_ = name;
  total_ios_ = workload.total_ios > 0 ? workload.total_ios + workload.ramp_ios : 0;
  runtime_ = SimTime::Ms(workload.runtime_ms);
  options.progress = [this](const RunProgress& progress) { Show(progress); };
  Show({});
}

void Progress::End() {
  ++ended_;
  line_.Clear();
}

void Progress::Show(const RunProgress& progress) {
  if (!line_.Due()) return;
  double part = 0;
  if (total_ios_ > 0)
    part = static_cast<double>(progress.done_ios) / static_cast<double>(total_ios_);
  if (runtime_ > SimTime::Zero())
    part = std::max(part, progress.now.seconds() / runtime_.seconds());
  part = (static_cast<double>(ended_) + std::min(part, 1.0)) / static_cast<double>(runs_);
  std::string line = name_ + ": " + Grouped(progress.done_ios);
  if (total_ios_ > 0) line += " of " + Grouped(total_ios_);
  line += " I/Os, " + Fixed(progress.now.seconds() * 1e3, 1) + " ms simulated";
  line_.Show(line + TimeLeft(part, SteadySeconds() - begun_));
}

}  // namespace ddpsim
