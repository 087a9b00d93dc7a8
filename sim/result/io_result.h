// What the workload saw, in the words and units of fio's JSON output (fio 3.33, "jobs"[].read).
#ifndef DDPSIM_SIM_RESULT_IO_RESULT_H_
#define DDPSIM_SIM_RESULT_IO_RESULT_H_

#include <cstdint>
#include <vector>

#include "sim/result/result_fields.h"

namespace ddpsim {

// fio's default --percentile_list.
inline constexpr double kPercentiles[] = {1,  5,  10, 20, 30,   40,   50,    60,   70,
                                          80, 90, 95, 99, 99.5, 99.9, 99.95, 99.99};

// fio's key of a percentile: 50 -> "50.000000".
std::string PercentileKey(double percentile);

struct LatencyResult {
  int64_t samples = 0;
  int64_t min = 0;
  int64_t max = 0;
  double mean = 0;
  double stddev = 0;
  // PercentileKey -> ns. Holds every key of kPercentiles, 0 without samples.
  NamedCounts percentile;

  // Exact statistics of `samples_ns` (nearest-rank percentiles, standard deviation of the
  // population).
  static LatencyResult Of(std::vector<int64_t> samples_ns);
  int64_t Percentile(double percentile) const;

  template <class V>
  void Describe(V& v) const {
    v.Integer("N", samples, "", "samples");
    v.Integer("min", min, "ns", "shortest");
    v.Integer("max", max, "ns", "longest");
    v.Number("mean", mean, "ns", "mean");
    v.Number("stddev", stddev, "ns", "standard deviation");
    v.Counts("percentile", percentile, "ns", "percentiles under fio's keys");
  }
};

struct IoResult {
  int64_t total_ios = 0;
  int64_t io_bytes = 0;
  int64_t bw_bytes = 0;  // per second of simulated time
  double iops = 0;
  int64_t errors = 0;
  int64_t retries = 0;
  LatencyResult clat_ns;

  template <class V>
  void Describe(V& v) const {
    v.Integer("total_ios", total_ios, "I/Os",
              "I/Os counted: completed in the measured window, failed ones included");
    v.Integer("io_bytes", io_bytes, "byte", "their bytes");
    v.Integer("bw_bytes", bw_bytes, "byte/s", "bandwidth over the measured window");
    v.Number("iops", iops, "1/s", "I/Os per second of simulated time");
    v.Integer("errors", errors, "I/Os", "I/Os that failed for good");
    v.Integer("retries", retries, "", "commands tried again after an error");
    v.Group("clat_ns", clat_ns, "completion latency: from submission to completion of an I/O");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_IO_RESULT_H_
