// What TCP did over the whole life of all connections, set-up included: the words of tcp_info and
// of Linux' SNMP counters. c2h and h2c are the senders of a direction; host and target are the
// receivers' side of each end.
#ifndef DDPSIM_SIM_RESULT_TCP_RESULT_H_
#define DDPSIM_SIM_RESULT_TCP_RESULT_H_

#include <cstdint>

#include "sim/result/result_fields.h"

namespace ddpsim {

struct TcpSenderResult {
  int64_t segments = 0;
  int64_t bytes = 0;
  int64_t retransmits = 0;
  int64_t bytes_retransmitted = 0;
  int64_t timeouts = 0;
  int64_t fast_recoveries = 0;
  int64_t tlp_probes = 0;
  int64_t tlp_recoveries = 0;
  int64_t undo = 0;
  int64_t spurious_rtos = 0;
  int64_t lost_retransmits = 0;
  int64_t dsacks_received = 0;
  int64_t zero_window_probes = 0;
  int64_t tsq_throttled = 0;

  template <class V>
  void Describe(V& v) const {
    v.Integer("segments", segments, "segments",
              "segments on the wire, retransmissions and pure ACKs included");
    v.Integer("bytes", bytes, "byte", "payload, retransmissions included");
    v.Integer("retransmits", retransmits, "segments", "segments sent again");
    v.Integer("bytes_retransmitted", bytes_retransmitted, "byte", "payload sent again");
    v.Integer("timeouts", timeouts, "", "retransmission timeouts");
    v.Integer("fast_recoveries", fast_recoveries, "", "times recovery began without a timeout");
    v.Integer("tlp_probes", tlp_probes, "", "tail loss probes");
    v.Integer("tlp_recoveries", tlp_recoveries, "", "tail losses repaired by a probe");
    v.Integer("undo", undo, "", "window reductions undone");
    v.Integer("spurious_rtos", spurious_rtos, "", "timeouts found needless (F-RTO)");
    v.Integer("lost_retransmits", lost_retransmits, "segments",
              "retransmissions that were lost too");
    v.Integer("dsacks_received", dsacks_received, "", "reports of data received twice");
    v.Integer("zero_window_probes", zero_window_probes, "", "probes of a closed window");
    v.Integer("tsq_throttled", tsq_throttled, "",
              "times the device queue held the sender back (TSQ)");
  }
};

struct TcpReceiverResult {
  int64_t segments = 0;
  int64_t bytes = 0;
  int64_t acks_sent = 0;
  int64_t delayed_acks = 0;
  int64_t dup_acks_sent = 0;
  int64_t acks_compressed = 0;
  int64_t sacks_sent = 0;
  int64_t dsacks_sent = 0;
  int64_t ooo_segments = 0;
  int64_t old_segments = 0;
  int64_t coalesced = 0;
  int64_t collapsed = 0;
  int64_t ofo_pruned = 0;
  int64_t rcvbuf_dropped = 0;
  int64_t bad_checksums = 0;

  template <class V>
  void Describe(V& v) const {
    v.Integer("segments", segments, "segments", "segments received, GRO's merging undone");
    v.Integer("bytes", bytes, "byte", "bytes received in order");
    v.Integer("acks_sent", acks_sent, "", "pure ACKs");
    v.Integer("delayed_acks", delayed_acks, "", "of which sent by the timer");
    v.Integer("dup_acks_sent", dup_acks_sent, "", "ACKs for the same byte while data is missing");
    v.Integer("acks_compressed", acks_compressed, "",
              "duplicate ACKs held back by SACK compression");
    v.Integer("sacks_sent", sacks_sent, "", "ACKs with SACK blocks");
    v.Integer("dsacks_sent", dsacks_sent, "", "reports of data received twice");
    v.Integer("ooo_segments", ooo_segments, "segments", "segments that waited for earlier ones");
    v.Integer("old_segments", old_segments, "segments", "segments that brought nothing new");
    v.Integer("coalesced", coalesced, "skbs", "skbs merged in the receive queue");
    v.Integer("collapsed", collapsed, "skbs", "skbs copied together under memory pressure");
    v.Integer("ofo_pruned", ofo_pruned, "skbs", "skbs thrown out of the out-of-order queue");
    v.Integer("rcvbuf_dropped", rcvbuf_dropped, "segments", "segments dropped for want of buffer");
    v.Integer("bad_checksums", bad_checksums, "segments", "segments with a wrong TCP checksum");
  }
};

struct TcpResult {
  TcpSenderResult c2h;
  TcpSenderResult h2c;
  TcpReceiverResult host;
  TcpReceiverResult target;

  template <class V>
  void Describe(V& v) const {
    v.Group("c2h", c2h, "the target as sender");
    v.Group("h2c", h2c, "the host as sender");
    v.Group("host", host, "the host as receiver");
    v.Group("target", target, "the target as receiver");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_TCP_RESULT_H_
