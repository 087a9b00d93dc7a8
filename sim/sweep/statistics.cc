#include "sim/sweep/statistics.h"

#include <cmath>

namespace ddpsim::sweep {

double StudentT975(int64_t freedom) {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
  static constexpr double kTable[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                      2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                      2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                      2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
  if (freedom <= 30) return kTable[freedom - 1];
  // Abramowitz and Stegun, 26.7.5, two terms: three decimals from 30 on.
  const double z = 1.959964, v = static_cast<double>(freedom);
  const double z3 = z * z * z, z5 = z3 * z * z;
  return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v);
}

Statistic StatisticOf(const std::vector<double>& values, int64_t of) {
  Statistic out;
  out.n = static_cast<int64_t>(values.size());
  out.of = of;
  if (out.n < of || out.n == 0) return out;
  const double n = static_cast<double>(out.n);
  double sum = 0;
  for (double value : values) sum += value;
  const double mean = sum / n;
  out.mean = mean;
  if (out.n == 1) return out;
  double squares = 0;
  for (double value : values) squares += (value - mean) * (value - mean);
  const double half = StudentT975(out.n - 1) * std::sqrt(squares / (n - 1) / n);
  out.low = mean - half;
  out.high = mean + half;
  return out;
}

}  // namespace ddpsim::sweep
