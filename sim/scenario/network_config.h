// The link between target and host: one full-duplex Ethernet cable with a finite queue at each
// sender. Left out: switches, cross traffic.
#ifndef DDPSIM_SIM_SCENARIO_NETWORK_CONFIG_H_
#define DDPSIM_SIM_SCENARIO_NETWORK_CONFIG_H_

#include <cstdint>

#include "ddpsim/base/fields.h"
#include "sim/scenario/fault_config.h"

namespace ddpsim::settings {

enum class FaultsFrom { kFirstIo, kStart };
inline constexpr EnumName<FaultsFrom> kFaultsFromNames[] = {{FaultsFrom::kFirstIo, "first_io"},
                                                            {FaultsFrom::kStart, "start"}};

struct NetworkConfig {
  int64_t mtu = 1500;
  int64_t rate_gbps = 100;  // ASPLOS'21 test bed: 100 Gb/s, back to back
  double delay_us = 10;
  int64_t queue_packets = 1000;  // the test bed's pfifo limit
  bool pause = true;             // the test bed had PFC on
  FaultsFrom faults_from = FaultsFrom::kFirstIo;
  int64_t faults_ios = 0;
  FaultConfig c2h;
  FaultConfig h2c;

  template <class V>
  void Describe(V& v) {
    v.Integer("mtu", mtu, {576, 9'000}, "byte", "largest IP packet");
    v.Integer("rate_gbps", rate_gbps, {1, 800}, "Gbit/s", "line rate of both directions");
    v.Number("delay_us", delay_us, {0, 1'000'000}, "us", "propagation delay, one way");
    v.Integer("queue_packets", queue_packets, {1, 10'000'000}, "packets",
              "each sender's queue; what exceeds it is dropped");
    v.Boolean("pause", pause,
              "link flow control towards a full NIC ring: nothing is dropped there");
    v.Enum("faults_from", faults_from, kFaultsFromNames,
           "when faults begin; start includes connection set-up");
    v.Integer("faults_ios", faults_ios, {0, 1'000'000'000'000}, "I/Os",
              "faults end when that many I/Os are done; 0: never");
    v.Group("c2h", c2h, "faults from the target to the host");
    v.Group("h2c", h2c, "faults from the host to the target");
  }
};

}  // namespace ddpsim::settings

#endif  // DDPSIM_SIM_SCENARIO_NETWORK_CONFIG_H_
