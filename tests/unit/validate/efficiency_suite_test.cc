#include "sim/validate/efficiency_suite.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

bool Within(double share, const Band& band) { return share >= band.low && share <= band.high; }

}  // namespace

TEST_CASE("what the shipped scenarios show under loss lies in the bands") {
  CHECK(Within(0.997, PlacedBand(0.001, 46, 190)));
  CHECK(Within(0.969, PlacedBand(0.01, 46, 120)));
  CHECK(Within(0.863, PlacedBand(0.05, 46, 105)));
  CHECK(Within(0.955, VerifiedBand(0.001, 46)));
  CHECK(Within(0.62, VerifiedBand(0.01, 46)));
  CHECK(Within(0.077, VerifiedBand(0.05, 46)));
}

TEST_CASE("a slow context falls out of the bands, and so does one that is too good") {
  CHECK_FALSE(Within(0.5, PlacedBand(0.001, 46, 190)));  // every other packet
  CHECK_FALSE(Within(0.80, PlacedBand(0.01, 46, 120)));
  CHECK_FALSE(Within(1.0, PlacedBand(0.01, 46, 120)));
  CHECK_FALSE(Within(0.4, VerifiedBand(0.01, 46)));  // each hole costs the next PDU as well
  CHECK_FALSE(Within(0.75, VerifiedBand(0.01, 46)));
  CHECK_FALSE(Within(1.0, VerifiedBand(0.05, 46)));
}

}  // namespace ddpsim
