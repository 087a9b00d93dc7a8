#include "sim/check/placement_law.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr uint16_t kPort = 40001;
constexpr uint32_t kFirst = 0xffffff00;  // the sequence space wraps within the test

struct Bench {
  PlacementLaw law;
  // The NIC places `size` bytes of a packet at `seq`, from its byte `offset` on.
  void Place(uint32_t seq, uint32_t offset, uint32_t size, Ccid ccid, uint32_t ccoff) {
    RxVerdict verdict;
    verdict.seq = SeqNum(kFirst + seq);
    verdict.placement = NicPlacement{ccid, 0, ccoff, offset, size};
    law.OnFrame(kPort, verdict, 0, SimTime::Us(1));
  }
  // Software reads the header of a PDU whose data begins at `seq`.
  void Pdu(uint32_t seq, Ccid ccid, uint32_t datao, uint32_t datal) {
    law.OnC2HData(kPort, {SeqNum(kFirst + seq), ccid, datao, datal}, SimTime::Us(2));
  }
};

TEST_CASE("bytes placed where their PDU says keep the law, whoever comes first") {
  Bench b;
  b.Place(0, 24, 1000, 3, 500);
  b.Place(2024, 0, 400, 3, 2500);  // packets out of order
  b.Place(1024, 0, 1000, 3, 1500);
  b.Pdu(24, 3, 500, 3000);
  b.Place(2424, 0, 600, 3, 2900);  // software was faster
  b.Place(3024, 28, 100, 4, 0);
  b.Pdu(3052, 4, 0, 100);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.checks() == 5);
}

TEST_CASE("bytes placed elsewhere are caught") {
  Bench b;
  SECTION("another offset") { b.Place(0, 24, 1000, 3, 0); }
  SECTION("another command") { b.Place(0, 24, 1000, 4, 500); }
  SECTION("a header is taken for data") { b.Place(0, 20, 1000, 3, 496); }
  SECTION("a digest is taken for data") { b.Place(2024, 0, 1004, 3, 2500); }
  CHECK(b.law.violation_count() == 0);
  b.Pdu(24, 3, 500, 3000);
  b.Pdu(3052, 4, 0, 100);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE(
    "a retransmission that is placed at a shifted offset is caught although software has read it") {
  Bench b;
  b.Place(0, 24, 1000, 3, 0);
  b.Pdu(24, 3, 0, 3000);
  b.Place(24, 0, 2000, 3, 1000);
  CHECK(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("ccid 3 offset 0 were placed at ccid 3"));
}

TEST_CASE("a placement law that saw no placement has no checks") {
  Bench b;
  b.Pdu(24, 3, 0, 3000);
  CHECK(b.law.checks() == 0);
}

}  // namespace
}  // namespace ddpsim
