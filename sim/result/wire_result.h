// What went over the link and what NVMe/TCP PDUs it carried, over the whole life of the run.
#ifndef DDPSIM_SIM_RESULT_WIRE_RESULT_H_
#define DDPSIM_SIM_RESULT_WIRE_RESULT_H_

#include <cstdint>
#include <string>

#include "sim/result/result_fields.h"

namespace ddpsim {

struct WireDirectionResult {
  int64_t packets = 0;
  int64_t bytes = 0;
  NamedCounts dropped;
  int64_t reordered = 0;
  int64_t duplicated = 0;
  int64_t corrupted = 0;

  template <class V>
  void Describe(V& v) const {
    v.Integer("packets", packets, "packets",
              "frames offered to the link, ACKs and retransmissions included");
    v.Integer("bytes", bytes, "byte", "their bytes, Ethernet header included");
    v.Counts("dropped", dropped, "packets",
             "frames that did not arrive, by reason (loss, queue, ring)");
    v.Integer("reordered", reordered, "packets", "frames held back");
    v.Integer("duplicated", duplicated, "packets", "frames that arrived twice");
    v.Integer("corrupted", corrupted, "packets", "frames with a bit flipped");
  }
};

struct WireResult {
  WireDirectionResult c2h;
  WireDirectionResult h2c;

  template <class V>
  void Describe(V& v) const {
    v.Group("c2h", c2h, "target to host");
    v.Group("h2c", h2c, "host to target");
  }
};

struct DigestResult {
  int64_t ok = 0;
  int64_t bad = 0;

  template <class V>
  void Describe(V& v) const {
    v.Integer("ok", ok, "PDUs", "digests found right");
    v.Integer("bad", bad, "PDUs", "digests found wrong");
  }
};

// As the two ends sent and the host judged them.
struct ProtocolResult {
  NamedCounts pdus;
  DigestResult header_digests;
  DigestResult data_digests;
  int64_t transfer_errors = 0;
  NamedCounts refused;
  int64_t reconnects = 0;
  NamedCounts host_refused;
  std::string last_host_refusal;

  template <class V>
  void Describe(V& v) const {
    v.Counts("pdus", pdus, "PDUs", "PDUs of all connections by type, as sent by either end");
    v.Group("header_digests", header_digests, "header digests that the host checked");
    v.Group("data_digests", data_digests, "data digests that the host checked, by NIC or software");
    v.Integer("transfer_errors", transfer_errors, "",
              "commands that failed by a data digest error");
    v.Counts("refused", refused, "",
             "what the target refused, by reason: PDUs with bad digests, answers to no R2T, other "
             "bad PDUs, commands, writes in hand when their connection ended");
    v.Integer("reconnects", reconnects, "", "times the controller was lost and connected again");
    v.Counts("host_refused", host_refused, "PDUs",
             "what nvme-tcp found wrong with a PDU and ended the connection for, by reason");
    v.Text("last_host_refusal", last_host_refusal,
           "the last of them in the kernel's words; empty: none");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_WIRE_RESULT_H_
