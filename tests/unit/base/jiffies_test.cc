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

TEST_CASE("jiffies: ticks lie a microsecond behind the round ones, counted from long before") {
  const Jiffies ticks(1000);
  CHECK(ticks.hz() == 1000);
  CHECK(ticks.At(SimTime::Zero()) == 999'999);
  CHECK(ticks.At(1_us) == 1'000'000);
  CHECK(ticks.At(1_ms) == 1'000'000);
  CHECK(ticks.At(1_ms + 1_us) == 1'000'001);
  CHECK(ticks.AtUs(5'001) == 5);
  CHECK(ticks.AtUs(5'000) == 4);
  CHECK(ticks.FromUs(0) == 0);
  CHECK(ticks.FromUs(1) == 1);
  CHECK(ticks.FromUs(1'000) == 1);
  CHECK(ticks.ToUs(7) == 7'000);
}

// calc_index() of Linux 6.1: a delta below 63 is in level 0, below 504 in level 1, below 4032 in
// level 2; the slot behind the expiry, of its level's width.
TEST_CASE("jiffies: the level of a timer follows from how far away it is") {
  const Jiffies ticks(1000);
  const int64_t now = 1'000'000;
  const auto fires = [&](int64_t delta) {
    const SimTime at = ticks.WheelExpiry(now, now + delta);
    CHECK(at == SimTime::Us((ticks.At(at)) * 1000 + 1 - Jiffies::kBootUs));
    return ticks.At(at) - now;
  };
  CHECK(fires(0) == 1);
  CHECK(fires(1) == 2);
  CHECK(fires(62) == 63);
  CHECK(fires(63) == 64);  // slots of 8 from here on; 1'000'000 is a multiple of 64
  CHECK(fires(64) == 72);
  CHECK(fires(503) == 504);
  CHECK(fires(504) == 512);  // slots of 64
  CHECK(fires(512) == 576);
  CHECK(fires(4031) == 4032);
  CHECK(fires(4096) == 4608 - 1'000'000 % 512);
}

}  // namespace
}  // namespace ddpsim
