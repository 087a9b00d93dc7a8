#include "models/tcp/ack_policy.h"

#include <catch2/catch.hpp>

#include "endpoint.h"

namespace ddpsim {
namespace {

TcpConfig Plain() {
  TcpConfig config;
  config.timestamps = false;
  config.rmem_default = 540000;
  return config;
}

// Uses the quick-ACK budget up: short reads-at-once segments do not refill it.
uint32_t Quiet(Endpoint& e) {
  uint32_t seq = 1;
  for (int i = 0; i < 20; ++i, seq += 72) {
    e.Data(seq, 72, 1, kTcpAck | kTcpPsh);
    e.Read();
    e.Wait(1_ms);
  }
  e.Wait(500_ms);
  e.Sent();
  return seq;
}

}  // namespace

TEST_CASE("a new connection acknowledges its first 16 segments at once") {
  Endpoint e(Plain());
  uint32_t seq = 1;
  for (int i = 0; i < 16; ++i, seq += 100) {
    e.Data(seq, 100);
    CHECK(e.SentLine() == "ack " + std::to_string(seq + 100));
  }
  e.Data(seq, 100);
  CHECK(e.SentLine() == "");
}

TEST_CASE("after the budget a lone segment is acknowledged by the timer, 40 ms and a tick later") {
  Endpoint e(Plain());
  uint32_t seq = 1;
  for (int i = 0; i < 16; ++i, seq += 100) e.Data(seq, 100);
  e.Sent();
  e.Data(seq, 100);
  e.Wait(39_ms);
  CHECK(e.SentLine() == "");
  e.Wait(9_ms);
  CHECK(e.SentLine() == "ack " + std::to_string(seq + 100));
  CHECK(e.c().stats().delayed_acks == 1);
}

TEST_CASE("an answer of the application makes the connection interactive: no pure ACK") {
  Endpoint e(Plain());
  e.Data(1, 72, 1, kTcpAck | kTcpPsh);
  CHECK(e.SentLine() == "ack 73");
  e.Read();
  e.Write(100);
  CHECK(e.SentLine() == "1:101");
  e.Data(73, 72, 101, kTcpAck | kTcpPsh);
  CHECK(e.SentLine() == "");
  e.Read();
  CHECK(e.SentLine() == "");
}

TEST_CASE("full segments that are read at once are acknowledged every second one") {
  TcpConfig config = Plain();
  config.rcvbuf = 200000;
  Endpoint e(config);
  uint32_t seq = Quiet(e);
  e.Data(seq, 1460);
  e.Data(seq + 1460, 1460);
  e.Read();
  e.Sent();
  seq += 2920;
  int acks = 0;
  for (int i = 0; i < 200; ++i, seq += 1460) {
    e.Data(seq, 1460);
    e.Read();
    acks += static_cast<int>(e.Sent().size());
    e.Wait(100_us);
  }
  // While the window grows each segment brings one quick ACK; afterwards every second one.
  CHECK(acks >= 100);
  e.Sent();
  acks = 0;
  for (int i = 0; i < 200; ++i, seq += 1460) {
    e.Data(seq, 1460);
    e.Read();
    acks += static_cast<int>(e.Sent().size());
    e.Wait(100_us);
  }
  CHECK(acks >= 95);
  CHECK(acks <= 105);
}

TEST_CASE("a silence longer than the RTO refills the quick-ACK budget") {
  Endpoint e(Plain());
  uint32_t seq = Quiet(e);
  e.Wait(2_s);
  e.Sent();
  e.Data(seq, 100);
  CHECK(e.SentLine() == "ack " + std::to_string(seq + 100));
}

TEST_CASE("from the fourth duplicate ACK on, SACKs are held back and merged") {
  TcpConfig config;
  config.rmem_default = 540000;
  Endpoint e(config, 100_ms);
  // 100 ms behind in the echo: the receiver's RTT estimate.
  uint32_t seq = 1;
  const uint32_t echo = e.last_ts_val();
  e.SetPeerTimestamps(2000, echo);
  for (int i = 0; i < 40; ++i, seq += 1448) e.Data(seq, 1448);
  e.Wait(300_ms);
  e.Sent();
  seq += 1448;
  const uint64_t before = e.c().stats().acks_sent;
  for (int i = 0; i < 3; ++i, seq += 1448) e.Data(seq, 1448);
  CHECK(e.c().stats().acks_sent - before == 3);
  for (int i = 0; i < 5; ++i, seq += 1448) e.Data(seq, 1448);
  CHECK(e.c().stats().acks_sent - before == 3);
  e.Wait(2_ms);
  CHECK(e.c().stats().acks_sent - before == 4);
}

TEST_CASE("ACKs that answer pure segments out of the window are limited to one per 500 ms") {
  Endpoint e(Plain());
  e.Data(5'000'000, 0);
  CHECK(e.SentLine() == "ack 1");
  e.Data(5'000'000, 0);
  CHECK(e.SentLine() == "");
  CHECK(e.c().stats().acks_rate_limited == 1);
  e.Wait(501_ms);
  e.Data(5'000'000, 0);
  CHECK(e.SentLine() == "ack 1");
}

TEST_CASE("rcv_mss follows full segments, and a smaller size seen twice") {
  Endpoint e(Plain());
  e.Data(1, 1460);
  CHECK(e.c().Info().rcv_mss == 1460);
  e.Data(1461, 1000);
  CHECK(e.c().Info().rcv_mss == 1460);
  e.Data(2461, 1000);
  CHECK(e.c().Info().rcv_mss == 1000);
}

}  // namespace ddpsim
