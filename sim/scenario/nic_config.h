// The host's NIC and its driver: ethtool's words (-g, -C), and the receive offload with its open
// questions as knobs. Mirrors mlx5's nvme-tcp offload ("nvme-tcp receive offloads" series, v30) and
// the machine of ASPLOS'21 section 4.3. Where paper and product differ the default is the product
// (ConnectX-7 as told at netdev 0x16).
#ifndef DDPSIM_SIM_SCENARIO_NIC_CONFIG_H_
#define DDPSIM_SIM_SCENARIO_NIC_CONFIG_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/fields.h"

namespace ddpsim::settings {

enum class NicDriver {
  kV1,
  kV2,
  kV3,
  kV4,
  kV5,
  kV6,
  kV7,
  kV8,
  kV9,
  kV10,
  kV11,
  kV12,
  kV13,
  kV14,
  kV15,
  kV16,
  kV17,
  kV18,
  kV19,
  kV20,
  kV21,
  kV22,
  kV23,
  kV24,
  kV25,
  kV26,
  kV27,
  kV28,
  kV29,
  kV30
};
inline constexpr EnumName<NicDriver> kNicDriverNames[] = {
    {NicDriver::kV1, "v1"},   {NicDriver::kV2, "v2"},   {NicDriver::kV3, "v3"},
    {NicDriver::kV4, "v4"},   {NicDriver::kV5, "v5"},   {NicDriver::kV6, "v6"},
    {NicDriver::kV7, "v7"},   {NicDriver::kV8, "v8"},   {NicDriver::kV9, "v9"},
    {NicDriver::kV10, "v10"}, {NicDriver::kV11, "v11"}, {NicDriver::kV12, "v12"},
    {NicDriver::kV13, "v13"}, {NicDriver::kV14, "v14"}, {NicDriver::kV15, "v15"},
    {NicDriver::kV16, "v16"}, {NicDriver::kV17, "v17"}, {NicDriver::kV18, "v18"},
    {NicDriver::kV19, "v19"}, {NicDriver::kV20, "v20"}, {NicDriver::kV21, "v21"},
    {NicDriver::kV22, "v22"}, {NicDriver::kV23, "v23"}, {NicDriver::kV24, "v24"},
    {NicDriver::kV25, "v25"}, {NicDriver::kV26, "v26"}, {NicDriver::kV27, "v27"},
    {NicDriver::kV28, "v28"}, {NicDriver::kV29, "v29"}, {NicDriver::kV30, "v30"}};

enum class HeaderSearch { kPacketStart, kAnyOffset };
inline constexpr EnumName<HeaderSearch> kHeaderSearchNames[] = {
    {HeaderSearch::kPacketStart, "packet_start"}, {HeaderSearch::kAnyOffset, "any_offset"}};

enum class ResyncAnswer { kExact, kAtOrAfter };
inline constexpr EnumName<ResyncAnswer> kResyncAnswerNames[] = {
    {ResyncAnswer::kExact, "exact"}, {ResyncAnswer::kAtOrAfter, "at_or_after"}};

enum class ResyncSeqIs { kFirstByte, kLastByte };
inline constexpr EnumName<ResyncSeqIs> kResyncSeqIsNames[] = {
    {ResyncSeqIs::kFirstByte, "first_byte"}, {ResyncSeqIs::kLastByte, "last_byte"}};

struct LateAnswerConfig {
  int64_t answer = 1;
  double delay_us = 1000;

  template <class V>
  void Describe(V& v) {
    v.Integer("answer", answer, {1, int64_t{1} << 48}, "",
              "which; 1 is the first since faults began, of any queue");
    v.Number("delay_us", delay_us, {0, 10'000'000}, "us", "how much later it is posted");
  }
};

struct StrayAnswerConfig {
  int64_t request = 1;
  double delay_us = 1000;
  int64_t offset = 0;

  template <class V>
  void Describe(V& v) {
    v.Integer("request", request, {1, int64_t{1} << 48}, "",
              "which request it follows; 1 is the first since faults began, of any queue");
    v.Number("delay_us", delay_us, {0, 10'000'000}, "us", "how much later it is posted");
    v.Integer("offset", offset, {-(int64_t{1} << 30), int64_t{1} << 30}, "byte",
              "what it names, counted from the byte asked about");
  }
};

// What the driver makes of resync answers; the real one has no such switches.
struct ResyncFaultsConfig {
  double loss = 0;
  double late = 0;
  double delay_us = 300;
  std::vector<int64_t> lost_list;
  std::vector<LateAnswerConfig> late_list;
  std::vector<StrayAnswerConfig> stray;

  bool any() const {
    return loss > 0 || late > 0 || !lost_list.empty() || !late_list.empty() || !stray.empty();
  }

  template <class V>
  void Describe(V& v) {
    v.Number("loss", loss, {0, 1}, "",
             "chance of each resync answer never to reach the NIC (no room in the ICOSQ)");
    v.Number("late", late, {0, 1}, "", "chance of each resync answer to be posted late");
    v.Number("delay_us", delay_us, {0, 10'000'000}, "us", "how late, if by chance");
    v.Integers("lost_list", lost_list, {1, int64_t{1} << 48},
               "answers lost; 1 is the first since faults began, of any queue");
    v.Groups("late_list", late_list, "answers posted late");
    v.Groups("stray", stray, "answers that nobody gave");
  }
};

struct OffloadConfig {
  int64_t io_threshold = 32 << 10;  // mlx5 IO_THRESHOLD, v6 and later
  int64_t max_queues = 4'000;       // mlx5 MAX_NUM_NVMEOTCP_QUEUES, v6 and later
  HeaderSearch search = HeaderSearch::kPacketStart;
  bool ddp_across_data_gap = true;
  bool skips_seen_bytes = false;
  int64_t max_pdu_bytes = 16 << 20;  // a guess: Linux needs no more than a request's size
  ResyncAnswer resync_answer = ResyncAnswer::kExact;
  ResyncSeqIs resync_seq_is = ResyncSeqIs::kFirstByte;
  bool ccid_gen = true;
  bool sgl_cursor_restarts = false;
  int64_t umr_latency_ns = 1'000;  // a guess: no public document gives ConnectX-7's
  int64_t umr_klm_latency_ns = 8;  // a guess: 16 bytes of translation table written
  bool cap_ddp = true;
  bool cap_ddgst_rx = true;
  ResyncFaultsConfig resync_faults;

  template <class V>
  void Describe(V& v) {
    v.Bytes("io_threshold", io_threshold, {0, int64_t{1} << 30}, "smallest read that is placed");
    v.Integer("max_queues", max_queues, {0, 65'536}, "queues",
              "offloaded queues; further ones run plain");
    v.Enum("search", search, kHeaderSearchNames,
           "where a NIC that lost its place looks for a header: only where a packet starts "
           "(netdev 0x16), or anywhere (ASPLOS'21)");
    v.Boolean("ddp_across_data_gap", ddp_across_data_gap,
              "go on placing behind a hole in a PDU's data (netdev 0x16: yes; ASPLOS'21: no)");
    v.Boolean("skips_seen_bytes", skips_seen_bytes,
              "place no byte that the NIC has let pass before, alone or in a segment that overlaps "
              "what it expects: such bytes may answer a command that has ended (ASPLOS'21 and "
              "netdev 0x16: no, a segment before the expected byte changes nothing)");
    v.Bytes("max_pdu_bytes", max_pdu_bytes, {4'096, int64_t{1} << 31},
            "longest PDU that is believed to be one");
    v.Enum("resync_answer", resync_answer, kResyncAnswerNames,
           "the host answers a resync request at exactly the header asked for (v6 and later), or "
           "at the first header at or after it (v1 to v5)");
    v.Enum("resync_seq_is", resync_seq_is, kResyncSeqIsNames,
           "the byte of a PDU header that resync names (code: first; ulp-ddp-offload.rst: last)");
    v.Boolean("ccid_gen", ccid_gen,
              "the driver counts the mappings of a ccid, so that a reused one starts its SGL anew");
    v.Boolean(
        "sgl_cursor_restarts", sgl_cursor_restarts,
        "the driver starts an SGL anew for a CQE behind its cursor and leaves alone one beyond "
        "the SGL; no version of the series does, so a retransmission that was placed (by a NIC "
        "without ddp_across_data_gap) and is polled after the ccid's next setup breaks it");
    v.Integer("umr_latency_ns", umr_latency_ns, {0, 10'000'000}, "ns",
              "execution of a UMR or SET_PSV WQE");
    v.Integer("umr_klm_latency_ns", umr_klm_latency_ns, {0, 1'000'000}, "ns",
              "additional time of each KLM in it");
    v.Boolean(
        "cap_ddp", cap_ddp,
        "the netdev's cap nvme-tcp-ddp may be on (ethtool --ulp-ddp); which is, `compare` says");
    v.Boolean("cap_ddgst_rx", cap_ddgst_rx,
              "the netdev's cap nvme-tcp-ddgst-rx-offload may be on, as above");
    v.Group("resync_faults", resync_faults, "resync answers that go wrong");
  }
};

struct NicConfig {
  NicDriver driver = NicDriver::kV30;
  int64_t rx_ring = 1'024;            // ASPLOS'21 test bed
  bool adaptive_rx = false;           // mlx5 has it on; off, runs are comparable
  int64_t rx_usecs = 16;              // Linux 6.1 mlx5 en.h: MLX5E_PARAMS_DEFAULT_RX_CQ_MODERATION
  int64_t rx_frames = 32;             // as above: near the 25 to 41 packets per poll of ASPLOS'21
  int64_t napi_budget = 64;           // Linux NAPI_POLL_WEIGHT
  int64_t packet_buffer = 512 << 10;  // a guess, of the order of mlx5's port buffer
  int64_t xoff_percent = 50;          // a guess: half of the buffer is left to what is in flight
  int64_t xon_percent = 25;           // a guess
  int64_t rx_latency_ns = 200;        // a guess
  int64_t tx_latency_ns = 200;        // a guess
  int64_t command_latency_ns = 10'000;  // a guess: a firmware command takes tens of microseconds
  OffloadConfig offload;

  template <class V>
  void Describe(V& v) {
    v.Enum("driver", driver, kNicDriverNames,
           "version of the patch series whose driver rules hold");
    v.Integer("rx_ring", rx_ring, {16, 32'768}, "entries",
              "receive ring (ethtool -G rx), a power of two");
    v.Boolean(
        "adaptive_rx", adaptive_rx,
        "dynamic interrupt moderation (ethtool -C adaptive-rx): moves rx_usecs and rx_frames");
    v.Integer("rx_usecs", rx_usecs, {0, 16'383}, "us",
              "interrupt moderation time (ethtool -C rx-usecs)");
    v.Integer("rx_frames", rx_frames, {0, 65'535}, "packets",
              "interrupt moderation count (ethtool -C rx-frames)");
    v.Integer("napi_budget", napi_budget, {1, 64}, "packets", "packets per NAPI poll");
    v.Bytes("packet_buffer", packet_buffer, {16 << 10, 1 << 30}, "on-chip packet buffer");
    v.Integer("xoff_percent", xoff_percent, {1, 100}, "%", "buffer fill that sends XOFF");
    v.Integer("xon_percent", xon_percent, {0, 99}, "%", "buffer fill that sends XON again");
    v.Integer("rx_latency_ns", rx_latency_ns, {0, 1'000'000}, "ns", "last bit in to first DMA");
    v.Integer("tx_latency_ns", tx_latency_ns, {0, 1'000'000}, "ns",
              "payload read to first bit out");
    v.Integer("command_latency_ns", command_latency_ns, {0, 1'000'000'000}, "ns",
              "execution of a firmware command");
    v.Group("offload", offload, "the NVMe/TCP receive offload");
  }
};

}  // namespace ddpsim::settings

#endif  // DDPSIM_SIM_SCENARIO_NIC_CONFIG_H_
