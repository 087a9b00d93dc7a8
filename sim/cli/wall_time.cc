#include "sim/cli/wall_time.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ddpsim {

double SteadySeconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

std::string DurationText(double seconds) {
  const int64_t s = std::llround(std::ceil(seconds));
  if (s < 3600) return absl::StrFormat("%d:%02d", s / 60, s % 60);
  return absl::StrFormat("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

std::string TimeLeft(double part, double elapsed) {
  constexpr double kEnough = 0.001;          // of the work
  constexpr double kLongest = 100 * 86'400;  // nobody waits longer
  if (part < kEnough || elapsed < 0.5) return "";
  const double left = elapsed * (1 - std::min(part, 1.0)) / part;
  return absl::StrCat(", ", DurationText(std::min(left, kLongest)), " left");
}

}  // namespace ddpsim
