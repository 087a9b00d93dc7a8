#include "sim/validate/hopeless_settings.h"

#include <algorithm>

namespace ddpsim {
namespace {

using settings::FaultConfig;

// A tenth of the shortest of the host's own timers (TCP's first RTO, 1 s): what is faster than that
// runs into none of them.
constexpr double kSlowUs = 100'000;

// What comes twice has come.
bool HasHarmfulFaults(FaultConfig faults) {
  faults.duplicate = {};
  return faults.any();
}

// The window is half of the buffer, an skb counts for up to twice what it holds, and a sender that
// does not see room for two segments sends what fits on its persist timer only
// (tcp_write_wakeup()): some hundred bytes every 200 ms.
constexpr int64_t kSegmentsOfRoom = 2 * 2 * 2;

bool HasTinyReceiveBuffer(const Scenario& scenario) {
  const int64_t rcvbuf = scenario.host.tcp.rcvbuf;  // 0: autotuned
  return rcvbuf > 0 && rcvbuf < kSegmentsOfRoom * scenario.network.mtu;
}

double LongestServiceUs(const settings::LatencyConfig& latency) {
  // Beyond ten means an exponential time lies once in 20,000.
  return std::max(10 * (latency.mean + latency.stddev), latency.max);
}

}  // namespace

bool MayMoveNothing(const Scenario& scenario) {
  const settings::NetworkConfig& network = scenario.network;
  const bool slow = 2 * network.delay_us + LongestServiceUs(scenario.target.latency_us) > kSlowUs;
  // The time may be over, or an I/O late, before one is done.
  const bool hasty = scenario.workload.runtime_ms > 0 || scenario.host.nvme.io_timeout_ms < 1'000;
  return HasHarmfulFaults(network.c2h) || HasHarmfulFaults(network.h2c) || slow || hasty ||
         HasTinyReceiveBuffer(scenario) || !network.pause || network.queue_packets < 100;
}

}  // namespace ddpsim
