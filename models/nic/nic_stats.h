// What the NIC counts, under ethtool's and mlx5's names where these exist.
#ifndef DDPSIM_NIC_NIC_STATS_H_
#define DDPSIM_NIC_NIC_STATS_H_

#include <cstdint>

namespace ddpsim {

struct NicStats {
  int64_t rx_packets = 0;
  int64_t rx_bytes = 0;
  int64_t rx_out_of_buffer = 0;
  int64_t rx_steer_missed = 0;
  int64_t rx_not_tcp = 0;
  int64_t rx_bad_checksum = 0;
  int64_t rx_held = 0;
  int64_t rx_buffer_high_water = 0;
  int64_t tx_pause = 0;
  int64_t tx_packets = 0;
  int64_t tx_bytes = 0;
  int64_t tx_tso_packets = 0;
  int64_t interrupts = 0;
  int64_t cqes = 0;
  int64_t commands = 0;
  int64_t commands_failed = 0;
  int64_t umr_wqes = 0;
  int64_t umr_refused = 0;
  int64_t placed_packets = 0;
  int64_t placed_bytes = 0;
  int64_t not_mapped = 0;
  int64_t out_of_bounds = 0;
  int64_t resync_requests = 0;
  int64_t resync_accepted = 0;
  int64_t resync_stale = 0;
  int64_t lost_sync = 0;
  int64_t digests_right = 0;
  int64_t digests_wrong = 0;

  // Visitor: Counter(name, const int64_t&, doc).
  template <class V>
  void Describe(V& v) const {
    v.Counter("rx_packets", rx_packets, "frames delivered to a receive queue");
    v.Counter("rx_bytes", rx_bytes, "their bytes, Ethernet header included");
    v.Counter("rx_out_of_buffer", rx_out_of_buffer, "frames dropped because no RX WQE was free");
    v.Counter("rx_steer_missed", rx_steer_missed, "frames dropped because no steering existed");
    v.Counter("rx_not_tcp", rx_not_tcp, "delivered frames that are no whole TCP/IPv4 packet");
    v.Counter("rx_bad_checksum", rx_bad_checksum, "delivered frames with a wrong checksum");
    v.Counter("rx_held", rx_held, "frames that waited in the packet buffer for an RX WQE");
    v.Counter("rx_buffer_high_water", rx_buffer_high_water, "most bytes held at once");
    v.Counter("tx_pause", tx_pause, "XOFF frames sent");
    v.Counter("tx_packets", tx_packets, "frames sent");
    v.Counter("tx_bytes", tx_bytes, "their bytes");
    v.Counter("tx_tso_packets", tx_tso_packets, "send WQEs that were cut into several frames");
    v.Counter("interrupts", interrupts, "MSI-X messages");
    v.Counter("cqes", cqes, "completion queue entries written");
    v.Counter("commands", commands, "firmware commands executed");
    v.Counter("commands_failed", commands_failed, "of which refused");
    v.Counter("umr_wqes", umr_wqes, "UMR and SET_PSV WQEs executed");
    v.Counter("umr_refused", umr_refused, "of which named no valid object or range");
    v.Counter("placed_packets", placed_packets, "packets with a direct data placement");
    v.Counter("placed_bytes", placed_bytes, "bytes placed directly");
    v.Counter("not_mapped", not_mapped, "C2HData runs whose command had no mapping");
    v.Counter("out_of_bounds", out_of_bounds, "C2HData runs that exceed their mapping");
    v.Counter("resync_requests", resync_requests, "candidate headers reported to the driver");
    v.Counter("resync_accepted", resync_accepted, "answers that named the latest candidate");
    v.Counter("resync_stale", resync_stale, "answers that did not");
    v.Counter("lost_sync", lost_sync, "times a context fell back to searching");
    v.Counter("digests_right", digests_right, "data digests verified");
    v.Counter("digests_wrong", digests_wrong, "data digests found wrong");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_NIC_STATS_H_
