#include "sim/check/goodput_law.h"

#include <catch2/catch.hpp>

namespace ddpsim {

TEST_CASE("as many bytes as the line carries in the window keep the law, one more breaks it") {
  GoodputLaw law;
  law.OnWindow(12'500'000, SimTime::Ms(1), 100, 1_us);
  CHECK(law.violation_count() == 0);
  law.OnWindow(12'500'001, SimTime::Ms(1), 100, 1_us);
  REQUIRE(law.violation_count() == 1);
  CHECK_THAT(law.violations()[0], Catch::Contains("12500001 bytes in 1000000 ns"));
  CHECK(law.checks() == 2);
}

TEST_CASE("bytes in a window of no length are too fast") {
  GoodputLaw law;
  law.OnWindow(1, SimTime::Zero(), 100, 1_us);
  CHECK(law.violation_count() == 1);
}

}  // namespace ddpsim
