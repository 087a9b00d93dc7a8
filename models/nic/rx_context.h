// One flow's receive offload context: decides for each TCP segment whether it is offloaded, and
// finds its way back after losses (ASPLOS'21 section 4.3, Figs. 7 and 8; CX-7's differences: netdev
// 0x16 slides 14-20). Reacts only to segments and to the driver's WQEs; holds no clock and no
// packet bytes beyond a partial header.
//
//   offloading --header lost or broken--> searching --magic matches--> tracking --answer, then next
//   PDU--> offloading
//                                             ^----- chain breaks, header lost -----'
//
// Left out: the address of a placement (ccid_table) and the choice of one run per packet
// (rx_pipeline). Invariants: (1) data runs are named only while offloading, for the expected
// sequence number or, with ddp_across_data_gap, within the PDU whose header was seen; (2) tracking
// ends in offloading only by the answer for the latest candidate, and then at a PDU boundary that
// its chain of lengths led to; (3) a packet that changes the state to or from offloading is itself
// not offloaded; (4) never holds, alters or drops a segment; (5) never looks for its place behind
// where it was: a retransmission could otherwise be placed a second time, perhaps for the next user
// of its ccid.
#ifndef DDPSIM_NIC_RX_CONTEXT_H_
#define DDPSIM_NIC_RX_CONTEXT_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/seq_num.h"
#include "ddpsim/hw/nic_observer.h"
#include "models/nic/crc_engine.h"
#include "models/nic/nic_config.h"
#include "models/nic/pdu_format.h"
#include "models/nic/pdu_searcher.h"
#include "models/nic/pdu_tracker.h"

namespace ddpsim {

// C2HData payload in one packet that belongs to one PDU.
struct DataRun {
  Ccid ccid = 0;
  // Of the first byte in the command's buffer; beyond 32 bits for a DATAO close to their end, so
  // that what is past every buffer is not taken for its start.
  uint64_t ccoff = 0;
  uint32_t offset = 0;  // in the packet's TCP payload
  uint32_t size = 0;
};

// What the context says of one segment. Reused from packet to packet.
struct DdpVerdict {
  bool offloaded = false;
  NotPlacedReason skipped = NotPlacedReason::kNotOffloadedQueue;  // why the packet is not offloaded
  std::vector<DataRun> runs;
  bool ddgst_ok = false;  // every digest ending here is right, every data byte here was covered by
                          // a running CRC
  std::optional<SeqNum> resync_request;
  uint32_t digests_right = 0;
  uint32_t digests_wrong = 0;
  bool lost_sync = false;

  void Clear() {
    offloaded = ddgst_ok = lost_sync = false;
    runs.clear();
    resync_request.reset();
    digests_right = digests_wrong = 0;
  }
};

struct RxContextConfig {
  PduFormat format;
  SearchMode search = SearchMode::kPacketStart;
  bool ddp_across_data_gap = true;
  // What-if, no source has it: bytes that were let pass are never offloaded when they come again. A
  // segment that overlaps the expected byte is walked behind it; one that was ignored in a data gap
  // is not taken later. Else the late original of the tail of a command that has ended is expected,
  // and placed through the next mapping of its ccid.
  bool skips_seen_bytes = false;
  bool crc_en = false;
};

class RxContext {
 public:
  // Static parameters; the state is kept.
  void Configure(const RxContextConfig& config) { config_ = config; }
  const RxContextConfig& config() const { return config_; }
  // Progress parameters: a PDU starts at `next_pdu` (START), or nothing is known (SEARCHING).
  void Start(SeqNum next_pdu, bool searching);
  bool started() const { return started_; }

  // REQUIRES: a right checksum, payload not empty.
  void OnSegment(SeqNum seq, ByteSpan payload, DdpVerdict* verdict);
  // Static parameters with nvme_resync_tcp_sn: "yes, a PDU starts at seq". False when that is not
  // what was asked last.
  bool OnResyncResponse(SeqNum seq);

  OffloadState state() const { return state_; }
  SeqNum expected() const { return expected_; }
  // The candidate last reported. Meaningful while tracking.
  SeqNum hw_resync_tcp_sn() const { return hw_resync_tcp_sn_; }

  // Equal contexts behave alike (parts that the state does not use are kept in their initial form).
  // Configuration apart.
  friend bool operator==(const RxContext& a, const RxContext& b) {
    return a.started_ == b.started_ && a.state_ == b.state_ && a.confirmed_ == b.confirmed_ &&
           a.expected_ == b.expected_ && a.horizon_ == b.horizon_ && a.beyond_ == b.beyond_ &&
           a.hw_resync_tcp_sn_ == b.hw_resync_tcp_sn_ && a.tracker_ == b.tracker_ &&
           a.crc_ == b.crc_ && a.searcher_ == b.searcher_;
  }
  template <typename H>
  friend H AbslHashValue(H h, const RxContext& c) {
    return H::combine(std::move(h), c.started_, c.state_, c.confirmed_, c.expected_, c.horizon_,
                      c.beyond_.has_value(), c.beyond_.value_or(SeqNum()), c.hw_resync_tcp_sn_,
                      c.tracker_, c.crc_, c.searcher_);
  }

 private:
  void Offload(SeqNum seq, ByteSpan payload, DdpVerdict* verdict);
  void FoldCrc(const PduRun& run, ByteSpan bytes, DdpVerdict* verdict);
  // A segment beyond the expected one.
  void OnGap(SeqNum seq, ByteSpan payload, DdpVerdict* verdict);
  // Walks payload[from..] without offloading.
  void Follow(SeqNum seq, ByteSpan payload, uint32_t from, DdpVerdict* verdict);
  // Goes to searching and looks at payload[first..] at once.
  void LoseSync(SeqNum seq, ByteSpan payload, uint32_t first, DdpVerdict* verdict);
  void Search(SeqNum seq, ByteSpan payload, uint32_t first, DdpVerdict* verdict);
  // Walks the chain of PDUs from a candidate header to the end of the packet. False if it breaks.
  bool FollowCandidate(ByteSpan payload, int32_t header_at);
  void ResumeOffloading();
  // After bytes passed without the CRC: it can go on only if they held no data of the current PDU.
  void AlignCrc();

  RxContextConfig config_;
  bool started_ = false;
  OffloadState state_ = OffloadState::kSearching;
  bool confirmed_ = false;  // tracking, and the driver said yes
  // Next byte that can be offloaded (or followed); searching: the end of what was searched.
  SeqNum expected_;
  // skips_seen_bytes: the first byte of what was ignored in a data gap.
  std::optional<SeqNum> beyond_;
  bool horizon_ = false;  // not offloading, and expected_ is known
  SeqNum hw_resync_tcp_sn_;
  PduTracker tracker_;
  CrcEngine crc_;
  PduSearcher searcher_;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_RX_CONTEXT_H_
