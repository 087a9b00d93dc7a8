#include "sim/system/target_translation.h"

#include <algorithm>

namespace ddpsim {
namespace {

LatencyConfig TranslateLatency(const settings::LatencyConfig& from) {
  using settings::LatencyDistribution;
  LatencyConfig to;
  switch (from.distribution) {
    case LatencyDistribution::kConstant:
      to.shape = LatencyShape::kConstant;
      break;
    case LatencyDistribution::kUniform:
      to.shape = LatencyShape::kUniform;
      break;
    case LatencyDistribution::kExponential:
      to.shape = LatencyShape::kExponential;
      break;
    case LatencyDistribution::kLognormal:
      to.shape = LatencyShape::kLognormal;
      break;
  }
  to.mean = from.mean;
  to.stddev = from.stddev;
  to.min = from.min;
  to.max = from.max;
  return to;
}

// What SO_SNDBUF makes of less (Linux 6.1 SOCK_MIN_SNDBUF).
constexpr int64_t kMinSndbuf = 4608;

}  // namespace

TargetConfig TranslateTarget(const Scenario& scenario) {
  const settings::TargetConfig& from = scenario.target;
  TargetConfig to = TargetConfig::Of(from.kind == settings::TargetKind::kSpdk ? TargetKind::kSpdk
                                                                              : TargetKind::kNvmet);
  to.latency = TranslateLatency(from.latency_us);
  to.c2h_chunk = from.c2h_chunk;
  to.in_capsule_data = from.in_capsule_data;
  to.maxh2cdata = from.maxh2cdata;
  to.mdts = from.mdts;
  to.namespace_size = scenario.workload.size;
  to.max_queues = std::max<int64_t>(to.max_queues, scenario.host.nvme.queues + 1);
  to.tcp.congestion_control = from.tcp.congestion_control == settings::CongestionControlName::kReno
                                  ? CongestionControlKind::kReno
                                  : CongestionControlKind::kCubic;
  to.tcp.sack = from.tcp.sack;
  to.tcp.timestamps = from.tcp.timestamps;
  to.tcp.tso = from.tcp.tso;
  to.tcp.sndbuf = from.tcp.sndbuf == 0 ? 0 : std::max(from.tcp.sndbuf, kMinSndbuf);
  to.tcp.hz = from.tcp.hz;
  to.tcp.mtu = scenario.network.mtu;
  to.seed = static_cast<uint64_t>(scenario.seed);
  return to;
}

}  // namespace ddpsim
