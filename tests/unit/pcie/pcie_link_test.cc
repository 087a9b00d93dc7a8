#include "models/pcie/pcie_link.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "ddpsim/base/rng.h"

namespace ddpsim {

TEST_CASE("a posted write on an idle link takes its occupancy and the latency") {
  PcieLink link{PcieConfig{}};
  const TlpTiming timing{PcieConfig{}};
  CHECK(link.PostedWrite(1500, 5_us) == 5_us + timing.Write(1500) + 350_ns);
  CHECK(link.PostedWrite(64, 10_us) == 10_us + timing.Write(64) + 350_ns);
}

TEST_CASE("posted writes never overtake each other, whatever their sizes") {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    Rng rng(seed, "pcie");
    PcieLink link{PcieConfig{}};
    SimTime now, last;
    for (int i = 0; i < 1000; ++i) {
      now += SimTime::Ns(static_cast<int64_t>(rng.Below(200)));
      if (rng.Below(4) == 0) link.Read(64 + rng.Below(4096), now);
      const SimTime done = link.PostedWrite(1 + rng.Below(4096), now);
      REQUIRE(done > last);
      REQUIRE(done > now);
      last = done;
    }
  }
}

TEST_CASE("a saturated link delivers its bandwidth and is busy all the time") {
  PcieLink link{PcieConfig{}};
  SimTime done;
  for (int i = 0; i < 10000; ++i) done = link.PostedWrite(4096, SimTime::Zero());
  const double gbytes = 10000.0 * 4096 / static_cast<double>((done - 350_ns).ps()) * 1e3;
  CHECK(gbytes > 12.5);
  CHECK(gbytes < 13.5);
  CHECK(link.usage().up_busy == done - 350_ns);
  CHECK(link.usage().posted_bytes == 10000 * 4096);
}

TEST_CASE("a read takes the round trip, and outstanding reads overlap") {
  PcieLink link{PcieConfig{}};
  const SimTime one = link.Read(64, SimTime::Zero());
  CHECK(one > 800_ns);
  CHECK(one < 820_ns);
  SimTime last;
  for (int i = 0; i < 100; ++i) last = link.Read(64, SimTime::Zero());
  CHECK(last < 3 * one);
}

TEST_CASE("a read request waits behind the writes before it") {
  PcieLink link{PcieConfig{}};
  const SimTime written = link.PostedWrite(1 << 20, SimTime::Zero());
  CHECK(link.Read(64, SimTime::Zero()) > written);
}

TEST_CASE("a register write does not wait for the completions of outstanding reads") {
  PcieLink link{PcieConfig{}};
  const SimTime read = link.Read(64, SimTime::Zero());
  const SimTime first = link.Mmio(1_ns), second = link.Mmio(1_ns);
  CHECK(first < read);
  CHECK(first < second);
  CHECK(link.usage().mmio_writes == 2);
}

TEST_CASE("each way has its own latency, and is counted with its bytes and the time it occupied") {
  PcieConfig config;
  config.posted_ns = 300;
  config.read_ns = 700;
  config.mmio_ns = 200;
  PcieLink link{config};
  const TlpTiming timing{config};
  CHECK(link.PostedWrite(1500, 10_us) == 10_us + timing.Write(1500) + 300_ns);
  CHECK(link.Mmio(20_us) == 20_us + timing.Write(8) + 200_ns);
  CHECK(link.Read(4096, 30_us) ==
        30_us + timing.ReadRequests(4096) + 700_ns + timing.Completions(4096));
  CHECK(link.PostedWrite(64, 40_us) == 40_us + timing.Write(64) + 300_ns);
  const PcieUsage& usage = link.usage();
  CHECK(usage.posted_writes == 2);
  CHECK(usage.posted_bytes == 1564);
  CHECK(usage.reads == 1);
  CHECK(usage.read_bytes == 4096);
  CHECK(usage.mmio_writes == 1);
  CHECK(usage.up_busy == timing.Write(1500) + timing.ReadRequests(4096) + timing.Write(64));
  CHECK(usage.down_busy == timing.Write(8) + timing.Completions(4096));
}

TEST_CASE("a register write puts the completions of an outstanding read off by its few bytes") {
  const TlpTiming timing{PcieConfig{}};
  PcieLink plain{PcieConfig{}};
  plain.Read(4096, SimTime::Zero());
  const SimTime second = plain.Read(4096, SimTime::Zero());
  PcieLink link{PcieConfig{}};
  link.Read(4096, SimTime::Zero());
  link.Mmio(1_ns);
  CHECK(link.Read(4096, SimTime::Zero()) == second + timing.Write(8));
  // Behind them it costs nothing to reads to come.
  PcieLink late{PcieConfig{}};
  late.Mmio(1_us);
  CHECK(late.Read(64, 2_us) == 2_us + PcieLink(PcieConfig{}).Read(64, SimTime::Zero()));
}

}  // namespace ddpsim
