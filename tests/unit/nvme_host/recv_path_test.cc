#include "models/nvme_host/recv_path.h"

#include <catch2/catch.hpp>

#include "tests/unit/nvme_host/fake_target.h"

namespace ddpsim {
namespace {

TEST_CASE("recv_path: data that lies in place is not copied, and charged only as a comparison") {
  Bench bench({}, true);
  bench.place = true;
  bench.Connect();
  const int64_t copies = bench.cpu.Charged(Cost::kCopyCall);
  const int64_t crc = bench.cpu.Charged(Cost::kCrcByte);
  REQUIRE(bench.Load(ReadsOf(65536)));
  const HostQueueStats stats = bench.host->IoStats();
  CHECK(stats.placed_bytes == 65536);
  CHECK(stats.copied_bytes == 0);
  CHECK(stats.digests_by_nic == 1);
  CHECK(bench.cpu.Charged(Cost::kCopyCall) == copies);
  CHECK(bench.cpu.Charged(Cost::kCrcByte) == crc);
  CHECK(bench.cpu.Charged(Cost::kCopySkipCheck) >= 46);
  CHECK(bench.host->result().wrong_ios == 0);
}

TEST_CASE("recv_path: a read below the threshold is not set up and is copied") {
  Bench bench({}, true);
  bench.place = true;
  bench.Connect();
  REQUIRE(bench.Load(ReadsOf(16384)));
  CHECK(bench.driver.setups == 0);
  CHECK(bench.host->IoStats().copied_bytes == 16384);
  REQUIRE(bench.Load(ReadsOf(32768)));
  CHECK(bench.driver.setups == 1);
}

TEST_CASE("recv_path: one skb without the bit makes software recalculate the whole digest") {
  for (const uint32_t bad : {0u, 20u, 45u}) {
    Bench bench({}, true);
    bench.Connect();
    bench.crc = [bad](uint32_t n) { return n != bad; };
    REQUIRE(bench.Load(ReadsOf(65536)));
    const HostQueueStats stats = bench.host->IoStats();
    CHECK(stats.digests_recalculated == 1);
    CHECK(stats.digests_by_nic == 0);
    CHECK(stats.digests_bad == 0);
    CHECK(bench.cpu.Charged(Cost::kCrcByte) + bench.cpu.Charged(Cost::kCrcByteDram) >= 65536);
  }
}

TEST_CASE("recv_path: with the bit set everywhere the received digest is not even looked at") {
  Bench bench({}, true);
  bench.Connect();
  bench.bad_digests = 1;
  REQUIRE(bench.Load(ReadsOf(65536)));
  CHECK(bench.host->IoStats().digests_bad == 0);
  CHECK(bench.host->IoStats().digests_by_nic == 1);
}

TEST_CASE("recv_path: without the digest offload the crc is taken with the copy") {
  Bench bench({}, true);
  bench.driver.caps.nvme_tcp_ddgst_rx = false;
  bench.place = true;
  bench.Connect();
  const int64_t before = bench.cpu.Charged(Cost::kCrcByte);
  REQUIRE(bench.Load(ReadsOf(65536)));
  CHECK(bench.host->IoStats().placed_bytes == 65536);
  CHECK(bench.host->IoStats().digests_by_software == 1);
  CHECK(bench.host->IoStats().digests_recalculated == 0);
  CHECK(bench.cpu.Charged(Cost::kCrcByte) == before + 65536);
}

TEST_CASE("recv_path: copied bytes are charged by where their destination is") {
  Bench bench;
  bench.Connect();
  const int64_t dram = bench.cpu.Charged(Cost::kCopyByteDram);
  const int64_t llc = bench.cpu.Charged(Cost::kCopyByteLlc);
  REQUIRE(bench.Load(ReadsOf(65536)));
  const int64_t cold = bench.cpu.Charged(Cost::kCopyByteDram) - dram;
  CHECK(cold > 65536 * 9 / 10);
  CHECK(cold + bench.cpu.Charged(Cost::kCopyByteLlc) - llc == 65536);
  REQUIRE(bench.Load(ReadsOf(65536)));
  REQUIRE(bench.Load(ReadsOf(65536)));
}

}  // namespace
}  // namespace ddpsim
