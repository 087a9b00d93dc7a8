#include "models/capture/captured_flow.h"

#include <arpa/inet.h>

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

// RFC 5952 sections 4.2 and 5; inet_ntop() of the C library has the same rules.
TEST_CASE("captured flow: an IPv6 address is written as short as may be, in one way") {
  for (const char* text :
       {"::", "::1", "1::", "2001:db8::1", "2001:0:0:1::1", "1:0:2:3:4:5:6:7", "2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7:8", "fe80::a:0:b", "0:1:2:3:4:5:6:0"}) {
    CapturedFlow flow;
    flow.ipv6 = true;
    REQUIRE(inet_pton(AF_INET6, text, flow.source.data()) == 1);
    flow.source_port = 4420;
    flow.destination_port = 9;
    CHECK(flow.ToString() == "[" + std::string(text) + "]:4420 -> [::]:9");
  }
}

}  // namespace
}  // namespace ddpsim
