#include "models/tcp/output.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "endpoint.h"

namespace ddpsim {
namespace {

TcpConfig Plain() {
  TcpConfig config;
  config.timestamps = false;
  config.sndbuf = 4 << 20;
  return config;
}

}  // namespace

TEST_CASE("with TCP_NODELAY each write leaves at once") {
  Endpoint e(Plain(), 10_ms, 1000);
  e.Write(100);
  e.Write(100);
  CHECK(e.SentLine() == "1:101, 101:201");
}

TEST_CASE("Nagle holds a second short segment until the first is acknowledged") {
  TcpConfig config = Plain();
  config.nodelay = false;
  Endpoint e(config, 10_ms, 1000);
  e.Write(100);
  e.Write(100);
  CHECK(e.SentLine() == "1:101");
  e.Ack(101);
  CHECK(e.SentLine() == "101:201");
}

TEST_CASE("MSG_MORE holds the short end back until more comes") {
  Endpoint e(Plain(), 10_ms, 1000);
  e.Write(24, WriteFlags{true, false});
  CHECK(e.SentLine() == "");
  e.Write(2500);
  CHECK(e.SentLine() == "1:1001, 1001:2001, 2001:2525");
}

TEST_CASE("MSG_MORE without more leaves after 200 ms") {
  Endpoint e(Plain(), 10_ms, 1000);
  e.Write(24, WriteFlags{true, false});
  e.Wait(195_ms);
  CHECK(e.SentLine() == "");
  e.Wait(50_ms);
  CHECK(e.SentLine() == "1:25");
}

TEST_CASE("Push ends the cork of MSG_MORE") {
  Endpoint e(Plain(), 10_ms, 1000);
  e.Write(24, WriteFlags{true, false});
  TcpActions actions;
  e.c().Push(e.now(), &actions);
  REQUIRE(actions.segments.size() == 1);
  CHECK(actions.segments[0].payload_size == 24);
}

TEST_CASE("data behind MSG_EOR does not share a segment with it") {
  Endpoint e(Plain(), 10_ms, 1000, 0);  // nothing can leave
  e.Write(100, WriteFlags{false, true});
  e.Write(100, WriteFlags{false, true});
  e.Write(50);
  e.Write(50);
  e.Sent();
  e.Ack(1);
  CHECK(e.SentLine() == "1:101, 101:201, 201:301");
}

TEST_CASE("autocorking waits while the device holds something of this connection") {
  Endpoint e(Plain(), 10_ms, 1000);
  e.HoldCompletions();
  e.Write(100);
  e.Write(100);
  CHECK(e.SentLine() == "1:101");
  e.Complete();
  CHECK(e.SentLine() == "101:201");
  CHECK(e.c().stats().autocorked == 1);
}

TEST_CASE("the small queue stops a sender whose device does not complete") {
  TcpConfig config = Plain();
  config.init_cwnd = 1000;
  config.limit_output_bytes = 131072;
  Endpoint e(config, 100_us, 1460);
  e.HoldCompletions();
  e.Write(1'000'000);
  const size_t first = e.Sent().size();
  CHECK(first * 1460 >= 131072);
  CHECK(first * 1460 < 131072 + 3 * 65536);
  CHECK(e.c().stats().tsq_throttled > 0);
  e.Complete();
  CHECK(e.Sent().size() + first == 685);
}

TEST_CASE("super-segments stay below gso_max_size and grow with a near peer") {
  TcpConfig config = Plain();
  config.init_cwnd = 200;
  Endpoint near(config, 50_us, 1460);
  CHECK(TsoSegments(near.c().tcb(), 1460) == 44);
  Endpoint far(config, 100_ms, 1460);
  CHECK(TsoSegments(far.c().tcb(), 1460) < 10);
}

TEST_CASE("the send buffer refuses what does not fit, and says when to go on") {
  TcpConfig config = Plain();
  config.sndbuf = 40000;
  Endpoint e(config, 10_ms, 1000);
  uint32_t taken = 0;
  while (const uint32_t more = e.Write(100'000)) taken += more;
  CHECK(taken >= 40'000);
  CHECK(taken < 200'000);
  CHECK(e.c().tcb().no_space);
  for (uint32_t acked = 1; acked < taken;) {
    e.Wait(10_ms);
    acked = std::min(acked + 4000, static_cast<uint32_t>(e.c().tcb().snd_nxt - e.c().tcb().iss));
    e.Ack(acked);
  }
  CHECK_FALSE(e.c().tcb().no_space);
}

TEST_CASE("the peer's window bounds what is in flight") {
  Endpoint e(Plain(), 10_ms, 1000, 2560);
  e.Write(10'000);
  CHECK(e.SentLine() == "1:1001, 1001:2001");
}

// tcp_max_tso_deferred_mss(): with tcp_tso_win_divisor 0 room for more than three segments is sent
// into.
TEST_CASE("without a divisor a sender waits for a near ACK while three segments fit, not four") {
  for (const uint32_t first : {7000u, 6000u}) {
    TcpConfig config;
    config.timestamps = false;
    config.tso_win_divisor = 0;
    Endpoint e(config, 400_us, 1000);
    e.Write(first);
    e.Wait(300_us);
    e.Sent();
    e.Write(9000);
    CHECK(e.Sent().size() == (first == 7000 ? 0 : 4));
  }
}

}  // namespace ddpsim
