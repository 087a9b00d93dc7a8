// TCP settings of either end, in the words of Linux' sysctls (tcp_congestion_control, tcp_sack,
// tcp_timestamps, rmem) and ethtool -K gro.
#ifndef DDPSIM_SIM_SCENARIO_TCP_CONFIG_H_
#define DDPSIM_SIM_SCENARIO_TCP_CONFIG_H_

#include <cstdint>

#include "ddpsim/base/fields.h"

namespace ddpsim::settings {

enum class CongestionControlName { kCubic, kReno };
inline constexpr EnumName<CongestionControlName> kCongestionControlNames[] = {
    {CongestionControlName::kCubic, "cubic"}, {CongestionControlName::kReno, "reno"}};

struct HostTcpConfig {
  CongestionControlName congestion_control = CongestionControlName::kCubic;
  bool sack = true;
  bool timestamps = true;
  bool gro = true;
  bool tso = true;
  int64_t rcvbuf = 256 << 20;  // ASPLOS'21 test bed
  int64_t hz = 250;            // CONFIG_HZ of Debian's and Ubuntu's kernels

  template <class V>
  void Describe(V& v) {
    v.Enum("congestion_control", congestion_control, kCongestionControlNames,
           "of what the host sends");
    v.Boolean("sack", sack, "selective acknowledgements (RFC 2018), if both ends have them");
    v.Boolean("timestamps", timestamps, "timestamps (RFC 7323), if both ends have them");
    v.Boolean("gro", gro, "generic receive offload (ethtool -K gro)");
    v.Boolean("tso", tso, "the NIC cuts what is sent into segments (ethtool -K tso)");
    v.Bytes("rcvbuf", rcvbuf, {0, 1 << 30},
            "receive buffer of each socket; 0: autotuned; less than 2304 counts as 2304 "
            "(SOCK_MIN_RCVBUF)");
    v.Integer("hz", hz, {100, 1'000}, "1/s",
              "timer ticks: resolution of delayed ACKs and RTO (CONFIG_HZ)");
  }
};

struct TargetTcpConfig {
  CongestionControlName congestion_control = CongestionControlName::kCubic;
  bool sack = true;
  bool timestamps = true;
  bool tso = true;
  int64_t sndbuf = 256 << 20;  // ASPLOS'21 test bed
  int64_t hz = 250;            // CONFIG_HZ of Debian's and Ubuntu's kernels

  template <class V>
  void Describe(V& v) {
    v.Enum("congestion_control", congestion_control, kCongestionControlNames,
           "of what the target sends");
    v.Boolean("sack", sack, "selective acknowledgements (RFC 2018), if both ends have them");
    v.Boolean("timestamps", timestamps, "timestamps (RFC 7323), if both ends have them");
    v.Boolean("tso", tso, "the target's NIC cuts what is sent into segments (ethtool -K tso)");
    v.Bytes("sndbuf", sndbuf, {0, 1 << 30}, "send buffer of each socket; 0: autotuned");
    v.Integer("hz", hz, {100, 1'000}, "1/s",
              "timer ticks: resolution of delayed ACKs and RTO (CONFIG_HZ)");
  }
};

}  // namespace ddpsim::settings

#endif  // DDPSIM_SIM_SCENARIO_TCP_CONFIG_H_
