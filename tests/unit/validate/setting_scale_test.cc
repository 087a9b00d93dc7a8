#include "sim/validate/setting_scale.h"

#include <catch2/catch.hpp>

namespace ddpsim {

TEST_CASE("a wide range is measured by logarithm, a narrow one as it is") {
  const SettingScale wide(0, 1'000'000);
  CHECK(wide.PositionOf(0) == 0);
  CHECK(wide.PositionOf(1'000'000) == 1);
  CHECK(wide.PositionOf(1000) == Approx(0.5).margin(0.01));
  CHECK(wide.ValueAt(0.5) == Approx(1000).margin(1));
  const SettingScale narrow(0, 100);
  CHECK(narrow.PositionOf(50) == 0.5);
  CHECK(narrow.ValueAt(0.1) == Approx(10));
}

TEST_CASE("a range around zero is measured as it is, so that its middle is zero") {
  const SettingScale around(-(1 << 30), 1 << 30);
  CHECK(around.PositionOf(0) == 0.5);
}

TEST_CASE("the outer tenths hold the ends and not the middle") {
  CHECK((InLowestTenth(0) && InLowestTenth(0.1) && !InLowestTenth(0.11)));
  CHECK((InHighestTenth(1) && InHighestTenth(0.9) && !InHighestTenth(0.89)));
}

}  // namespace ddpsim
