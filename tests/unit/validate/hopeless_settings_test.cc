#include "sim/validate/hopeless_settings.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE("the default scenario has no reason to move nothing") {
  CHECK_FALSE(MayMoveNothing(Scenario()));
}

TEST_CASE("each fault of the wire is a reason to move nothing, in either direction") {
  Scenario s;
  settings::FaultConfig& faults = GENERATE(true, false) ? s.network.c2h : s.network.h2c;
  SECTION("loss") { faults.loss.model = settings::LossModelKind::kPdu; }
  SECTION("reordering") { faults.reorder.probability = 0.1; }
  SECTION("packets held back") { faults.reorder.list.push_back({}); }
  SECTION("corruption") { faults.corrupt.probability = 0.1; }
  SECTION("corrupted packets") { faults.corrupt.list = {3}; }
  SECTION("a box that cuts anew") { faults.script.segments.push_back({}); }
  CHECK(MayMoveNothing(s));
}

TEST_CASE("a receive buffer without room for a segment is a reason for reads to move nothing") {
  Scenario s;
  s.network.mtu = 9000;
  for (const auto& [rcvbuf, tiny] :
       {std::pair{0, false}, {1, true}, {2304, true}, {8999, true}, {9000, false}}) {
    s.host.tcp.rcvbuf = rcvbuf;
    CHECK(MayMoveNothing(s) == tiny);
  }
  s.host.tcp.rcvbuf = 1;
  SECTION("not of a small MTU: SO_RCVBUF sets 2304 at least") { s.network.mtu = 768; }
  SECTION("not for writes") { s.workload.rw = settings::ReadWrite::kWrite; }
  CHECK_FALSE(MayMoveNothing(s));
}

TEST_CASE("what is slower than the host's timers, or ends before an I/O can, is a reason") {
  Scenario s;
  SECTION("the wire") { s.network.delay_us = 60'000; }
  SECTION("the target") { s.target.latency_us.mean = 20'000; }
  SECTION("the target now and then") { s.target.latency_us.max = 200'000; }
  SECTION("the load's time") { s.workload.runtime_ms = 1; }
  SECTION("an I/O's time") { s.host.nvme.io_timeout_ms = 999; }
  SECTION("a ring that overflows") { s.network.pause = false; }
  CHECK(MayMoveNothing(s));
}

}  // namespace
}  // namespace ddpsim
