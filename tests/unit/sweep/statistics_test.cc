#include "sim/sweep/statistics.h"

#include <catch2/catch.hpp>

namespace ddpsim::sweep {
namespace {

TEST_CASE("statistics: the interval is Student's t about the mean") {
  // Mean 3, standard deviation 1.5811, t(4) = 2.776: 3 ± 1.963.
  const Statistic s = StatisticOf({1, 2, 3, 4, 5}, 5);
  CHECK(s.n == 5);
  CHECK(*s.mean == Approx(3));
  CHECK(*s.low == Approx(3 - 1.963).epsilon(1e-3));
  CHECK(*s.high == Approx(3 + 1.963).epsilon(1e-3));
}

TEST_CASE("statistics: the interval of values that lie close together far from 0 is theirs") {
  // As for 1, 2, 4: mean 7/3, standard deviation 1.5275, t(2) = 4.303.
  for (const double far : {1e9, 1e11, 1e12}) {
    const Statistic s = StatisticOf({far + 0.1, far + 0.2, far + 0.4}, 3);
    CHECK(*s.high - *s.low == Approx(2 * 0.37947).margin(far * 2e-13));
  }
}

TEST_CASE("statistics: one value has a mean and no interval") {
  const Statistic s = StatisticOf({7}, 1);
  CHECK(*s.mean == 7);
  CHECK(!s.low);
  CHECK(!s.high);
}

TEST_CASE("statistics: with a value missing there is no mean") {
  const Statistic s = StatisticOf({1, 2}, 3);
  CHECK(s.n == 2);
  CHECK(s.of == 3);
  CHECK(!s.mean);
  CHECK(!StatisticOf({}, 0).mean);
}

TEST_CASE("statistics: quantiles beyond the table agree with published ones") {
  CHECK(StudentT975(1) == Approx(12.706));
  CHECK(StudentT975(30) == Approx(2.042));
  CHECK(StudentT975(31) == Approx(2.0395).margin(0.0006));
  CHECK(StudentT975(60) == Approx(2.0003).margin(0.0005));
  CHECK(StudentT975(120) == Approx(1.9799).margin(0.0005));
}

}  // namespace
}  // namespace ddpsim::sweep
