#include "sim/cli/progress.h"

#include <unistd.h>

#include <cstdio>

#include "sim/result/text_table.h"

namespace ddpsim {

Progress::Progress(bool quiet) : shown_(!quiet && isatty(STDERR_FILENO) == 1) {}

void Progress::Begin(const std::string& name, const settings::WorkloadConfig& workload,
                     RunOptions& options) {
  if (!shown_) return;
  name_ = name;
  total_ios_ = workload.total_ios > 0 ? workload.total_ios + workload.ramp_ios : 0;
  options.progress = [this](const RunProgress& progress) { Show(progress); };
  Show({});
}

void Progress::Show(const RunProgress& progress) {
  std::string line = name_ + ": " + Grouped(progress.done_ios);
  if (total_ios_ > 0) line += " of " + Grouped(total_ios_);
  line += " I/Os, " + Fixed(progress.now.seconds() * 1e3, 1) + " ms simulated";
  // ECMA-48 EL: erase what an earlier, longer line left.
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
}

void Progress::End() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

}  // namespace ddpsim
