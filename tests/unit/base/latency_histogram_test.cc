#include "ddpsim/base/latency_histogram.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "ddpsim/base/check.h"
#include "ddpsim/base/rng.h"

namespace ddpsim {
namespace {

TEST_CASE("a histogram without values is all zero") {
  LatencyHistogram h;
  CHECK(h.count() == 0);
  CHECK(h.min() == 0);
  CHECK(h.max() == 0);
  CHECK(h.mean() == 0);
  CHECK(h.stddev() == 0);
  CHECK(h.Percentile(50000) == 0);
}

TEST_CASE("percentiles are by nearest rank") {
  LatencyHistogram h;
  for (int64_t v : {15, 20, 35, 40, 50}) h.Record(v);
  CHECK(h.Percentile(5000) == 15);
  CHECK(h.Percentile(30000) == 20);
  CHECK(h.Percentile(40000) == 20);
  CHECK(h.Percentile(50000) == 35);
  CHECK(h.Percentile(100000) == 50);
}

TEST_CASE("values recorded after a percentile was asked for count too") {
  LatencyHistogram h;
  h.Record(10);
  h.Record(30);
  CHECK(h.Percentile(100000) == 30);
  h.Record(20);
  CHECK(h.Percentile(50000) == 20);
}

TEST_CASE("mean and deviation are those of the sample") {
  LatencyHistogram h;
  for (int64_t v : {2, 4, 4, 4, 5, 5, 7, 9}) h.Record(v);
  CHECK(h.min() == 2);
  CHECK(h.max() == 9);
  CHECK(h.mean() == 5.0);
  CHECK(h.stddev() == Approx(std::sqrt(32.0 / 7.0)));
}

TEST_CASE("a small deviation on top of a large mean does not vanish") {
  LatencyHistogram h;
  for (int64_t v : {0, 1, 2}) h.Record(1'000'000'000'000 + v);
  CHECK(h.stddev() == 1.0);
}

TEST_CASE("beyond its limit percentiles are within 1/512 and the rest stays exact") {
  Rng rng(1, "latency");
  LatencyHistogram h(1000);
  std::vector<int64_t> values;
  for (int i = 0; i < 20000; ++i) {
    const int64_t v = static_cast<int64_t>(rng.Below(uint64_t{1} << (1 + rng.Below(40))));
    values.push_back(v);
    h.Record(v);
  }
  CHECK_FALSE(h.is_exact());
  std::sort(values.begin(), values.end());
  CHECK(h.min() == values.front());
  CHECK(h.max() == values.back());
  for (int64_t p : kFioPercentiles) {
    const int64_t exact = values[static_cast<size_t>((p * 20000 + 99999) / 100000 - 1)];
    CHECK(std::llabs(h.Percentile(p) - exact) <= exact / 512 + 1);
  }
}

TEST_CASE("in buckets a percentile is within 1/512 of its value, from the smallest latencies on") {
  for (int64_t value = 1; value < 5000; ++value) {
    LatencyHistogram h(0);
    for (const int64_t ns : {int64_t{0}, value, value, int64_t{1'000'000}}) h.Record(ns);
    CHECK(std::abs(h.Percentile(50'000) - value) <= value / 512);
  }
}

TEST_CASE("the largest latency has a bucket") {
  LatencyHistogram h(0);
  h.Record(INT64_MAX);
  h.Record(0);
  CHECK(h.Percentile(50000) == 0);
  CHECK(h.Percentile(100000) > INT64_MAX / 512 * 511);
}

TEST_CASE("a negative latency is a model bug") {
  LatencyHistogram h;
  CHECK_THROWS_AS(h.Record(-1), ModelBug);
}

}  // namespace
}  // namespace ddpsim
