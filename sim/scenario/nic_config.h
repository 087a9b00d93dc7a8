// The host's NIC and its driver: ethtool's words (-g, -C), and the receive offload with its open
// questions as knobs. Mirrors mlx5's nvme-tcp offload ("nvme-tcp receive offloads" series, v30) and
// the machine of ASPLOS'21 section 4.3. Where paper and product differ the default is the product
// (ConnectX-7 as told at netdev 0x16).
#ifndef DDPSIM_SIM_SCENARIO_NIC_CONFIG_H_
#define DDPSIM_SIM_SCENARIO_NIC_CONFIG_H_

#include <cstdint>

#include "ddpsim/base/fields.h"

namespace ddpsim {

enum class NicDriver { kV30 };
inline constexpr EnumName<NicDriver> kNicDriverNames[] = {{NicDriver::kV30, "v30"}};

enum class HeaderSearch { kPacketStart, kAnyOffset };
inline constexpr EnumName<HeaderSearch> kHeaderSearchNames[] = {
    {HeaderSearch::kPacketStart, "packet_start"}, {HeaderSearch::kAnyOffset, "any_offset"}};

enum class ResyncAnswer { kExact, kAtOrAfter };
inline constexpr EnumName<ResyncAnswer> kResyncAnswerNames[] = {
    {ResyncAnswer::kExact, "exact"}, {ResyncAnswer::kAtOrAfter, "at_or_after"}};

enum class ResyncSeqIs { kFirstByte, kLastByte };
inline constexpr EnumName<ResyncSeqIs> kResyncSeqIsNames[] = {
    {ResyncSeqIs::kFirstByte, "first_byte"}, {ResyncSeqIs::kLastByte, "last_byte"}};

struct OffloadConfig {
  int64_t io_threshold = 32 << 10;  // mlx5 IO_THRESHOLD, v6 and later
  int64_t max_queues = 4'000;       // mlx5 MAX_NUM_NVMEOTCP_QUEUES, v6 and later
  HeaderSearch search = HeaderSearch::kPacketStart;
  bool ddp_across_data_gap = true;
  ResyncAnswer resync_answer = ResyncAnswer::kExact;
  ResyncSeqIs resync_seq_is = ResyncSeqIs::kFirstByte;
  int64_t resync_restart = 0;
  int64_t umr_latency_ns = 1'000;     // a guess: one PCIe read of the WQE and the table write
  int64_t params_latency_ns = 1'000;  // a guess, as above

  template <class V>
  void Describe(V& v) {
    v.Bytes("io_threshold", io_threshold, {0, int64_t{1} << 30}, "smallest read that is placed");
    v.Integer("max_queues", max_queues, {0, 65'536}, "queues",
              "offloaded queues; further ones run plain");
    v.Enum("search", search, kHeaderSearchNames,
           "where a searching NIC looks for a header: only where a packet starts (netdev 0x16) or "
           "anywhere (ASPLOS'21)");
    v.Boolean("ddp_across_data_gap", ddp_across_data_gap,
              "go on placing behind a hole inside a PDU's data (netdev 0x16: yes; ASPLOS'21: no)");
    v.Enum("resync_answer", resync_answer, kResyncAnswerNames,
           "the host answers a resync request at the exact header (v6 and later) or at the first "
           "at or after it (v1 to v5)");
    v.Enum("resync_seq_is", resync_seq_is, kResyncSeqIsNames,
           "which byte of the PDU header resync sequence numbers name (code: first; "
           "ulp-ddp-offload.rst: last)");
    v.Bytes("resync_restart", resync_restart, {0, int64_t{1} << 32},
            "search afresh after this many stream bytes without an answer; 0: never");
    v.Integer("umr_latency_ns", umr_latency_ns, {0, 1'000'000'000}, "ns",
              "from doorbell to a UMR's effect");
    v.Integer("params_latency_ns", params_latency_ns, {0, 1'000'000'000}, "ns",
              "from doorbell to a static or progress params WQE's effect");
  }
};

struct NicConfig {
  NicDriver driver = NicDriver::kV30;
  int64_t rx_ring = 1'024;   // ASPLOS'21 test bed
  int64_t rx_usecs = 8;      // mlx5 MLX5E_PARAMS_DEFAULT_RX_CQ_MODERATION_USEC
  int64_t rx_frames = 64;    // above mlx5's default of 32, as the contract's example has it
  int64_t napi_budget = 64;  // Linux NAPI_POLL_WEIGHT
  OffloadConfig offload;

  template <class V>
  void Describe(V& v) {
    v.Enum("driver", driver, kNicDriverNames,
           "version of the patch series whose driver rules hold");
    v.Integer("rx_ring", rx_ring, {16, 32'768}, "entries",
              "receive ring (ethtool -G rx), a power of two");
    v.Integer("rx_usecs", rx_usecs, {0, 16'383}, "us",
              "interrupt moderation time (ethtool -C rx-usecs)");
    v.Integer("rx_frames", rx_frames, {0, 65'535}, "packets",
              "interrupt moderation count (ethtool -C rx-frames)");
    v.Integer("napi_budget", napi_budget, {1, 64}, "packets", "packets per NAPI poll");
    v.Group("offload", offload, "the NVMe/TCP receive offload");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SCENARIO_NIC_CONFIG_H_
