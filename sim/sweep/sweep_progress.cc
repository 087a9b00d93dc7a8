#include "sim/sweep/sweep_progress.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sim/cli/console.h"
#include "sim/cli/wall_time.h"
#include "sim/sweep/cost_estimate.h"

namespace ddpsim::sweep {
SweepProgress::SweepProgress(const Sweep& sweep, int jobs, bool quiet)
    : line_(quiet), jobs_(jobs), begun_(SteadySeconds()) {
  for (const SweepCell& cell : sweep.cells) {
    for (const SweepPoint& point : cell.points)
      weights_[point.id] = kSecondsPerPoint + cell.weight * kSecondsPerPacket;
  }
  for (const auto& [id, seconds] : weights_) seconds_left_ += seconds;
}

void SweepProgress::Reuse(const std::string& id) {
  ++done_;
  ++reused_;
  seconds_left_ -= weights_[id];
}

void SweepProgress::Ended(const std::string& id, const PointEnd& end) {
  seconds_left_ -= weights_[id];
  seconds_run_ += weights_[id];
  sim_time_ns_ += end.sim_time_ns;
  (end.how == PointEnd::How::kDone ? done_ : failed_) += 1;
  if (end.how != PointEnd::How::kFailed) return;
  Clear();
  Complain(absl::StrCat("point ", id, " failed: ", end.text));
}

std::string SweepProgress::Line(size_t running) const {
  const double elapsed = SteadySeconds() - begun_;
  std::string line = absl::StrCat("sweep: ", done_, " of ", total(), " points");
  if (reused_ > 0) absl::StrAppend(&line, " (", reused_, " from before)");
  absl::StrAppend(&line, ", ", failed_, " failed, ", running, " running");
  absl::StrAppendFormat(&line, ", %.3g s simulated", static_cast<double>(sim_time_ns_) * 1e-9);
  if (elapsed > 0.5 && sim_time_ns_ > 0) {
    const double finished = static_cast<double>(done_ + failed_ - reused_);
    absl::StrAppendFormat(&line, " (%.2g per second), %.3g points/s",
                          static_cast<double>(sim_time_ns_) * 1e-9 / elapsed, finished / elapsed);
  }
  // What the estimate was wrong by so far, it is taken to be wrong by on.
  const double pace = seconds_run_ > 0 ? elapsed / seconds_run_ : 1.0 / jobs_;
  return absl::StrCat(line, ", ", DurationText(std::fmax(0, seconds_left_ * pace)), " left");
}

void SweepProgress::Show(size_t running) {
  if (line_.Due()) line_.Show(Line(running));
}

}  // namespace ddpsim::sweep
