#include "models/tcp/rack.h"

#include <catch2/catch.hpp>

#include "plain_sender.h"

namespace ddpsim {

// RFC 8985 section 7.2, step 4: the multiplier grows with every round trip in which a DSACK came.
TEST_CASE("every round trip with a DSACK widens the reordering window by a quarter of the RTT") {
  TcpConfig config = Plain();
  config.tlp = false;
  Endpoint e(config, kRtt, 1000);
  e.Write(1'000'000);
  e.Wait(kRtt);
  e.Ack(1, {{5001, 6001}});
  e.Ack(6001);
  REQUIRE(e.c().Info().reord_seen > 0);  // else a DSACK tells RACK nothing
  uint32_t una = 6001;
  for (int round = 1; round <= 3; ++round) {
    CHECK(e.c().tcb().rec.rack.reo_wnd_steps == round);
    e.Wait(kRtt);
    una += 1000 * e.c().Info().unacked;  // all that follows is sent after the window was widened
    e.Ack(una);
    e.Wait(kRtt);
    e.Ack(una, {{una + 1000, una + 4000}});
    e.Wait(kRtt);
    una += 4000;
    e.Ack(una);
    e.Wait(kRtt);
    e.Ack(una, {{una - 4000, una - 3000}});
    e.Wait(kRtt);
    una += 1000;
    e.Ack(una);
  }
}

}  // namespace ddpsim
