#include "models/tcp/handshake.h"

#include <catch2/catch.hpp>

#include "models/tcp/connection.h"

namespace ddpsim {
namespace {

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

// A client that sends `syns` SYNs; the answer comes 10 ms after the last one.
struct Client {
  explicit Client(bool timestamps, size_t syns = 2) : config(Config(timestamps)) {
    connection.Connect(now, &actions);
    while (actions.segments.size() < syns) {
      now = connection.NextDeadline();
      connection.OnTimer(now, &actions);
    }
  }
  static TcpConfig Config(bool timestamps) {
    TcpConfig config;
    config.timestamps = timestamps;
    return config;
  }
  uint32_t StampOf(size_t syn) const { return actions.segments[syn].tcp.options.ts_val; }
  void Answer(uint32_t echo) {
    SkbPtr skb = pool.Allocate();
    skb->tcp.flags = kTcpSyn | kTcpAck;
    skb->tcp.source_port = 4420;
    skb->tcp.destination_port = 40000;
    skb->tcp.ack = SeqNum(2);
    skb->tcp.window = 65535;
    skb->tcp.options.mss = 1460;
    skb->tcp.options.has_timestamps = config.timestamps;
    skb->tcp.options.ts_val = 77;
    skb->tcp.options.ts_ecr = echo;
    connection.OnSegment(std::move(skb), now + 10_ms, &actions);
  }

  SkbPool pool;
  TcpConfig config;
  Connection connection{config, 40000, 4420, 1};
  TcpActions actions;
  SimTime now = SimTime::Sec(1);
};

TEST_CASE("of a SYN that was sent again the time stamp tells the round trip (tcp_ack_update_rtt)") {
  Client second(true);
  second.Answer(second.StampOf(1));
  CHECK(second.connection.Info().srtt_us == 10'000);
  Client first(true);
  first.Answer(first.StampOf(0));
  CHECK(first.connection.Info().srtt_us > 1'000'000);
}

TEST_CASE("without a sample from the handshake the RTO is three seconds (RFC 6298 section 5.7)") {
  Client client(false);
  client.Answer(0);
  CHECK(client.connection.Info().srtt_us == 0);
  CHECK(client.connection.Info().rto_us == 3'000'000);
}

TEST_CASE("two more SYNs cut the window to one, unless the first is what was answered") {
  Client late(true, 3);
  late.Answer(late.StampOf(2));
  CHECK(late.connection.tcb().cwnd.cwnd == 1);
  Client spurious(true, 3);
  spurious.Answer(spurious.StampOf(0));
  CHECK(spurious.connection.tcb().cwnd.cwnd == 10);
}

TEST_CASE("an echo of no SYN is answered with a reset and opens nothing (PAWSACTIVEREJECTED)") {
  for (uint32_t off : {1u, 0x80000000u}) {
    Client client(true);
    const uint32_t echo = off == 1 ? client.StampOf(0) - 1 : client.StampOf(1) + off;
    client.Answer(echo);
    CHECK(client.connection.state() == TcpState::kSynSent);
    REQUIRE(client.actions.segments.size() == 3);
    CHECK((client.actions.segments[2].tcp.flags & kTcpRst) != 0);
  }
}

TEST_CASE("a client whose SYNs nobody answers gives up without a word (tcp_write_err)") {
  Client client(true);
  while (client.connection.state() == TcpState::kSynSent) {
    client.now = client.connection.NextDeadline();
    client.connection.OnTimer(client.now, &client.actions);
  }
  CHECK(client.connection.timed_out());
  for (const TxSegment& segment : client.actions.segments)
    CHECK((segment.tcp.flags & kTcpRst) == 0);
}

}  // namespace
}  // namespace ddpsim
