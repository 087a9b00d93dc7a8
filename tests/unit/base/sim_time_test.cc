#include "ddpsim/base/sim_time.h"

#include <catch2/catch.hpp>

namespace ddpsim {

TEST_CASE("a time is the same in every unit, rounded down") {
  int64_t v = 3;  // not a constant of the compiler's
  CHECK(SimTime::Ps(v).ps() == 3);
  CHECK(SimTime::Ns(v).ps() == 3'000);
  CHECK(SimTime::Us(v).ps() == 3'000'000);
  CHECK(SimTime::Ms(v).ps() == 3'000'000'000);
  CHECK(SimTime::Sec(v).ps() == 3'000'000'000'000);
  v = 1'999'999'999'999;
  CHECK(SimTime::Ps(v).ns() == 1'999'999'999);
  CHECK(SimTime::Ps(v).us() == 1'999'999);
  CHECK(SimTime::Ps(v).ms() == 1'999);
  CHECK(SimTime::Ps(v).seconds() == Approx(2).epsilon(1e-9));
  CHECK(SimTime().ps() == 0);
  CHECK(SimTime::Zero().ps() == 0);
  CHECK((5_ps).ps() == 5);
  CHECK((5_ns).ps() == 5'000);
  CHECK((5_us).ps() == 5'000'000);
  CHECK((5_ms).ps() == 5'000'000'000);
  CHECK((5_s).ps() == 5'000'000'000'000);
}

TEST_CASE("times add, subtract, scale, divide and compare as their picoseconds do") {
  SimTime a = SimTime::Ps(70), b = SimTime::Ps(20);
  CHECK((a + b).ps() == 90);
  CHECK((a - b).ps() == 50);
  CHECK((b - a).ps() == -50);
  CHECK((a * 3).ps() == 210);
  CHECK((3 * a).ps() == 210);
  CHECK((a / int64_t{8}).ps() == 8);
  CHECK(a / b == 3);
  CHECK((b < a && b <= a && a > b && a >= b && a != b));
  CHECK_FALSE((a < b || a <= b || b > a || b >= a || a == b));
  const SimTime same = a;
  CHECK((a <= same && a >= same && a == same));
  CHECK_FALSE((a < same || a > same || a != same));
  a += b;
  CHECK(a.ps() == 90);
  a -= b;
  CHECK(a.ps() == 70);
}

TEST_CASE("never is later than anything and nothing else is never") {
  const SimTime never = SimTime::Never();
  CHECK(never.is_never());
  CHECK(SimTime::Sec(9'000'000) < never);
  CHECK_FALSE(SimTime::Zero().is_never());
  CHECK_FALSE((never - 1_ps).is_never());
}

TEST_CASE("bytes on the wire take their bits over the rate, rounded up to a picosecond") {
  CHECK(SerializationTime(1500, 100) == 120_ns);
  CHECK(SerializationTime(1, 8) == 1_ns);
  CHECK(SerializationTime(1, 3) == 2667_ps);  // 2666 2/3
  CHECK(SerializationTime(3, 3) == 8_ns);
  CHECK(SerializationTime(0, 100) == SimTime::Zero());
}

}  // namespace ddpsim
