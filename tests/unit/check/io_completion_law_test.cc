#include "sim/check/io_completion_law.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr uint32_t kQueue = 3;

TEST_CASE("requests that end once, after teardown where they were mapped, keep the law") {
  IoCompletionLaw law;
  law.OnRequestStart(kQueue, 1, 100, 0_us);
  law.OnRequestStart(kQueue, 2, 101, 0_us);
  law.OnRequestStart(kQueue + 1, 1, 102, 0_us);
  law.OnSetup(kQueue, 1, 1_us);
  law.OnRequestEnd(kQueue, 2, 101, 2_us);
  law.OnTeardownDone(kQueue, 1, 3_us);
  law.OnRequestEnd(kQueue, 1, 100, 3_us);
  law.OnRequestEnd(kQueue + 1, 1, 102, 3_us);
  law.OnRequestStart(kQueue, 1, 103, 4_us);  // the tag is used again
  law.OnRequestEnd(kQueue, 1, 103, 5_us);
  law.Finish(6_us);
  CHECK(law.violation_count() == 0);
  CHECK(law.checks() == 4);
}

TEST_CASE("without an ended request nothing was looked at") {
  IoCompletionLaw law;
  CHECK(law.checks() == 0);
  law.Finish(1_us);
  CHECK(law.checks() == 0);
}

TEST_CASE("a request that ends before its teardown is done is caught") {
  IoCompletionLaw law;
  law.OnRequestStart(kQueue, 1, 100, 0_us);
  law.OnSetup(kQueue, 1, 1_us);
  law.OnRequestEnd(kQueue, 1, 100, 2_us);
  CHECK(law.violation_count() == 1);
  CHECK_THAT(law.violations()[0], Catch::Contains("before its teardown was done"));
  law.OnTeardownDone(kQueue, 1, 3_us);
  CHECK(law.violation_count() == 2);
}

// Two mapped requests of a queue, for whose teardowns was asked in this order.
IoCompletionLaw TwoTorn() {
  IoCompletionLaw law;
  for (Ccid ccid : {1, 2}) {
    law.OnRequestStart(kQueue, ccid, 100u + ccid, 0_us);
    law.OnSetup(kQueue, ccid, 1_us);
    law.OnTeardown(kQueue, ccid);
  }
  return law;
}

TEST_CASE("a teardown that another of its queue passes is caught") {
  IoCompletionLaw law = TwoTorn();
  law.OnTeardownDone(kQueue, 2, 3_us);
  CHECK(law.violation_count() == 1);
  CHECK_THAT(law.violations()[0], Catch::Contains("ccid 2 torn down before ccid 1"));
}

TEST_CASE("teardowns done in their order keep the law, whatever other queues do") {
  IoCompletionLaw law = TwoTorn();
  law.OnRequestStart(kQueue + 1, 2, 200, 0_us);
  law.OnSetup(kQueue + 1, 2, 1_us);
  law.OnTeardown(kQueue + 1, 2);
  law.OnTeardownDone(kQueue + 1, 2, 2_us);
  law.OnTeardownDone(kQueue, 1, 3_us);
  law.OnTeardownDone(kQueue, 2, 3_us);
  CHECK(law.violation_count() == 0);
}

TEST_CASE(
    "a teardown for which the ICOSQ had no room, or that nobody asked for, is passed rightly") {
  IoCompletionLaw law = TwoTorn();
  law.OnRequestStart(kQueue, 3, 300, 0_us);
  law.OnSetup(kQueue, 3, 1_us);
  SECTION("no room") {
    law.OnTeardown(kQueue, 3);
    law.OnTeardownLost();
  }
  SECTION("cancelled with its queue") { law.OnTeardownDone(kQueue, 3, 2_us); }
  law.OnTeardownDone(kQueue, 1, 3_us);
  law.OnTeardownDone(kQueue, 2, 3_us);
  CHECK(law.violation_count() == 0);
}

TEST_CASE("a request that ends twice is caught") {
  IoCompletionLaw law;
  law.OnRequestStart(kQueue, 1, 100, 0_us);
  law.OnRequestEnd(kQueue, 1, 100, 1_us);
  law.OnRequestEnd(kQueue, 1, 100, 1_us);
  CHECK(law.violation_count() == 1);
  CHECK_THAT(law.violations()[0], Catch::Contains("was not open"));
}

TEST_CASE("requests that never end are caught at the end of the run") {
  IoCompletionLaw law;
  law.OnRequestStart(kQueue, 1, 100, 0_us);
  law.OnRequestStart(kQueue, 2, 101, 0_us);
  law.OnRequestEnd(kQueue, 1, 100, 1_us);
  CHECK(law.violation_count() == 0);
  law.Finish(2_us);
  CHECK(law.violation_count() == 1);
  CHECK_THAT(law.violations()[0], Catch::Contains("1 requests never ended"));
}

TEST_CASE("a request that ends on another queue or for another I/O is caught") {
  IoCompletionLaw law;
  law.OnRequestStart(kQueue, 1, 100, 0_us);
  law.OnRequestEnd(kQueue + 1, 1, 100, 1_us);
  CHECK(law.violation_count() == 1);
  law.OnRequestEnd(kQueue, 1, 101, 1_us);
  CHECK(law.violation_count() == 2);
}

TEST_CASE("a tag that starts while it is open is caught, whatever its generation") {
  IoCompletionLaw law;
  law.OnRequestStart(kQueue, 0x1005, 100, 0_us);
  law.OnRequestStart(kQueue, 0x2005, 101, 0_us);
  CHECK(law.violation_count() == 1);
}

TEST_CASE("the ccid of a mapping meets the cid of its request without the generation") {
  IoCompletionLaw law;
  law.OnRequestStart(kQueue, 0x3005, 100, 0_us);
  law.OnSetup(kQueue, 5, 1_us);
  law.OnTeardownDone(kQueue, 5, 2_us);
  law.OnRequestEnd(kQueue, 0x3005, 100, 2_us);
  CHECK(law.violation_count() == 0);
}

TEST_CASE("setup and teardown without a request, or teardown twice, are caught") {
  IoCompletionLaw law;
  law.OnSetup(kQueue, 1, 0_us);
  CHECK(law.violation_count() == 1);
  law.OnTeardownDone(kQueue, 1, 0_us);
  CHECK(law.violation_count() == 2);
  law.OnRequestStart(kQueue, 1, 100, 1_us);
  law.OnSetup(kQueue, 1, 1_us);
  law.OnTeardownDone(kQueue, 1, 2_us);
  CHECK(law.violation_count() == 2);
  law.OnTeardownDone(kQueue, 1, 2_us);
  CHECK(law.violation_count() == 3);
}

TEST_CASE("an I/O that ends twice is caught") {
  IoCompletionLaw law;
  law.OnIoStart(7, 0_us);
  law.OnIoEnd(7, 1_us);
  CHECK(law.violation_count() == 0);
  CHECK(law.checks() == 1);
  law.OnIoEnd(7, 2_us);
  REQUIRE(law.violation_count() == 1);
  CHECK_THAT(law.violations()[0], Catch::Contains("I/O 7 ended but was not open"));
}

TEST_CASE("an I/O whose requests all ended but which did not end itself is caught") {
  IoCompletionLaw law;
  law.OnIoStart(7, 0_us);
  law.OnRequestStart(kQueue, 1, 7, 0_us);
  law.OnRequestEnd(kQueue, 1, 7, 1_us);
  law.Finish(2_us);
  REQUIRE(law.violation_count() == 1);
  CHECK_THAT(law.violations()[0], Catch::Contains("1 I/Os never ended"));
}

}  // namespace
}  // namespace ddpsim
