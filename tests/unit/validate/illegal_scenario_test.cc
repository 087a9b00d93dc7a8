#include "sim/validate/illegal_scenario.h"

#include <catch2/catch.hpp>

#include "sim/validate/random_scenario.h"

namespace ddpsim {

TEST_CASE("one wrong setting of a drawn scenario is refused at its place") {
  for (int64_t seed = 1; seed <= 400; ++seed) {
    const IllegalScenario illegal = MakeIllegal(DrawnFile(DrawScenario(seed)), seed);
    INFO("seed " << seed << ": " << illegal.pointer);
    CHECK(WhyNotRefused(illegal) == "");
  }
}

TEST_CASE("a loader that takes it, or complains elsewhere, is found out") {
  IllegalScenario fine{DrawnFile(DrawScenario(1)), "/network/mtu"};
  CHECK(WhyNotRefused(fine) == "the loader takes a wrong /network/mtu");
  IllegalScenario elsewhere{"{\"network\": {\"mtu\": 1}}", "/network/delay_us"};
  CHECK(WhyNotRefused(elsewhere).find("no complaint names /network/delay_us") == 0);
}

}  // namespace ddpsim
