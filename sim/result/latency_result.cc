#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sim/result/io_result.h"

namespace ddpsim {
namespace {

// Nearest rank: the smallest sample that at least p percent of all samples do not exceed. In
// hundredths of a percent, so that no rounding of p / 100 * n decides.
int64_t NearestRank(const std::vector<int64_t>& sorted, double percentile) {
  const int64_t hundredths = std::llround(percentile * 100);
  const int64_t n = static_cast<int64_t>(sorted.size());
  const int64_t rank = (hundredths * n + 9'999) / 10'000;
  return sorted[static_cast<size_t>(std::max<int64_t>(rank, 1) - 1)];
}

}  // namespace

std::string PercentileKey(double percentile) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.6f", percentile);
  return text;
}

LatencyResult LatencyResult::Of(std::vector<int64_t> samples_ns) {
  LatencyResult out;
  for (double percentile : kPercentiles) out.percentile[PercentileKey(percentile)] = 0;
  if (samples_ns.empty()) return out;
  std::sort(samples_ns.begin(), samples_ns.end());
  out.samples = static_cast<int64_t>(samples_ns.size());
  out.min = samples_ns.front();
  out.max = samples_ns.back();
  __int128 sum = 0;
  for (int64_t sample : samples_ns) sum += sample;
  out.mean = static_cast<double>(sum) / static_cast<double>(out.samples);
  double squares = 0;
  for (int64_t sample : samples_ns) {
    const double distance = static_cast<double>(sample) - out.mean;
    squares += distance * distance;
  }
  out.stddev = std::sqrt(squares / static_cast<double>(out.samples));
  for (double percentile : kPercentiles) {
    out.percentile[PercentileKey(percentile)] = NearestRank(samples_ns, percentile);
  }
  return out;
}

int64_t LatencyResult::Percentile(double percentile) const {
  const auto found = this->percentile.find(PercentileKey(percentile));
  return found == this->percentile.end() ? 0 : found->second;
}

}  // namespace ddpsim
