#include "sim/check/run_completes_law.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE("run_completes: an orderly end with data is content") {
  RunCompletesLaw law;
  law.OnEnd("", 512, SimTime::Ms(1));
  CHECK(law.checks() == 1);
  CHECK(law.violation_count() == 0);
}

TEST_CASE("run_completes: a run that moved no data breaks it") {
  RunCompletesLaw law;
  law.OnEnd("", 0, SimTime::Ms(1));
  REQUIRE(law.violation_count() == 1);
  CHECK_THAT(law.violations()[0], Catch::Contains("no data moved"));
}

TEST_CASE("run_completes: a run that was cut short breaks it and says why") {
  RunCompletesLaw law;
  law.OnEnd("the controller could not be connected", 512, SimTime::Ms(1));
  REQUIRE(law.violation_count() == 1);
  CHECK_THAT(law.violations()[0],
             Catch::Contains("cut short: the controller could not be connected"));
}

TEST_CASE("run_completes: a run that nobody closed was not looked at") {
  CHECK(RunCompletesLaw().checks() == 0);
}

}  // namespace
}  // namespace ddpsim
