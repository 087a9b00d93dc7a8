// What the NIC took off the host, on the I/O queues in the measured window.
// Invariant: placed_bytes plus all of not_placed is payload_bytes.
#ifndef DDPSIM_SIM_RESULT_OFFLOAD_RESULT_H_
#define DDPSIM_SIM_RESULT_OFFLOAD_RESULT_H_

#include <cstdint>
#include <vector>

#include "sim/result/io_result.h"
#include "sim/result/result_fields.h"

namespace ddpsim {

struct ResyncResult {
  int64_t requests = 0;
  int64_t responses = 0;
  int64_t false_matches = 0;
  LatencyResult latency_ns;
  int64_t unoffloaded_bytes = 0;
  int64_t open_outages = 0;
  int64_t longest_outage_bytes = 0;

  template <class V>
  void Describe(V& v) const {
    v.Integer("requests", requests, "", "resync requests: candidate headers that the NIC reported");
    v.Integer("responses", responses, "", "of which the host confirmed");
    v.Integer("false_matches", false_matches, "", "of which were no PDU header");
    v.Group("latency_ns", latency_ns, "from a request to its effect in the NIC");
    v.Integer("unoffloaded_bytes", unoffloaded_bytes, "byte",
              "payload that passed while the NIC searched or tracked");
    v.Integer("open_outages", open_outages, "", "connections that ended without offloading again");
    v.Integer(
        "longest_outage_bytes", longest_outage_bytes, "byte",
        "most stream bytes that a connection passed without offloading after faults were over");
  }
};

struct OffloadResult {
  int64_t payload_bytes = 0;
  int64_t placed_bytes = 0;
  double placed_fraction = 0;
  NamedCounts not_placed;
  int64_t packets = 0;
  int64_t offloaded_packets = 0;
  int64_t pdus = 0;
  int64_t pdus_crc_offloaded = 0;
  int64_t pdus_crc_software = 0;
  double crc_offloaded_fraction = 0;
  int64_t false_crc_ok = 0;
  std::vector<double> intervals;  // ten
  ResyncResult resync;

  template <class V>
  void Describe(V& v) const {
    v.Integer("payload_bytes", payload_bytes, "byte",
              "C2HData payload delivered, each stream byte once");
    v.Integer("placed_bytes", placed_bytes, "byte", "of which the NIC placed where it belongs");
    v.Number("placed_fraction", placed_fraction, "", "placed_bytes / payload_bytes");
    v.Counts("not_placed", not_placed, "byte", "all other payload, by reason");
    v.Integer("packets", packets, "packets", "C2H frames with TCP payload that the NIC accepted");
    v.Integer("offloaded_packets", offloaded_packets, "packets", "of which with a placement");
    v.Integer("pdus", pdus, "PDUs", "C2HData PDUs");
    v.Integer("pdus_crc_offloaded", pdus_crc_offloaded, "PDUs",
              "of which the NIC verified the digest");
    v.Integer("pdus_crc_software", pdus_crc_software, "PDUs",
              "of which software computed the digest");
    v.Number("crc_offloaded_fraction", crc_offloaded_fraction, "", "pdus_crc_offloaded / pdus");
    v.Integer("false_crc_ok", false_crc_ok, "PDUs",
              "accepted without a software check though the digest was wrong");
    v.Numbers("intervals", intervals, "", "placed_fraction of each tenth of the payload");
    v.Group("resync", resync, "finding PDUs again after a lost header");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_OFFLOAD_RESULT_H_
