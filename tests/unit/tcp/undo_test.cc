#include "models/tcp/undo.h"

#include <catch2/catch.hpp>

#include "plain_sender.h"

namespace ddpsim {

// tcp_ack(), no_queue: "If data was DSACKed, see if we can undo a cwnd reduction."
TEST_CASE("a DSACK undoes the reduction when nothing is in flight any more") {
  Endpoint e(Plain(), kRtt, 1000);
  e.Write(10'000);
  e.Wait(kRtt);
  for (uint32_t sacked = 1; sacked <= 3; ++sacked) e.Ack(1, {{1001, 1001 + sacked * 1000}});
  e.Ack(10'001);
  REQUIRE(e.c().Info().unacked == 0);
  CHECK(e.c().stats().undo == 0);
  e.Ack(10'001, {{1, 1001}});
  CHECK(e.c().stats().undo == 1);
}

TEST_CASE("a partial ACK of the originals tells how far they were overtaken") {
  TcpConfig config = Plain();
  config.timestamps = true;
  Endpoint e(config, kRtt, 1012);
  e.Write(100'000);
  const uint32_t original = e.last_ts_val();
  e.Wait(kRtt);
  e.SetPeerTimestamps(1040, original);
  for (uint32_t sacked = 1; sacked <= 3; ++sacked) e.Ack(1, {{1001, 1001 + sacked * 1000}});
  CHECK(e.c().Info().reordering == 3);
  e.Wait(5_ms);
  e.Ack(4001);
  CHECK(e.c().Info().reordering == 4);
  CHECK(e.c().Info().reord_seen == 1);
}

}  // namespace ddpsim
