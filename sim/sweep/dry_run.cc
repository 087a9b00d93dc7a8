#include "sim/sweep/dry_run.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "sim/cli/wall_time.h"
#include "sim/sweep/cost_estimate.h"
#include "sim/sweep/sweep_folder.h"
#include "sim/sweep/sweep_progress.h"
#include "sim/text/visible.h"

namespace ddpsim::sweep {

std::string DryRunText(const Sweep& sweep, const std::string& path, int jobs) {
  const SweepFolder folder(path);
  std::string out;
  double seconds = 0, longest = 0;
  size_t done = 0;
  std::set<std::string> counted;
  for (const SweepCell& cell : sweep.cells) {
    const double cost = kSecondsPerPoint + cell.weight * kSecondsPerPacket;
    for (const SweepPoint& point : cell.points) {
      const bool there = !path.empty() && folder.StateOf(point.id) == PointState::kDone;
      absl::StrAppend(&out, point.id, " ", Visible(sweep.CellName(cell, true)),
                      " seed=", point.seed, there ? " done" : "", "\n");
      if (!counted.insert(point.id).second) continue;
      done += there ? 1 : 0;
      seconds += there ? 0 : cost;
      longest = there || cost < longest ? longest : cost;
    }
  }
  const double time = std::max(longest, seconds / jobs);
  absl::StrAppend(&out, sweep.PointCount(), " points, ",
                  sweep.cells.empty() ? 0 : sweep.cells[0].runs.size(), " runs each");
  if (done > 0) absl::StrAppend(&out, ", ", done, " done");
  return absl::StrCat(out, "; about ", DurationText(time), " with ", jobs,
                      jobs == 1 ? " process\n" : " processes\n");
}

}  // namespace ddpsim::sweep
