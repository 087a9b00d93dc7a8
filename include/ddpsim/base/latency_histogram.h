// Latencies of a run and their distribution: fio's "clat" statistics with exact nearest-rank
// percentiles. Keeps every value up to kExactValues of them; beyond that log-linear buckets of
// 1/256 (fio's have 1/64), so that a long run stays bounded in memory. Count, sums, minimum and
// maximum are exact always. Invariant: integers inside, so that the same values in any order give
// the same numbers on every machine.
#ifndef DDPSIM_BASE_LATENCY_HISTOGRAM_H_
#define DDPSIM_BASE_LATENCY_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ddpsim {

// fio's default percentile list (FIO_IO_U_LIST_MAX_LEN, stat.c), in thousandths of a percent: 99.99
// % is 99990.
inline constexpr int64_t kFioPercentiles[] = {1000,  5000,  10000, 20000, 30000, 40000,
                                              50000, 60000, 70000, 80000, 90000, 95000,
                                              99000, 99500, 99900, 99950, 99990};

class LatencyHistogram {
 public:
  static constexpr int64_t kExactValues = int64_t{1} << 22;

  explicit LatencyHistogram(int64_t exact_values = kExactValues) : exact_values_(exact_values) {}

  // REQUIRES: ns >= 0.
  void Record(int64_t ns);

  int64_t count() const { return count_; }
  // All of these are 0 without values.
  int64_t min() const { return count_ == 0 ? 0 : min_; }
  int64_t max() const { return max_; }
  double mean() const;
  // Of a sample (divided by count - 1), as fio's.
  double stddev() const;
  // The smallest value such that `milli_percent` / 1000 percent of all are not above it; exact
  // while is_exact().
  int64_t Percentile(int64_t milli_percent) const;
  bool is_exact() const { return buckets_.empty(); }

 private:
  void SwitchToBuckets();

  int64_t exact_values_;
  int64_t count_ = 0;
  int64_t min_ = 0;
  int64_t max_ = 0;
  __int128 sum_ = 0;
  __int128 sum_of_squares_ = 0;
  mutable std::vector<int64_t> values_;  // the first sorted_ are in order
  mutable size_t sorted_ = 0;
  std::vector<int64_t> buckets_;
};

}  // namespace ddpsim

#endif  // DDPSIM_BASE_LATENCY_HISTOGRAM_H_
