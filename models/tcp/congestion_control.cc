#include "models/tcp/congestion_control.h"

#include <algorithm>

#include "ddpsim/base/check.h"
#include "models/tcp/cubic.h"
#include "models/tcp/reno.h"

namespace ddpsim {

uint32_t CwndState::SlowStart(uint32_t acked) {
  const uint32_t grown = std::min(cwnd + acked, ssthresh);
  const uint32_t left = acked - (grown - cwnd);
  cwnd = std::min(grown, clamp);
  return left;
}

void CwndState::AdditiveIncrease(uint32_t per, uint32_t acked) {
  if (cwnd_cnt >= per) {
    cwnd_cnt = 0;
    ++cwnd;
  }
  cwnd_cnt += acked;
  if (cwnd_cnt >= per) {
    cwnd += cwnd_cnt / per;
    cwnd_cnt %= per;
  }
  cwnd = std::min(cwnd, clamp);
}

std::unique_ptr<CongestionControl> MakeCongestionControl(const TcpConfig& config) {
  switch (config.congestion_control) {
    case CongestionControlKind::kCubic:
      return std::make_unique<Cubic>(config.hystart);
    case CongestionControlKind::kReno:
      return std::make_unique<Reno>();
  }
  SIM_CHECK(false, "unknown congestion control");
}

}  // namespace ddpsim
