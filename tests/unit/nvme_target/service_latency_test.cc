#include "models/nvme_target/service_latency.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

struct Moments {
  double mean = 0;
  double min = 1e300;
  double max = 0;
};

Moments Measure(const LatencyConfig& config, int n = 100'000) {
  ServiceLatency latency(config, 7);
  Moments m;
  for (int i = 0; i < n; ++i) {
    const double us = static_cast<double>(latency.Next().ps()) * 1e-6;
    m.mean += us / n;
    m.min = std::min(m.min, us);
    m.max = std::max(m.max, us);
  }
  return m;
}

TEST_CASE("a constant is the same every time") {
  LatencyConfig config;
  config.mean = 12.5;
  ServiceLatency latency(config, 1);
  for (int i = 0; i < 3; ++i) CHECK(latency.Next() == 12500_ns);
}

TEST_CASE("uniform stays within its bounds and fills them") {
  LatencyConfig config;
  config.shape = LatencyShape::kUniform;
  config.min = 5;
  config.max = 15;
  const Moments m = Measure(config);
  CHECK(m.min >= 5);
  CHECK(m.max <= 15);
  CHECK(m.min < 5.01);
  CHECK(m.max > 14.99);
  CHECK(m.mean == Approx(10).epsilon(0.01));
}

TEST_CASE("exponential has its mean, and is cut where asked") {
  LatencyConfig config;
  config.shape = LatencyShape::kExponential;
  config.mean = 20;
  CHECK(Measure(config).mean == Approx(20).epsilon(0.02));
  config.min = 10;
  config.max = 40;
  const Moments cut = Measure(config);
  CHECK(cut.min == Approx(10));
  CHECK(cut.max == Approx(40));
}

TEST_CASE("lognormal has the mean and the tail asked for") {
  LatencyConfig config;
  config.shape = LatencyShape::kLognormal;
  config.mean = 80;
  config.stddev = 40;
  const Moments m = Measure(config);
  CHECK(m.mean == Approx(80).epsilon(0.02));
  CHECK(m.min > 5);
  CHECK(m.max > 250);
  config.stddev = 0;
  CHECK(Measure(config, 10).max == Approx(80).epsilon(1e-6));
}

TEST_CASE("the seed decides the sequence") {
  LatencyConfig config;
  config.shape = LatencyShape::kExponential;
  ServiceLatency a(config, 1), b(config, 1), c(config, 2);
  bool differs = false;
  for (int i = 0; i < 20; ++i) {
    const SimTime t = a.Next();
    CHECK(t == b.Next());
    differs |= t != c.Next();
  }
  CHECK(differs);
}

}  // namespace
}  // namespace ddpsim
