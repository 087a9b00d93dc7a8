// The ICOSQ between driver and NIC over a long time: what is posted is executed and given back.
#include <catch2/catch.hpp>

#include "tests/unit/driver_nic/driver_nic_bench.h"

namespace ddpsim {
namespace {

// The ring of 8192 WQEBBs is passed 366 times, the 16-bit counters of WQEs 46 times.
constexpr uint32_t kMillion = 1'000'000;

TEST_CASE("a million resync answers are executed, each of them, and the ring is never full") {
  DriverNicBench b;
  REQUIRE(b.offloaded());
  for (uint32_t i = 0; i < kMillion; ++i) {
    b.Resync(i);
    b.RunFor(SimTime::Us(2));
  }
  b.RunFor(SimTime::Ms(1));
  // Nobody asked: the context takes none of them.
  CHECK(b.nic().resync_stale == kMillion);
  CHECK(b.nic().umr_wqes == kMillion + 2);  // and both kinds of parameters
  CHECK(b.nic().umr_refused == 0);
  CHECK(b.driver().icosq_full == 0);
}

TEST_CASE("a million answers with mappings of every size in between") {
  for (const char* version : {"v1", "v30"}) {
    DriverNicBench b(version);
    std::vector<std::vector<SglEntry>> sgls;
    for (uint32_t pages : {1u, 8u, 53u, 128u}) sgls.push_back(b.Pages(pages));
    uint64_t wqes = 2, rounds = 0;
    for (uint32_t i = 0; i < kMillion; ++i) {
      b.Resync(i);
      b.RunFor(SimTime::Us(2));
      if (i % 16 != 0) continue;
      const auto ccid = static_cast<Ccid>(rounds % 128);
      const std::vector<SglEntry>& sgl = sgls[rounds % sgls.size()];
      b.Setup(ccid, sgl);
      b.Resync(i);
      b.Teardown(ccid, sgl);
      b.RunFor(SimTime::Us(15));
      wqes += MapWqes(static_cast<uint32_t>(sgl.size())) + 2;
      ++rounds;
    }
    b.RunFor(SimTime::Ms(1));
    CHECK(b.nic().resync_stale == static_cast<int64_t>(kMillion + rounds));
    CHECK(b.nic().umr_wqes == static_cast<int64_t>(kMillion + wqes));
    CHECK(b.nic().umr_refused == 0);
    CHECK(b.teardowns_done() == rounds);
    CHECK(b.driver().icosq_full == 0);
    CHECK(b.driver().setup_fail == 0);
  }
}

TEST_CASE("answers faster than the NIC executes them fill the ring: the rest is lost and counted") {
  for (uint32_t queue_size : {16u, 128u}) {
    DriverNicBench b("v30", queue_size);
    for (uint32_t i = 0; i < 100'000; ++i) {
      b.Resync(i);
      b.RunFor(SimTime::Ns(100));
    }
    b.RunFor(SimTime::Ms(20));
    CHECK(b.driver().icosq_full > 10'000);
    CHECK(b.nic().resync_stale + static_cast<int64_t>(b.driver().icosq_full) == 100'000);
    // It goes on where there is room again.
    const uint64_t lost = b.driver().icosq_full;
    b.Resync(1);
    b.RunFor(SimTime::Us(10));
    CHECK(b.driver().icosq_full == lost);
  }
}

}  // namespace
}  // namespace ddpsim
