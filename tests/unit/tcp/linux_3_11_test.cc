#include "models/tcp/linux_3_11.h"

#include <catch2/catch.hpp>

#include "plain_sender.h"

namespace ddpsim {

// fackets_out: the segments from the first unacknowledged one to the last that was SACKed.
TEST_CASE("FACK counts segments, those between the SACKed ones too") {
  TcpConfig config = Plain();
  config.linux_3_11 = true;
  Endpoint e(config, kRtt, 1000);
  Start(e);
  e.Ack(1, {{2001, 3001}});
  CHECK(FackedOut(e.c().tcb()) == 3);
  e.Ack(1, {{3001, 4001}, {2001, 3001}});
  CHECK(FackedOut(e.c().tcb()) == 4);
}

}  // namespace ddpsim
