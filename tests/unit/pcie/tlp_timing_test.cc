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

// Gigatransfers, encoding and the DLLPs' share (62.96 of 57.88 Gb/s) give the time of a byte.
TEST_CASE("a TLP takes its bytes and its header at the line's rate less encoding and DLLPs") {
  struct Rate {
    int64_t gen, lanes;
    double ps_per_byte;
  };
  const double dllp = 62.96 / 57.88;
  for (const Rate& rate : {Rate{1, 1, 8 / 2.5e9 * 10 / 8}, Rate{2, 4, 8 / 5e9 * 10 / 8 / 4},
                           Rate{3, 1, 8 / 8e9 * 130 / 128}, Rate{4, 8, 8 / 16e9 * 130 / 128 / 8},
                           Rate{5, 2, 8 / 32e9 * 130 / 128 / 2}}) {
    PcieConfig config;
    config.gen = rate.gen;
    config.lanes = rate.lanes;
    const TlpTiming timing(config);
    const double byte = rate.ps_per_byte * 1e12 * dllp;
    INFO("gen " << rate.gen);
    CHECK(timing.Write(256).ps() == Approx((256 + 24) * byte).epsilon(2e-5).margin(2));
    CHECK(timing.Write(1024).ps() == Approx((1024 + 4 * 24) * byte).epsilon(2e-5).margin(2));
    CHECK(timing.Completions(1024).ps() == Approx((1024 + 4 * 20) * byte).epsilon(2e-5).margin(2));
    CHECK(timing.ReadRequests(1024).ps() == Approx(2 * 24 * byte).epsilon(2e-4).margin(2));
    CHECK(timing.Write(61).ps() == timing.Write(64).ps());
    CHECK(timing.Write(61).ps() > timing.Write(60).ps());
  }
}

TEST_CASE("a transfer is cut at its limit: no TLP more than needed, and one at least") {
  CHECK(TlpTiming::Count(0, 256) == 1);
  CHECK(TlpTiming::Count(256, 256) == 1);
  CHECK(TlpTiming::Count(257, 256) == 2);
  CHECK(TlpTiming::Count(512, 256) == 2);
  CHECK(TlpTiming::Count(513, 256) == 3);
  PcieConfig config;
  config.mps = 128;
  CHECK(TlpTiming(config).mps() == 128);
}

}  // namespace ddpsim
