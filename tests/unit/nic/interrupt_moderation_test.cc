#include "models/nic/interrupt_moderation.h"

#include <catch2/catch.hpp>

namespace ddpsim {

TEST_CASE("an unarmed queue never interrupts") {
  InterruptModeration m(8, 4);
  CHECK(m.OnCqe(SimTime::Us(1)).is_never());
}

TEST_CASE("an armed queue interrupts when no further CQE came for `usecs`") {
  InterruptModeration m(8, 64);
  CHECK(m.OnArm(0, SimTime(), SimTime::Us(1)).is_never());
  CHECK(m.OnCqe(SimTime::Us(2)) == SimTime::Us(10));
  CHECK(m.OnCqe(SimTime::Us(5)) == SimTime::Us(13));
}

TEST_CASE("an armed queue interrupts at once with the frame that reaches the limit") {
  InterruptModeration m(8, 3);
  m.OnArm(0, SimTime(), SimTime::Us(1));
  m.OnCqe(SimTime::Us(2));
  m.OnCqe(SimTime::Us(3));
  CHECK(m.OnCqe(SimTime::Us(4)) == SimTime::Us(4));
}

TEST_CASE("CQEs written before arming count from the newest of them") {
  InterruptModeration m(8, 64);
  CHECK(m.OnArm(2, SimTime::Us(1), SimTime::Us(3)) == SimTime::Us(9));
  CHECK(m.OnArm(2, SimTime::Us(1), SimTime::Us(30)) == SimTime::Us(30));
}

TEST_CASE("an armed queue fires once until it is armed again") {
  InterruptModeration m(0, 0);
  m.OnArm(0, SimTime(), SimTime::Us(1));
  CHECK(m.OnCqe(SimTime::Us(2)) == SimTime::Us(2));
  m.OnFired();
  CHECK(m.OnCqe(SimTime::Us(3)).is_never());
  CHECK_FALSE(m.armed());
}

}  // namespace ddpsim
