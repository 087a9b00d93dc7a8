#include "models/pcie/tlp_timing.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

// Payload in GB/s of a long run of writes.
double Bandwidth(const PcieConfig& config, uint64_t chunk) {
  return static_cast<double>(chunk) / static_cast<double>(TlpTiming(config).Write(chunk).ps()) *
         1e3;
}

}  // namespace

TEST_CASE("gen3 x16 moves 12.5 to 13.5 GB/s of payload in full TLPs") {
  CHECK(Bandwidth(PcieConfig{}, 1 << 20) > 12.5);
  CHECK(Bandwidth(PcieConfig{}, 1 << 20) < 13.5);
}

TEST_CASE("each generation doubles the bandwidth, gen2 to gen3 less its better encoding") {
  PcieConfig config;
  double last = 0;
  for (int64_t gen = 1; gen <= 5; ++gen) {
    config.gen = gen;
    const double now = Bandwidth(config, 1 << 20);
    if (gen > 1) CHECK(now / last == Approx(gen == 3 ? 1.97 : 2.0).epsilon(0.01));
    last = now;
  }
}

TEST_CASE("half the lanes take twice the time") {
  PcieConfig half;
  half.lanes = 8;
  CHECK(Bandwidth(half, 1 << 20) * 2 == Approx(Bandwidth(PcieConfig{}, 1 << 20)).epsilon(0.001));
}

TEST_CASE("a small write costs its header: 64 bytes as 88") {
  const TlpTiming timing{PcieConfig{}};
  CHECK(timing.Write(64).ps() == Approx(timing.Write(256).ps() * 88.0 / 280.0).margin(2));
}

TEST_CASE("a byte more than MaxPayloadSize is a second TLP") {
  const TlpTiming timing{PcieConfig{}};
  const int64_t more = timing.Write(257).ps() - timing.Write(256).ps();
  CHECK(more == Approx(timing.Write(4).ps()).margin(2));
}

TEST_CASE("read requests are cut at MaxReadRequestSize and carry no data") {
  const TlpTiming timing{PcieConfig{}};
  CHECK(timing.ReadRequests(4096).ps() == Approx(8 * timing.ReadRequests(512).ps()).margin(8));
  CHECK(timing.ReadRequests(512) == timing.ReadRequests(1));
}

}  // namespace ddpsim
