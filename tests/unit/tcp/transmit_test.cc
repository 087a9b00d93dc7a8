#include "models/tcp/transmit.h"

#include <catch2/catch.hpp>

#include "endpoint.h"

namespace ddpsim {

// tcp_bound_to_half_wnd(): 68U - tcp_header_len, which counts the timestamps.
TEST_CASE("below the tiniest windows segments are bound by 68 bytes of TCP header and payload") {
  TcpConfig config;
  config.window_scaling = false;
  config.timestamps = GENERATE(false, true);
  const uint32_t window = 30 << 8;  // a raw field of 30
  Endpoint e(config, 10_ms, 1000, window);
  CHECK(e.c().Info().snd_mss == (config.timestamps ? 36 : 48));
}

}  // namespace ddpsim
