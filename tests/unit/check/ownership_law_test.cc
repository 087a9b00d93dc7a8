#include "sim/check/ownership_law.h"

#include <catch2/catch.hpp>

#include "sim/check/placement_law.h"

namespace ddpsim {
namespace {

constexpr uint16_t kPort = 40001;

// Two requests, one after the other, have ccid 3: mappings 7 and 8. Placements are paired with PDUs
// by PlacementLaw, as in a run.
struct Bench {
  OwnershipLaw law;
  PlacementLaw pairs{&law};
  bool Place(uint32_t seq, uint32_t size, uint32_t ccoff, MappingSerial written) {
    RxVerdict verdict;
    verdict.seq = SeqNum(seq);
    verdict.placement = NicPlacement{3, 0, ccoff, 0, size};
    return pairs.OnFrame(kPort, verdict, written, 1_us);
  }
  void Pdu(uint32_t data_seq, uint32_t datal, MappingSerial mapping) {
    pairs.OnC2HData(kPort, {SeqNum(data_seq), 3, 0, datal, mapping}, 2_us);
  }
};

TEST_CASE("bytes that go to the request that they answer keep the law, whoever comes first") {
  Bench b;
  CHECK(b.Place(24, 1000, 0, 7));
  b.Pdu(24, 3000, 7);
  CHECK(b.Place(1024, 2000, 1000, 7));  // software was faster
  b.Pdu(3072, 3000, 8);
  CHECK(b.Place(3072, 3000, 0, 8));
  CHECK(b.law.checks() == 3);
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("the late original of an ended request, placed through the next mapping, is caught") {
  Bench b;
  b.Place(24, 2000, 0, 7);
  b.Pdu(24, 3000, 7);
  CHECK_FALSE(b.Place(2024, 1000, 2000, 8));
  CHECK(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("placed through mapping 8") &&
                                        Catch::Contains("the request of mapping 7"));
  // Where it was placed in the buffer is what the PDU says: the other law is content.
  CHECK(b.pairs.violation_count() == 0);
}

TEST_CASE("bytes that are placed before software reads their header are judged when it does") {
  Bench b;
  CHECK(b.Place(24, 1000, 0, 8));
  CHECK(b.law.violation_count() == 0);
  b.Pdu(24, 3000, 7);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("bytes of a request that is not mapped must not be placed") {
  Bench b;
  b.Pdu(24, 3000, 0);
  CHECK_FALSE(b.Place(24, 1000, 0, 7));
  CHECK_THAT(b.law.violations()[0], Catch::Contains("a request that is not mapped"));
}

TEST_CASE(
    "what went to no mapping is another law's, and without placements nothing was looked at") {
  Bench b;
  b.Pdu(24, 3000, 7);
  CHECK(b.law.checks() == 0);
  CHECK(b.Place(24, 1000, 0, 0));
  CHECK(b.law.violation_count() == 0);
}

}  // namespace
}  // namespace ddpsim
