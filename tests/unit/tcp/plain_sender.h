// A sender whose numbers are readable: segments of 1000 bytes, 40 ms to the peer and back.
#ifndef DDPSIM_TESTS_UNIT_TCP_PLAIN_SENDER_H_
#define DDPSIM_TESTS_UNIT_TCP_PLAIN_SENDER_H_

#include <catch2/catch.hpp>

#include "endpoint.h"

namespace ddpsim {

inline TcpConfig Plain(CongestionControlKind cc = CongestionControlKind::kReno) {
  TcpConfig config;
  config.congestion_control = cc;
  config.timestamps = false;
  config.slow_start_after_idle = false;
  config.tso_win_divisor = 100;
  config.sndbuf = 4 << 20;
  return config;
}

inline constexpr SimTime kRtt = 40_ms;

// Ten segments are out, one RTT has passed.
inline void Start(Endpoint& e, uint32_t bytes = 100'000) {
  e.Write(bytes);
  CHECK(e.Sent().size() == 10);
  e.Wait(kRtt);
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_TCP_PLAIN_SENDER_H_
