#include "models/tcp/connection.h"

#include <catch2/catch.hpp>

#include "loopback.h"

namespace ddpsim {
namespace {

TcpConfig Config(CongestionControlKind cc, bool sack, bool timestamps) {
  TcpConfig config;
  config.congestion_control = cc;
  config.sack = sack;
  config.timestamps = timestamps;
  return config;
}

void Deliver(const TcpConfig& config, double loss, double reorder, uint64_t seed, uint64_t bytes) {
  Loopback loop(config, config, seed);
  loop.Connect();
  REQUIRE(loop.client().state() == TcpState::kEstablished);
  loop.to_server().loss = loop.to_client().loss = loss;
  loop.to_server().reorder = reorder;
  loop.SendFromClient(bytes, 100000);
  const bool done = loop.RunUntilReceived(bytes, 36000_s);
  INFO("received " << loop.received() << " of " << bytes << ", seed " << seed << ", loss " << loss
                   << ", retransmits " << loop.client().stats().retransmits << ", timeouts "
                   << loop.client().stats().timeouts);
  REQUIRE(done);
  CHECK(!loop.corrupt());
  CHECK(loop.broken() == "");
  loop.RunUntil(loop.now() + 30_s);
  CHECK(loop.received() == bytes);
  CHECK(loop.client().nothing_unacknowledged());
  const TcpInfo info = loop.client().Info();
  CHECK(info.unacked == 0);
  CHECK(info.sacked == 0);
  CHECK(info.lost == 0);
  CHECK(info.retrans == 0);
  CHECK(loop.client().tcb().wmem_queued == 0);
  CHECK(loop.client().tcb().wmem_alloc == 0);
  CHECK(loop.server().tcb().win.rmem_alloc == 0);
}

}  // namespace

TEST_CASE("all bytes arrive in order whatever the loss, with each congestion control and option") {
  const auto cc = GENERATE(CongestionControlKind::kCubic, CongestionControlKind::kReno);
  const bool sack = GENERATE(true, false);
  const bool timestamps = GENERATE(true, false);
  const double loss = GENERATE(0.0, 0.001, 0.01, 0.05);
  for (uint64_t seed = 1; seed <= 3; ++seed)
    Deliver(Config(cc, sack, timestamps), loss, 0, seed, 2'000'000);
}

TEST_CASE("all bytes arrive in order when the path reorders") {
  const bool sack = GENERATE(true, false);
  const bool timestamps = GENERATE(true, false);
  const double loss = GENERATE(0.0, 0.01);
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    Deliver(Config(CongestionControlKind::kCubic, sack, timestamps), loss, 0.05, seed, 1'000'000);
  }
}

TEST_CASE("all bytes arrive without RACK, TLP and F-RTO too") {
  TcpConfig config = Config(CongestionControlKind::kReno, GENERATE(true, false), true);
  config.rack = config.tlp = config.frto = false;
  for (uint64_t seed = 1; seed <= 3; ++seed) Deliver(config, 0.02, 0.01, seed, 1'000'000);
}

TEST_CASE("a receive buffer too small for the flight costs data, never correctness") {
  const double loss = GENERATE(0.0, 0.02, 0.05);
  const bool sack = GENERATE(true, false);
  TcpConfig sender = Config(CongestionControlKind::kCubic, sack, true);
  TcpConfig receiver = sender;
  receiver.rcvbuf = 30000;
  receiver.adaptive_scaling_ratio = GENERATE(true, false);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    Loopback loop(sender, receiver, seed);
    loop.Connect();
    loop.to_server().loss = loss;
    loop.to_server().reorder = 0.1;
    loop.to_server().truesize = 4352;
    loop.SendFromClient(500'000, 10000);
    loop.set_reading(false);
    for (int i = 0; i < 100000 && loop.received() < 500'000; ++i) {
      loop.RunUntil(loop.now() + 20_ms);
      loop.ReadAll();
    }
    CHECK(loop.received() == 500'000);
    CHECK(!loop.corrupt());
    CHECK(loop.broken() == "");
  }
}

TEST_CASE("a loss-free transfer retransmits nothing and fills the pipe with super-segments") {
  Loopback loop(TcpConfig{}, TcpConfig{}, 1);
  loop.Connect();
  loop.SendFromClient(10'000'000, 1 << 20);
  REQUIRE(loop.RunUntilReceived(10'000'000, 60_s));
  CHECK(loop.client().stats().retransmits == 0);
  CHECK(loop.client().stats().timeouts == 0);
  CHECK(loop.server().stats().ooo_segments == 0);
}

TEST_CASE("both ends close in order and end in TIME_WAIT and CLOSED") {
  Loopback loop(TcpConfig{}, TcpConfig{}, 1);
  loop.Connect();
  loop.SendFromClient(5000, 5000);
  loop.CloseClient();
  loop.RunUntil(loop.now() + 1_s);
  CHECK(loop.received() == 5000);
  CHECK(loop.server().state() == TcpState::kCloseWait);
  CHECK(loop.server().AtEndOfStream());
  CHECK(loop.client().state() == TcpState::kFinWait2);
  loop.CloseServer();
  loop.RunUntil(loop.now() + 1_s);
  CHECK(loop.client().state() == TcpState::kTimeWait);
  CHECK(loop.server().state() == TcpState::kClosed);
  loop.RunUntil(loop.now() + 100_s);
  CHECK(loop.client().state() == TcpState::kClosed);
}

TEST_CASE("a connection is quiet when it would send nothing by itself, in TIME_WAIT too") {
  TcpConfig config;
  Loopback loop(config, config, 1);
  loop.Connect();
  loop.RunUntil(loop.now() + 1_s);
  CHECK(loop.client().quiet());
  loop.SendFromClient(100'000, 100'000);
  CHECK_FALSE(loop.client().quiet());  // the RTO runs
  REQUIRE(loop.RunUntilReceived(100'000, 10_s));
  loop.RunUntil(loop.now() + 1_s);  // the last delayed ACK
  CHECK(loop.client().quiet());
  CHECK(loop.server().quiet());
}

TEST_CASE("a lost SYN is sent again after a second") {
  Loopback loop(TcpConfig{}, TcpConfig{}, 1);
  int syns = 0;
  loop.to_server().drop = [&](const TcpHeader& tcp, uint32_t) {
    return (tcp.flags & kTcpSyn) != 0 && syns++ == 0;
  };
  loop.Connect();
  CHECK(loop.client().state() == TcpState::kEstablished);
  CHECK(loop.now() >= 1_s);
  CHECK(loop.now() < 1300_ms);
}

TEST_CASE("a reader that stops closes the window, and probes open it again when it reads") {
  TcpConfig server;
  server.rcvbuf = 60000;
  Loopback loop(TcpConfig{}, server, 1);
  loop.Connect();
  loop.set_reading(false);
  loop.SendFromClient(400'000, 100000);
  loop.RunUntil(10_s);
  CHECK(loop.client().Info().unacked == 0);
  CHECK(loop.client().stats().zero_window_probes > 0);
  loop.set_reading(true);
  loop.ReadAll();
  CHECK(loop.RunUntilReceived(400'000, 60_s));
  CHECK(!loop.corrupt());
}

}  // namespace ddpsim
