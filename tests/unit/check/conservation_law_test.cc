#include "sim/check/conservation_law.h"

#include <catch2/catch.hpp>

namespace ddpsim {

TEST_CASE("a balance that nobody closed was not looked at") {
  const ConservationLaw law;
  CHECK(law.checks() == 0);
  CHECK(law.name() == "conservation");
}

TEST_CASE("equal sides keep conservation") {
  ConservationLaw law;
  law.Balance("frames offered = delivered + dropped", 7, 5 + 2, 1_us);
  law.Balance("skbs live = 0", 0, 0, 1_us);
  CHECK(law.checks() == 2);
  CHECK(law.violation_count() == 0);
}

TEST_CASE("one frame too few or too many breaks conservation, with both sides and the time") {
  ConservationLaw law;
  law.Balance("frames", 7, 6, 3_us);
  law.Balance("frames", 6, 7, 4_us);
  CHECK(law.checks() == 2);
  REQUIRE(law.violation_count() == 2);
  CHECK(law.violations()[0] == "at 3000 ns: frames: 7 against 6");
}

TEST_CASE("a law counts every violation but keeps the text of the first few") {
  ConservationLaw law;
  for (int i = 0; i < 100; ++i) law.Balance("frames", i, -1, 0_us);
  CHECK(law.violation_count() == 100);
  REQUIRE(law.violations().size() == 8);
  CHECK(law.violations()[7] == "at 0 ns: frames: 7 against -1");
}

}  // namespace ddpsim
