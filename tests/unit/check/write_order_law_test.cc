#include "sim/check/write_order_law.h"

#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/hw/cqe.h"
#include "ddpsim/hw/doorbell.h"

namespace ddpsim {
namespace {

constexpr PhysAddr kBuffer = 0x1'0000'0000;
constexpr PhysAddr kCq = 0x2'0000'0000;

struct Bench {
  void Data(uint32_t size, SimTime done) {
    const std::vector<uint8_t> bytes(size);
    law.OnPosted(kBuffer, bytes, false, done);
  }
  void Cqe(PhysAddr addr, uint32_t byte_cnt, SimTime done, size_t padding = 0) {
    Cqe64 cqe;
    cqe.byte_cnt = byte_cnt;
    cqe.op_own = static_cast<uint8_t>(CqeOpcode::kRespSend) << 4;
    std::vector<uint8_t> bytes(padding + sizeof(cqe));
    std::memcpy(bytes.data() + padding, &cqe, sizeof(cqe));
    law.OnPosted(addr, bytes, true, done);
  }
  // Both CQs interrupt by vector 1.
  void Arm(uint32_t cqn = 5) { law.OnArmed(cqn, 1); }
  void Msix(SimTime done) {
    const std::vector<uint8_t> vector = {1, 0, 0, 0};
    law.OnPosted(kMsixAddress, vector, true, done);
  }

  WriteOrderLaw law;
};

TEST_CASE("data, then CQE, then interrupt keeps the law, for CQEs of both sizes") {
  const size_t padding = GENERATE(size_t{0}, sizeof(Cqe64));
  Bench b;
  b.Data(100, 1_us);
  b.Data(1400, 2_us);
  b.Cqe(kCq, 1500, 3_us, padding);
  b.Arm();
  b.Msix(4_us);
  b.law.OnLanded(kCq, 3_us);
  b.law.OnInterrupt(4_us);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.checks() == 4);
}

TEST_CASE("a law that saw no posted write has no checks") { CHECK(WriteOrderLaw().checks() == 0); }

TEST_CASE("a CQE before all of its data is caught") {
  Bench b;
  SECTION("before any") {
    b.Cqe(kCq, 1500, 1_us);
    b.Data(1500, 2_us);
  }
  SECTION("before the last byte") {
    b.Data(1499, 1_us);
    b.Cqe(kCq, 1500, 2_us, sizeof(Cqe64));
  }
  SECTION("after data that another CQE reported") {
    b.Data(1500, 1_us);
    b.Cqe(kCq, 1000, 2_us);
    CHECK(b.law.violation_count() == 0);
    b.Cqe(kCq + 64, 500, 2_us);
  }
  CHECK(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("CQE reports"));
}

TEST_CASE("a send CQE reports no data") {
  Bench b;
  const std::vector<uint8_t> cqe(sizeof(Cqe64));
  b.law.OnPosted(kCq, cqe, true, 1_us);
  b.law.OnLanded(kCq, 1_us);
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("a posted write that is visible before an earlier one is caught") {
  Bench b;
  b.Data(100, 2_us);
  b.Data(100, 2_us);
  CHECK(b.law.violation_count() == 0);
  b.Cqe(kCq, 200, 1_us);
  CHECK(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("overtakes"));
}

TEST_CASE("a message that lands out of order, at another time or from nowhere is caught") {
  Bench b;
  b.Data(200, 1_us);
  b.Cqe(kCq, 100, 2_us);
  b.Data(200, 3_us);
  b.Cqe(kCq + 64, 100, 3_us);
  SECTION("out of order") { b.law.OnLanded(kCq + 64, 3_us); }
  SECTION("early") { b.law.OnLanded(kCq, 1_us); }
  SECTION("late") { b.law.OnLanded(kCq, 3_us); }
  SECTION("twice") {
    b.law.OnLanded(kCq, 2_us);
    CHECK(b.law.violation_count() == 0);
    b.law.OnLanded(kCq, 2_us);
  }
  SECTION("an interrupt ahead of the CQEs") {
    b.law.OnInterrupt(2_us);
    CHECK(b.law.violation_count() == 2);  // out of order, and without a CQE
    return;
  }
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("an interrupt that no CQE called for is caught") {
  Bench b;
  SECTION("no CQE at all") {
    b.Arm();
    b.Msix(1_us);
    b.law.OnInterrupt(1_us);
  }
  SECTION("three for one, which can be reported once and again as its CQ is armed anew") {
    b.Data(10, 1_us);
    b.Cqe(kCq, 10, 1_us);
    for (int i = 1; i <= 3; ++i) {
      b.Arm();
      b.Msix(SimTime::Us(i));
    }
    b.law.OnLanded(kCq, 1_us);
    b.law.OnInterrupt(1_us);
    b.law.OnInterrupt(2_us);
    CHECK(b.law.violation_count() == 0);
    b.law.OnInterrupt(3_us);
  }
  CHECK(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("interrupt without a CQE"));
}

TEST_CASE("a CQ number that is given out again may interrupt by another vector") {
  Bench b;
  b.law.OnArmed(5, 2);
  b.Arm(5);
  b.Msix(1_us);
  CHECK(b.law.violation_count() == 0);
  const std::vector<uint8_t> old = {2, 0, 0, 0};  // its first CQ is gone
  b.law.OnPosted(kMsixAddress, old, true, 2_us);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("an interrupt while no CQ of its vector is armed is caught") {
  Bench b;
  SECTION("never armed") {}
  SECTION("another vector's") { b.law.OnArmed(7, 2); }
  SECTION("armed twice is armed once") {
    b.Arm();
    b.Arm();
    b.Msix(1_us);
    CHECK(b.law.violation_count() == 0);
  }
  SECTION("an interrupt disarms") {
    b.Arm();
    b.Msix(1_us);
    CHECK(b.law.violation_count() == 0);
  }
  b.Msix(2_us);
  CHECK(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("none of its CQs is armed"));
}

TEST_CASE("interrupts of two queues may both come after both CQEs") {
  Bench b;
  b.Data(10, 1_us);
  b.Cqe(kCq, 10, 1_us);
  b.Data(10, 1_us);
  b.Cqe(kCq + 4096, 10, 1_us);
  b.Arm(5);
  b.Arm(6);
  b.Msix(2_us);
  b.Msix(2_us);
  b.law.OnLanded(kCq, 1_us);
  b.law.OnLanded(kCq + 4096, 1_us);
  b.law.OnInterrupt(2_us);
  b.law.OnInterrupt(2_us);
  CHECK(b.law.violation_count() == 0);
}

}  // namespace
}  // namespace ddpsim
