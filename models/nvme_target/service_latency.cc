#include "models/nvme_target/service_latency.h"

#include <algorithm>
#include <cmath>

namespace ddpsim {
namespace {

SimTime FromUs(double us) { return SimTime::Ps(std::llround(us * 1e6)); }

}  // namespace

ServiceLatency::ServiceLatency(const LatencyConfig& config, uint64_t seed)
    : config_(config), constant_(FromUs(config.mean)), rng_(seed, "target.latency") {
  if (config.shape != LatencyShape::kLognormal || config.mean <= 0) return;
  // From the moments of the lognormal: mean = exp(mu + sigma^2 / 2), var = mean^2 (exp(sigma^2) -
  // 1).
  const double ratio = config.stddev / config.mean;
  const double variance = std::log(1 + ratio * ratio);
  sigma_ = std::sqrt(variance);
  mu_ = std::log(config.mean) - variance / 2;
}

double ServiceLatency::Draw() {
  switch (config_.shape) {
    case LatencyShape::kUniform:
      return config_.min + (config_.max - config_.min) * rng_.Unit();
    case LatencyShape::kExponential:
      return config_.mean <= 0 ? 0 : rng_.Exponential(config_.mean);
    case LatencyShape::kLognormal:
      return config_.mean <= 0 ? 0 : std::exp(mu_ + sigma_ * rng_.Normal());
    case LatencyShape::kConstant:
      break;
  }
  return config_.mean;
}

SimTime ServiceLatency::Next() {
  if (config_.shape == LatencyShape::kConstant) return constant_;
  double us = std::max(Draw(), config_.min);
  if (config_.max > 0) us = std::min(us, config_.max);
  return FromUs(us);
}

}  // namespace ddpsim
