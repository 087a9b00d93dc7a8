#include "sim/check/dma_mapping_law.h"

#include <catch2/catch.hpp>
#include <vector>

namespace ddpsim {
namespace {

constexpr PhysAddr kApp = 0x1'0000'0000;
constexpr uint32_t kPage = 4096;
constexpr PhysAddr kBuffer = kApp + 64;  // behind its canary
constexpr uint32_t kQueue = 2;
constexpr Ccid kCcid = 7;

struct Bench {
  Bench() { law.AddApplicationMemory(kApp, kApp + 16 * kPage); }
  // Two pages in a row and one elsewhere.
  void Map() {
    sgl = {{kBuffer, kPage}, {kBuffer + kPage, kPage}, {kBuffer + 8 * kPage, kPage}};
    law.OnSetup(kQueue, kCcid, sgl, 0_us);
  }
  void Write(PhysAddr addr, uint32_t size) { law.OnDmaWrite(addr, size, 1_us); }

  // The device sends data and the CQE that tells of it.
  void Place(PhysAddr addr, uint32_t size) { law.OnDataPosted(addr, size); }
  void Cqe(uint32_t ccoff, uint32_t cclen, Ccid ccid = kCcid, bool zc = true) {
    Cqe128 cqe;
    cqe.nvmeotcp.ccid = ccid;
    cqe.nvmeotcp.ccoff_or_resync_tcp_sn = ccoff;
    cqe.nvmeotcp.cclen = static_cast<uint16_t>(cclen);
    cqe.cqe64.nvmeotcp_flags = zc ? kCqeNvmeotcpZc : 0;
    cqe.cqe64.op_own = static_cast<uint8_t>(CqeOpcode::kRespSend) << 4;
    law.OnCqePosted(ByteSpan(reinterpret_cast<const uint8_t*>(&cqe), sizeof(cqe)), 2_us);
  }

  DmaMappingLaw law;
  std::vector<SglEntry> sgl;
};

TEST_CASE("placing each byte of a live mapping once keeps the law, in any order and cut") {
  Bench b;
  b.Map();
  b.Write(kBuffer + 1000, 1448);
  b.Write(kBuffer, 1000);
  b.Write(kBuffer + 3000, 2000);  // across pages that follow each other
  b.Write(kBuffer + 2448, 552);
  b.Write(kBuffer + 5000, 2 * kPage - 5000);
  b.Write(kBuffer + 8 * kPage, kPage);
  b.law.OnTeardownDone(kQueue, kCcid, 2_us);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.checks() == 6);
  CHECK(b.law.placed_bytes() == 3 * kPage);
}

TEST_CASE("bytes that are not a mapping's own leave room for those that are, once") {
  Bench b;
  b.Map();
  b.Write(kBuffer + kPage - 500, 1000);
  b.Write(kBuffer + 8 * kPage, 100);
  b.law.DisownPlacement();
  b.law.EndPlacement();
  b.Write(kBuffer + kPage - 700, 200);
  b.Write(kBuffer + kPage - 500, 1000);
  b.Write(kBuffer + 8 * kPage, 100);
  CHECK(b.law.violation_count() == 0);
  b.Write(kBuffer + kPage, 10);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("of a placement that is disowned, what had been there before stays") {
  Bench b;
  b.Map();
  b.Write(kBuffer, 1000);
  b.law.EndPlacement();
  b.Write(kBuffer + 500, 1000);
  b.Write(kBuffer + 1500, 500);
  CHECK(b.law.rewrites() == std::vector<uint64_t>{1});
  b.law.DisownPlacement();
  b.law.EndPlacement();
  CHECK(b.law.rewrites().empty());
  b.Write(kBuffer + 1500, 500);
  CHECK(b.law.violation_count() == 1);
  b.Write(kBuffer + 999, 1);
  CHECK(b.law.violation_count() == 2);
}

TEST_CASE("no write, or no application memory to judge by, is no check") {
  DmaMappingLaw law;
  CHECK(law.checks() == 0);
  law.OnDmaWrite(kBuffer, 100, 0_us);
  CHECK(law.checks() == 0);
}

TEST_CASE("the driver's memory is written at will") {
  Bench b;
  b.Write(kApp - kPage, kPage);
  b.Write(kApp - kPage, kPage);
  b.Write(kApp + 16 * kPage, kPage);
  CHECK(b.law.checks() == 3);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.placed_bytes() == 0);
}

TEST_CASE("memory between two ranges of the application is the driver's") {
  Bench b;
  b.law.AddApplicationMemory(kApp + 32 * kPage, kApp + 33 * kPage);
  b.Write(kApp + 20 * kPage, kPage);
  CHECK(b.law.violation_count() == 0);
  CHECK_FALSE(b.law.IsApplicationMemory(kApp + 20 * kPage));
  CHECK(b.law.IsApplicationMemory(kApp + 32 * kPage));
  b.Write(kApp + 32 * kPage, 1);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("a write into application memory that was never mapped is caught") {
  Bench b;
  b.Write(kBuffer, 100);
  CHECK(b.law.violation_count() == 1);
  b.Map();
  b.Write(kBuffer + 4 * kPage, 100);
  CHECK(b.law.violation_count() == 2);
  CHECK(b.law.placed_bytes() == 0);
}

TEST_CASE("a write after teardown is caught") {
  Bench b;
  b.Map();
  b.law.OnTeardownDone(kQueue, kCcid, 1_us);
  b.Write(kBuffer, 1);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("a write that runs out of its mapping by one byte is caught at either end") {
  Bench b;
  b.Map();
  b.Write(kBuffer + 2 * kPage - 99, 100);
  CHECK(b.law.violation_count() == 1);
  b.Write(kBuffer - 1, 100);  // from the canary into the buffer
  CHECK(b.law.violation_count() == 2);
  b.Write(kBuffer - 1, 1);  // the canary alone
  CHECK(b.law.violation_count() == 3);
}

TEST_CASE("a write from the driver's memory into the application's is caught, and out of it") {
  Bench b;
  b.Write(kApp - 1, 2);
  CHECK(b.law.violation_count() == 1);
  b.Write(kApp + 16 * kPage - 1, 2);
  CHECK(b.law.violation_count() == 2);
}

TEST_CASE("a byte placed twice in one mapping is caught, at either edge and within") {
  const std::pair<uint32_t, uint32_t> again =
      GENERATE(std::make_pair(1000u, 100u), std::make_pair(999u, 2u), std::make_pair(1099u, 50u),
               std::make_pair(1050u, 1u), std::make_pair(900u, 500u));
  Bench b;
  b.Map();
  b.Write(kBuffer + 1000, 100);
  b.Write(kBuffer + 1100, 100);
  b.Write(kBuffer + 2000, 100);
  CHECK(b.law.violation_count() == 0);
  b.Write(kBuffer + again.first, again.second);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("a new mapping of the same memory may be written anew") {
  Bench b;
  for (int i = 0; i < 3; ++i) {
    b.Map();
    b.Write(kBuffer, kPage);
    b.law.OnTeardownDone(kQueue, kCcid, 2_us);
  }
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.placed_bytes() == 3 * kPage);
}

TEST_CASE("mapping twice, or memory that another request has mapped, is caught") {
  Bench b;
  b.Map();
  const std::vector<SglEntry> free_memory = {{kBuffer + 4 * kPage, kPage}};
  b.law.OnSetup(kQueue, kCcid, free_memory, 1_us);
  CHECK(b.law.violation_count() == 1);
  const std::vector<SglEntry> taken = {{kBuffer + kPage, 8}};
  b.law.OnSetup(kQueue, kCcid + 1, taken, 1_us);
  CHECK(b.law.violation_count() == 2);
}

TEST_CASE("unmapping what is not mapped is caught") {
  Bench b;
  b.Map();
  b.law.OnTeardownDone(kQueue + 1, kCcid, 1_us);
  CHECK(b.law.violation_count() == 1);
  b.law.OnTeardownDone(kQueue, kCcid, 1_us);
  CHECK(b.law.violation_count() == 1);
  b.law.OnTeardownDone(kQueue, kCcid, 1_us);
  CHECK(b.law.violation_count() == 2);
}

TEST_CASE("a CQE that tells of the bytes before it keeps the law, wherever they lie") {
  Bench b;
  b.Map();
  b.Place(kBuffer + 100, 1000);
  b.Cqe(100, 1000);
  b.Place(kBuffer + 2 * kPage - 200, 200);
  b.Place(kBuffer + 8 * kPage, 300);  // the third page of the buffer
  b.Place(kApp - kPage, 64);          // the packet's head goes to the driver
  b.Cqe(2 * kPage - 200, 500);
  b.Cqe(0, 0, 0, false);
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("a CQE that tells of other bytes than were placed is caught") {
  Bench b;
  b.Map();
  const std::vector<SglEntry> other = {{kBuffer + 4 * kPage, kPage}};
  b.law.OnSetup(kQueue, kCcid + 1, other, 0_us);
  b.Place(kBuffer + 100, 1000);
  SECTION("another offset") { b.Cqe(0, 1000); }
  SECTION("another ccid") { b.Cqe(100, 1000, kCcid + 1); }
  SECTION("too many") { b.Cqe(100, 1001); }
  SECTION("too few") { b.Cqe(100, 999); }
  SECTION("none") { b.Cqe(0, 0, 0, false); }
  SECTION("the bytes of a neighbour's buffer too") {
    b.Place(kBuffer + 4 * kPage, 10);
    b.Cqe(100, 1010);
  }
  CHECK(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("a CQE"));
}

}  // namespace
}  // namespace ddpsim
