#include "ddpsim/base/latency_histogram.h"

#include <algorithm>
#include <cmath>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

// Buckets per power of two. Values below 2 * kSteps have a bucket each.
constexpr int kStepBits = 8;
constexpr int64_t kSteps = int64_t{1} << kStepBits;
constexpr size_t kBuckets = static_cast<size_t>((64 - kStepBits) * kSteps);

size_t BucketOf(int64_t value) {
  if (value < 2 * kSteps) return static_cast<size_t>(value);
  const int shift = 63 - __builtin_clzll(static_cast<uint64_t>(value)) - kStepBits;
  return static_cast<size_t>(shift * kSteps + (value >> shift));
}

int64_t MiddleOf(size_t bucket) {
  const int64_t index = static_cast<int64_t>(bucket);
  if (index < 2 * kSteps) return index;
  const int shift = static_cast<int>(index / kSteps) - 1;
  const int64_t low = (index - shift * kSteps) << shift;
  return low + (int64_t{1} << shift) / 2;
}

}  // namespace

void LatencyHistogram::Record(int64_t ns) {
  SIM_CHECK(ns >= 0, "negative latency");
  min_ = count_ == 0 ? ns : std::min(min_, ns);
  max_ = std::max(max_, ns);
  sum_ += ns;
  sum_of_squares_ += static_cast<__int128>(ns) * ns;
  if (count_++ == exact_values_) SwitchToBuckets();
  if (buckets_.empty()) {
    values_.push_back(ns);
  } else {
    ++buckets_[BucketOf(ns)];
  }
}

void LatencyHistogram::SwitchToBuckets() {
  buckets_.assign(kBuckets, 0);
  for (int64_t value : values_) ++buckets_[BucketOf(value)];
  values_ = {};
  sorted_ = 0;
}

double LatencyHistogram::mean() const {
  return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

double LatencyHistogram::stddev() const {
  if (count_ < 2) return 0;
  // About a whole number near the mean, so that the subtraction of large sums is exact.
  const __int128 centre = sum_ / count_;
  const __int128 rest = sum_ - centre * count_;
  const __int128 squares = sum_of_squares_ - centre * (2 * sum_ - centre * count_);
  const double n = static_cast<double>(count_);
  const double r = static_cast<double>(rest);
  return std::sqrt((static_cast<double>(squares) - r * r / n) / (n - 1));
}

int64_t LatencyHistogram::Percentile(int64_t milli_percent) const {
  SIM_CHECK(milli_percent > 0 && milli_percent <= 100'000, "percentile outside (0, 100]");
  if (count_ == 0) return 0;
  const __int128 scaled = static_cast<__int128>(milli_percent) * count_;
  const int64_t rank = static_cast<int64_t>((scaled + 99'999) / 100'000);  // from 1
  if (is_exact()) {
    if (sorted_ != values_.size()) std::sort(values_.begin(), values_.end());
    sorted_ = values_.size();
    return values_[static_cast<size_t>(rank - 1)];
  }
  int64_t seen = 0;
  size_t bucket = 0;
  while ((seen += buckets_[bucket]) < rank) ++bucket;
  return std::clamp(MiddleOf(bucket), min_, max_);
}

}  // namespace ddpsim
