// Which frames make a connection.
#include <catch2/catch.hpp>

#include "host_bench.h"

namespace ddpsim {

TEST_CASE("a SYN makes a connection, with ACK, RST or FIN it makes none") {
  for (const int more : {0, int{kTcpAck}, int{kTcpRst}, int{kTcpFin}}) {
    HostBench b;
    EthIpAddresses addresses;
    addresses.source_ip = 0x0a090002;
    addresses.destination_ip = 0x0a090001;
    TcpHeader tcp;
    tcp.source_port = 40000;
    tcp.destination_port = 4420;
    tcp.flags = static_cast<uint8_t>(kTcpSyn | more);
    b.target.OnFrame(WriteSegment(b.frames, addresses, 1, tcp, {}, 0, 0), b.now);
    CHECK(b.target.stats().connections == (more == 0 ? 1 : 0));
    CHECK(b.target.stats().not_for_us == (more == 0 ? 0 : 1));
  }
}

}  // namespace ddpsim
