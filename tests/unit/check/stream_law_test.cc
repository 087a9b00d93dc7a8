#include "sim/check/stream_law.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE("bytes read in turn keep the law, on each connection by itself") {
  StreamLaw law;
  law.OnHostRead(1, SeqNum(1000), 100, 1_us);
  law.OnHostRead(2, SeqNum(77), 1, 1_us);
  law.OnHostRead(1, SeqNum(1100), 1448, 2_us);
  law.OnHostRead(2, SeqNum(78), 5, 2_us);
  CHECK(law.violation_count() == 0);
  CHECK(law.checks() == 4);
}

TEST_CASE("a stream goes on across the wrap of its sequence numbers") {
  StreamLaw law;
  law.OnHostRead(1, SeqNum(0xffff'ff00), 0x200, 1_us);
  law.OnHostRead(1, SeqNum(0x100), 10, 1_us);
  CHECK(law.violation_count() == 0);
}

TEST_CASE("a law that saw no stream has no checks") { CHECK(StreamLaw().checks() == 0); }

TEST_CASE("a hole of one byte, a byte read twice and reads out of turn are caught") {
  StreamLaw law;
  law.OnHostRead(1, SeqNum(1000), 100, 1_us);
  SECTION("hole") {
    law.OnHostRead(1, SeqNum(1101), 100, 2_us);
    law.OnHostRead(1, SeqNum(1201), 100, 2_us);
    CHECK(law.violation_count() == 1);
  }
  SECTION("twice") {
    law.OnHostRead(1, SeqNum(1099), 100, 2_us);
    CHECK(law.violation_count() == 1);
  }
  SECTION("out of turn") {
    law.OnHostRead(1, SeqNum(1200), 100, 2_us);
    law.OnHostRead(1, SeqNum(1100), 100, 2_us);
    CHECK(law.violation_count() == 2);
  }
  CHECK_THAT(law.violations()[0], Catch::Contains("expected 1100"));
}

TEST_CASE("at an orderly end all that was written must have been read") {
  StreamLaw law;
  law.OnEnd(1, "target to host", 5000, 5000, true, 9_us);
  CHECK(law.violation_count() == 0);
  CHECK(law.checks() == 1);
  law.OnEnd(1, "target to host", 5000, 4999, true, 9_us);
  CHECK(law.violation_count() == 1);
  law.OnEnd(1, "host to target", 5000, 5001, true, 9_us);
  CHECK(law.violation_count() == 2);
  CHECK(law.checks() == 3);
}

TEST_CASE("at an early end the reader may lag but never lead") {
  StreamLaw law;
  law.OnEnd(1, "target to host", 5000, 0, false, 9_us);
  law.OnEnd(1, "target to host", 5000, 5000, false, 9_us);
  CHECK(law.violation_count() == 0);
  law.OnEnd(1, "target to host", 5000, 5001, false, 9_us);
  CHECK(law.violation_count() == 1);
}

}  // namespace
}  // namespace ddpsim
