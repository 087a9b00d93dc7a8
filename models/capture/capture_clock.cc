#include "models/capture/capture_clock.h"

#include <algorithm>
#include <cstdlib>

namespace ddpsim {
namespace {

// Probes and queues write records out of order by less; clocks are set, and files differ, by more.
constexpr int64_t kLargestDisorder = 1'000'000'000;
// 146 years; only damaged stamps add up to it.
constexpr int64_t kLatestElapsed = int64_t{1} << 62;

}  // namespace

int64_t CaptureClock::Take(int64_t time_ns) {
  const bool first = records_++ == 0;
  if (!first && time_ns < newest_) ++late_records_;
  if (!first && time_ns == last_) ++same_times_;
  last_ = time_ns;
  newest_ = first ? time_ns : std::max(newest_, time_ns);
  const auto distance = [time_ns](const Track& track) { return std::abs(time_ns - track.newest); };
  Track* best = &tracks_[0];
  Track* oldest = &tracks_[0];
  for (Track& track : tracks_) {
    if (track.used == 0) {
      oldest = &track;
      continue;
    }
    if (best->used == 0 || distance(track) < distance(*best)) best = &track;
    if (oldest->used != 0 && track.used < oldest->used) oldest = &track;
  }
  if (first || time_ns < best->newest - kLargestDisorder) {
    if (!first) ++steps_back_;
    *oldest = {time_ns, elapsed_, records_};
    return elapsed_;
  }
  best->used = records_;
  if (time_ns <= best->newest) return elapsed_;
  const int64_t silence = time_ns - best->newest;
  if (silence > kLongestSilence) ++shortened_silences_;
  best->elapsed = std::min(best->elapsed + std::min(silence, kLongestSilence), kLatestElapsed);
  best->newest = time_ns;
  elapsed_ = std::max(elapsed_, best->elapsed);
  return elapsed_;
}

}  // namespace ddpsim
