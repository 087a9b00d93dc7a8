#include "models/tcp/handshake.h"

#include <catch2/catch.hpp>

#include "models/tcp/connection.h"

namespace ddpsim {

// tcp_rcv_state_process(), TCP_LISTEN: `if (th->fin) goto discard`.
TEST_CASE("a listener drops a SYN that carries a FIN") {
  SkbPool pool;
  for (const int fin : {0, int{kTcpFin}}) {
    Connection connection(TcpConfig(), 4420, 40000, 1);
    connection.Listen();
    TcpActions actions;
    SkbPtr skb = pool.Allocate();
    skb->tcp.flags = static_cast<uint8_t>(kTcpSyn | fin);
    skb->tcp.source_port = 40000;
    skb->tcp.destination_port = 4420;
    connection.OnSegment(std::move(skb), SimTime::Sec(1), &actions);
    CHECK(connection.state() == (fin == 0 ? TcpState::kSynReceived : TcpState::kListen));
    CHECK(actions.segments.size() == (fin == 0 ? 1 : 0));
  }
}

// A client whose first SYN was lost; the SYN+ACK comes 10 ms after the second.
TcpInfo ConnectedAtSecondTry(bool timestamps, int echoed_syn) {
  SkbPool pool;
  TcpConfig config;
  config.timestamps = timestamps;
  Connection connection(config, 40000, 4420, 1);
  TcpActions actions;
  SimTime now = SimTime::Sec(1);
  connection.Connect(now, &actions);
  now = connection.NextDeadline();
  connection.OnTimer(now, &actions);
  REQUIRE(actions.segments.size() == 2);
  SkbPtr skb = pool.Allocate();
  skb->tcp.flags = kTcpSyn | kTcpAck;
  skb->tcp.source_port = 4420;
  skb->tcp.destination_port = 40000;
  skb->tcp.ack = SeqNum(2);
  skb->tcp.window = 65535;
  skb->tcp.options.mss = 1460;
  skb->tcp.options.has_timestamps = timestamps;
  skb->tcp.options.ts_val = 77;
  const auto echoed = static_cast<size_t>(echoed_syn);
  skb->tcp.options.ts_ecr = actions.segments[echoed].tcp.options.ts_val;
  connection.OnSegment(std::move(skb), now + 10_ms, &actions);
  REQUIRE(connection.state() == TcpState::kEstablished);
  return connection.Info();
}

TEST_CASE("of a SYN that was sent again the time stamp tells the round trip (tcp_ack_update_rtt)") {
  CHECK(ConnectedAtSecondTry(true, 1).srtt_us == 10'000);
  CHECK(ConnectedAtSecondTry(true, 0).srtt_us > 1'000'000);
}

TEST_CASE("without a sample from the handshake the RTO is three seconds (RFC 6298 section 5.7)") {
  const TcpInfo info = ConnectedAtSecondTry(false, 0);
  CHECK(info.srtt_us == 0);
  CHECK(info.rto_us == 3'000'000);
}

}  // namespace ddpsim
