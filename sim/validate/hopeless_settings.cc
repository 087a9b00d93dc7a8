#include "sim/validate/hopeless_settings.h"

#include <algorithm>

#include "sim/system/system_config.h"

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

// Where the memory of one skb fills the buffer, and the NIC's driver counts what it placed on top,
// the window closes with each skb, and the target sends what the next one has room for on its
// persist timer (tcp_write_wakeup()), some hundred bytes every 200 ms. Found by trying (reads of
// 1 MiB): from three times the MTU, or from 9,000 bytes, on they move.
constexpr int64_t kMtusOfRoom = 3;
constexpr int64_t kRoom = 9'000;

bool HasTinyReceiveBuffer(const Scenario& scenario) {
  using settings::ReadWrite;
  const ReadWrite rw = scenario.workload.rw;
  const bool reads = rw == ReadWrite::kRandRead || rw == ReadWrite::kRead;
  const int64_t rcvbuf = scenario.host.tcp.rcvbuf;  // 0: autotuned
  return reads && rcvbuf > 0 &&
         std::max(rcvbuf, kMinRcvbuf) < std::min(kMtusOfRoom * scenario.network.mtu, kRoom);
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
