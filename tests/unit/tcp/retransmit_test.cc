#include "models/tcp/retransmit.h"

#include <catch2/catch.hpp>

#include "loopback.h"
#include "plain_sender.h"

namespace ddpsim {

TEST_CASE("a retransmission that is lost too is counted") {
  Endpoint e(Plain(), kRtt, 1000);
  Start(e, 12'000);
  e.Ack(1, {{1001, 4001}});
  e.Ack(1, {{1001, 10'001}});
  CHECK(e.SentLine() == "1:1001, 10001:11001, 11001:12001");
  CHECK(e.c().stats().lost_retransmits == 0);
  e.Wait(kRtt + 10_ms);
  e.Ack(1, {{1001, 12'001}});  // what was sent after the retransmission has come
  CHECK(e.SentLine() == "1:1001");
  CHECK(e.c().stats().lost_retransmits == 1);
}

// Segments were cut 80 bytes long beside two SACK blocks, and go again in full: 100 bytes.
TEST_CASE("what is sent again in other pieces is counted in those") {
  constexpr SimTime kNear = 100_us;  // super-segments grow with a near peer
  Endpoint e(Plain(), kNear, 100);
  e.Data(1001, 100);
  e.Data(2001, 100);
  e.Sent();
  e.Write(400);
  e.Write(400);
  CHECK(e.c().Info().unacked == 10);
  e.Data(1, 1000);
  e.Data(1101, 900);
  e.Sent();
  e.Wait(kNear);
  e.Ack(1, {{401, 801}});
  CHECK(e.SentLine() == "1:101, 101:201, 201:301, 301:401");
  CHECK(e.c().Info().unacked == 9);
  CHECK(BrokenInvariant(e.c()) == "");
  e.Ack(801);
  CHECK(e.c().Info().unacked == 0);
  CHECK(BrokenInvariant(e.c()) == "");
}

}  // namespace ddpsim
