// Mean and 95 % confidence interval over repetitions (Student's t; W. S. Gosset, Biometrika 1908).
// Invariant: a statistic with a value missing has no mean: a mean over those that happened to
// finish would be biased by what made the others fail.
#ifndef DDPSIM_SIM_SWEEP_STATISTICS_H_
#define DDPSIM_SIM_SWEEP_STATISTICS_H_

#include <cstdint>
#include <optional>
#include <vector>

namespace ddpsim::sweep {

struct Statistic {
  int64_t n = 0;   // values that are there
  int64_t of = 0;  // values asked for
  std::optional<double> mean;
  std::optional<double> low;  // of the interval; nothing with one value
  std::optional<double> high;
};

Statistic StatisticOf(const std::vector<double>& values, int64_t of);

// The 97.5 % quantile of Student's t distribution, `freedom` 1 or more.
double StudentT975(int64_t freedom);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_STATISTICS_H_
