// How long the disk takes for one command: fixed, or drawn from a distribution, so that completions
// leave command order as those of an SSD with many channels do. Left out: dependence on size,
// queueing within the device. Invariants: a fixed time draws nothing; a draw lies within [min, max]
// where they are given; the same seed gives the same times.
#ifndef DDPSIM_MODELS_NVME_TARGET_SERVICE_LATENCY_H_
#define DDPSIM_MODELS_NVME_TARGET_SERVICE_LATENCY_H_

#include <cstdint>

#include "absl/types/span.h"
#include "ddpsim/base/fields.h"
#include "ddpsim/base/rng.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

enum class LatencyShape : uint8_t { kConstant, kUniform, kExponential, kLognormal };
inline constexpr EnumName<LatencyShape> kLatencyShapeNames[] = {
    {LatencyShape::kConstant, "constant"},
    {LatencyShape::kUniform, "uniform"},
    {LatencyShape::kExponential, "exponential"},
    {LatencyShape::kLognormal, "lognormal"}};

// Microseconds.
struct LatencyConfig {
  LatencyShape shape = LatencyShape::kConstant;
  double mean = 10;
  double stddev = 0;  // lognormal
  double min = 0;     // uniform; elsewhere what a draw is raised to
  double max = 0;     // uniform; elsewhere what a draw is cut to, 0: not at all

  template <class V>
  void Describe(V& v) {
    constexpr Range<double> kRange{0, 10'000'000};
    v.Enum("distribution", shape, absl::Span<const EnumName<LatencyShape>>(kLatencyShapeNames),
           "shape");
    v.Number("mean", mean, kRange, "us", "mean of all shapes but uniform");
    v.Number("stddev", stddev, kRange, "us", "standard deviation of lognormal");
    v.Number("min", min, kRange, "us", "shortest");
    v.Number("max", max, kRange, "us", "longest; 0: no limit");
  }
};

class ServiceLatency {
 public:
  ServiceLatency(const LatencyConfig& config, uint64_t seed);

  SimTime Next();

 private:
  double Draw();

  LatencyConfig config_;
  SimTime constant_;
  double mu_ = 0;  // of the logarithm
  double sigma_ = 0;
  Rng rng_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_SERVICE_LATENCY_H_
