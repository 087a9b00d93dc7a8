// How far a sweep is, on standard error: one line that is rewritten, on a terminal only; nothing
// with --quiet. Points that fail are told anyhow.
#ifndef DDPSIM_SIM_SWEEP_SWEEP_PROGRESS_H_
#define DDPSIM_SIM_SWEEP_SWEEP_PROGRESS_H_

#include <cstdint>
#include <map>
#include <string>

#include "sim/cli/progress_line.h"
#include "sim/sweep/point_process.h"
#include "sim/sweep/sweep.h"

namespace ddpsim::sweep {

class SweepProgress {
 public:
  SweepProgress(const Sweep& sweep, int jobs, bool quiet);

  // Points that are there already.
  void Reuse(const std::string& id);
  void Ended(const std::string& id, const PointEnd& end);
  // Shows what there is to show; cheap when there is nothing.
  void Show(size_t running);
  void Clear() const { line_.Clear(); }

  size_t done() const { return done_; }
  size_t failed() const { return failed_; }
  size_t total() const { return weights_.size(); }

 private:
  std::string Line(size_t running) const;

  ProgressLine line_;
  int jobs_;
  std::map<std::string, double> weights_;  // seconds by estimate, of every id
  double seconds_left_ = 0;                // by estimate, for one process
  double seconds_run_ = 0;
  size_t done_ = 0;
  size_t reused_ = 0;
  size_t failed_ = 0;
  int64_t sim_time_ns_ = 0;
  double begun_;
};

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_SWEEP_PROGRESS_H_
