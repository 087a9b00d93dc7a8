#include "ddpsim/base/jiffies.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE("jiffies: a tick is 4 ms at HZ 250, and a duration is rounded up to whole ticks") {
  const Jiffies ticks(250);
  CHECK(ticks.At(SimTime::Ms(40)) - ticks.At(SimTime::Zero()) == 10);
  CHECK(ticks.FromUs(4'000) == 1);
  CHECK(ticks.FromUs(4'001) == 2);
  CHECK(ticks.ToUs(3) == 12'000);
}

TEST_CASE("jiffies: a timer fires after its expiry, at most a slot of its level later") {
  const Jiffies ticks(250);
  const int64_t now = ticks.At(SimTime::Sec(3));
  // Deltas of each level of the wheel, and how many ticks its slot has.
  for (const auto& [delta, slot] :
       {std::pair{1, 1}, {62, 1}, {100, 8}, {1'000, 64}, {7'500, 512}}) {
    const SimTime fires = ticks.WheelExpiry(now, now + delta);
    CHECK(ticks.At(fires) > now + delta);
    CHECK(ticks.At(fires) <= now + delta + slot);
  }
}

TEST_CASE("jiffies: rounding up goes to whole seconds of ticks and leaves those alone") {
  const Jiffies ticks(100);
  CHECK(ticks.RoundUp(1'201) == 1'300);
  CHECK(ticks.RoundUp(1'300) == 1'300);
}

}  // namespace
}  // namespace ddpsim
