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

}  // namespace ddpsim
