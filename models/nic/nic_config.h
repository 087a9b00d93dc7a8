// Settings of the NIC: the hardware's own constants and the knobs where the published descriptions
// of the offload differ. What a driver decides (rings, moderation, mappings) is not here: it
// arrives through commands and WQEs. Latencies are guesses unless a source stands beside them: no
// public document gives ConnectX-7's.
#ifndef DDPSIM_NIC_NIC_CONFIG_H_
#define DDPSIM_NIC_NIC_CONFIG_H_

#include <cstdint>

#include "absl/types/span.h"
#include "ddpsim/base/fields.h"

namespace ddpsim {

// Where a searching context looks for a PDU header.
enum class SearchMode : uint8_t {
  kPacketStart,  // "compares the start of the packet with the magic pattern", netdev 0x16 (2022)
                 // slide 15
  kAnyOffset,    // scans the payload, ASPLOS'21 section 4.3
};

inline constexpr EnumName<SearchMode> kSearchModeNames[] = {
    {SearchMode::kPacketStart, "packet_start"},
    {SearchMode::kAnyOffset, "any_offset"},
};

struct NicConfig {
  SearchMode search = SearchMode::kPacketStart;
  bool ddp_across_data_gap = true;  // netdev 0x16 slide 14: true; ASPLOS'21 Fig. 8: false
  // what-if: no source has it (RxContextConfig)
  bool skips_seen_bytes = false;
  // guess: longer ones are taken for a false match; Linux needs a request's size
  int64_t max_pdu_bytes = 16 << 20;
  bool pause = true;
  int64_t packet_buffer_bytes = 512 << 10;  // guess, of the order of mlx5's port buffer
  int64_t xoff_percent = 50;                // guess: leaves half of the buffer to what is in flight
  int64_t xon_percent = 25;                 // guess
  int64_t rx_latency_ns = 200;              // guess: parser and steering, before the first DMA
  int64_t tx_latency_ns = 200;              // guess: last payload byte read to first bit out
  int64_t umr_latency_ns = 1000;            // guess: one UMR or SET_PSV WQE
  int64_t umr_klm_latency_ns = 8;           // guess: 16 bytes of translation table written
  int64_t command_latency_ns = 10'000;      // guess: a firmware command takes tens of microseconds

  template <class V>
  void Describe(V& v) {
    v.Enum("search", search, absl::MakeConstSpan(kSearchModeNames),
           "where a context that lost its place looks for PDU headers");
    v.Boolean("ddp_across_data_gap", ddp_across_data_gap,
              "go on placing within a PDU after packets of its data were lost");
    v.Boolean("skips_seen_bytes", skips_seen_bytes, "never place a byte that was let pass before");
    v.Bytes("max_pdu_bytes", max_pdu_bytes, {4096, int64_t{1} << 31},
            "longest PDU that is believed to be one");
    v.Boolean("pause", pause, "send pause frames instead of dropping when no RX WQE is free");
    v.Bytes("packet_buffer", packet_buffer_bytes, {16 << 10, 1 << 30}, "on-chip packet buffer");
    v.Integer("xoff_percent", xoff_percent, {1, 100}, "%", "buffer fill that sends XOFF");
    v.Integer("xon_percent", xon_percent, {0, 100}, "%", "buffer fill that sends XON again");
    v.Integer("rx_latency_ns", rx_latency_ns, {0, 1'000'000}, "ns", "last bit in to first DMA");
    v.Integer("tx_latency_ns", tx_latency_ns, {0, 1'000'000}, "ns",
              "payload read to first bit out");
    v.Integer("umr_latency_ns", umr_latency_ns, {0, 10'000'000}, "ns", "execution of a UMR WQE");
    v.Integer("umr_klm_latency_ns", umr_klm_latency_ns, {0, 1'000'000}, "ns",
              "additional time of each KLM in it");
    v.Integer("command_latency_ns", command_latency_ns, {0, 1'000'000'000}, "ns",
              "execution of a firmware command");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_NIC_CONFIG_H_
