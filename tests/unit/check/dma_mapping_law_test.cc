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

}  // namespace
}  // namespace ddpsim
