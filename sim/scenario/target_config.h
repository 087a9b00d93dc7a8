// The storage target: habits of Linux' nvmet-tcp or of SPDK, and how long its disk takes.
// Left out: the target's CPU (it is never the bottleneck), several namespaces.
// Invariant: after loading, what a kind has of its own (in_capsule_data, maxh2cdata, mdts) is
// filled in.
#ifndef DDPSIM_SIM_SCENARIO_TARGET_CONFIG_H_
#define DDPSIM_SIM_SCENARIO_TARGET_CONFIG_H_

#include <cstdint>

#include "ddpsim/base/fields.h"
#include "sim/scenario/tcp_config.h"

namespace ddpsim::settings {

enum class TargetKind { kNvmet, kSpdk };
inline constexpr EnumName<TargetKind> kTargetKindNames[] = {{TargetKind::kNvmet, "nvmet"},
                                                            {TargetKind::kSpdk, "spdk"}};

enum class LatencyDistribution { kConstant, kUniform, kExponential, kLognormal };
inline constexpr EnumName<LatencyDistribution> kLatencyDistributionNames[] = {
    {LatencyDistribution::kConstant, "constant"},
    {LatencyDistribution::kUniform, "uniform"},
    {LatencyDistribution::kExponential, "exponential"},
    {LatencyDistribution::kLognormal, "lognormal"}};

// Service time of one command in microseconds. With any distribution but constant completions leave
// command order.
struct LatencyConfig {
  using D = LatencyDistribution;
  D distribution = D::kConstant;
  double mean = 10;
  double min = 0;
  double max = 0;
  double stddev = 0;

  double* ShortForm() { return distribution == D::kConstant ? &mean : nullptr; }

  template <class V>
  void Describe(V& v) {
    v.Enum("distribution", distribution, kLatencyDistributionNames, "shape of the service time");
    v.Case("distribution", "constant|exponential|lognormal", distribution != D::kUniform,
           Presence::kRequired, [&] {
             v.Number("mean", mean, {0, 10'000'000}, "us", "mean");
           });
    v.Case("distribution", "uniform", distribution == D::kUniform, Presence::kRequired, [&] {
      v.Number("min", min, {0, 10'000'000}, "us", "shortest");
      v.Number("max", max, {0, 10'000'000}, "us", "longest");
    });
    v.Case("distribution", "lognormal", distribution == D::kLognormal, Presence::kRequired, [&] {
      v.Number("stddev", stddev, {0, 10'000'000}, "us", "standard deviation");
    });
  }
};

struct TargetConfig {
  TargetKind kind = TargetKind::kNvmet;
  LatencyConfig latency_us;
  int64_t c2h_chunk = 0;
  int64_t in_capsule_data = 16 << 10;  // nvmet-tcp: 4 pages (inline_data_size)
  int64_t maxh2cdata = 4 << 20;        // nvmet-tcp: 0x400000
  int64_t mdts = 0;                    // nvmet-tcp has no get_mdts: no limit
  TargetTcpConfig tcp;

  template <class V>
  void Describe(V& v) {
    v.Enum("kind", kind, kTargetKindNames, "whose habits: Linux' nvmet-tcp or SPDK");
    v.NumberOrGroup("latency_us", latency_us, {0, 10'000'000}, "us",
                    "service time of a command: a number, or a distribution (completions then "
                    "leave command order)");
    v.Bytes("c2h_chunk", c2h_chunk, {0, int64_t{1} << 30},
            "largest C2HData PDU; 0: one for the whole read");
    v.Bytes("in_capsule_data", in_capsule_data, {0, 1 << 20},
            "writes up to this size travel in the capsule; spdk: 4k");
    v.Bytes("maxh2cdata", maxh2cdata, {4'096, int64_t{1} << 30},
            "largest H2CData PDU, a multiple of 4; spdk: 128k");
    v.Bytes("mdts", mdts, {0, int64_t{1} << 30},
            "largest command; the host splits what exceeds it; 0: no limit; spdk: 128k");
    v.Group("tcp", tcp, "the target's TCP");
  }
};

}  // namespace ddpsim::settings

#endif  // DDPSIM_SIM_SCENARIO_TARGET_CONFIG_H_
