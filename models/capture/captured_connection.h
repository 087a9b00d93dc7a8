// One NVMe/TCP connection of a capture: both directions reassembled and walked as PDUs, what the
// host asked for, and what its packets tell of the way they took. Left out: what either endpoint
// would make of it: this is bookkeeping. Invariants: memory is bounded by StreamReassembler's
// limits and by the 65,536 command identifiers; a command is known from its capsule until its
// response.
#ifndef DDPSIM_MODELS_CAPTURE_CAPTURED_CONNECTION_H_
#define DDPSIM_MODELS_CAPTURE_CAPTURED_CONNECTION_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "models/capture/captured_packet.h"
#include "models/capture/ip_id_order.h"
#include "models/capture/pdu_walker.h"
#include "models/capture/queue_evidence.h"
#include "models/capture/stream_reassembler.h"
#include "models/capture/tls_records.h"

namespace ddpsim {

struct CapturedCommand {
  NvmeSqe sqe;
  uint32_t length = 0;   // of its data, by its SGL
  bool to_host = false;  // the data goes from controller to host
  // Of a Fabrics Connect.
  std::optional<uint16_t> connects_queue;
  uint32_t queue_entries = 0;
  // Holes in the record of either direction before its capsule.
  uint32_t host_gaps = 0;
  uint32_t controller_gaps = 0;
};

// What a connection tells while it is walked, in capture order.
class ConnectionEvents {
 public:
  virtual ~ConnectionEvents() = default;
  // The host has a response to this command that the capture does not hold: it uses the identifier
  // again, in a capsule or, where that is not on record either, in data that does not fit.
  virtual void OnResponseMissing(uint16_t cid) {}
  virtual void OnCommand(const CapturedCommand& command) {}
  // The header, then the whole, of a PDU from the controller.
  virtual void OnControllerHeader(const WalkedPdu& pdu) {}
  virtual void OnControllerPdu(const WalkedPdu& pdu) {}
  // Stream bytes that the capture does not hold and that will not come.
  virtual void OnControllerGap(uint64_t offset, uint64_t size) {}
  // Which of several copies of stream bytes the host took cannot be told.
  virtual void OnControllerDoubt() {}
};

struct DigestCounts {
  uint64_t good = 0;
  uint64_t bad = 0;
  uint64_t unknown = 0;  // bytes are missing in the capture
};

// A SYN on ports that are in use.
enum class SynMeaning : uint8_t {
  kOfThisOne,  // sent again
  kOfAnother,  // the connection of these ports is over
  kDoubtful,   // the connection lives: of another one if the target answers it with a SYN+ACK
};

inline constexpr uint32_t kUsualMtu = 1500;  // of Ethernet (IEEE 802.3)
// Of MTU 9000: without SYNs a larger payload is a super-segment.
inline constexpr uint32_t kJumboMss = 8960;

// What one direction's packets and stream amount to.
struct DirectionCounts {
  uint64_t packets = 0;
  uint64_t payload_bytes = 0;  // retransmissions included
  uint64_t cut_packets = 0;
  uint64_t bad_checksums = 0;
  uint64_t offloaded_checksums = 0;
  uint64_t super_segments = 0;  // larger than the SYNs allow
  uint32_t mss = 0;             // by the receiver's SYN; 0: not seen
  uint32_t largest_payload = 0;
  // Larger than one segment of Ethernet's usual MTU, and those of them that are whole ones.
  uint64_t above_usual = 0;
  uint64_t whole_usual = 0;
  uint64_t urgent = 0;                // segments with an urgent pointer that the receiver minds
  uint64_t retransmitted_by_seq = 0;  // in order of arrival, for senders without IP ids
  bool has_ip_ids = false;
};

struct ConnectionOptions {
  std::optional<bool> header_digest;
  std::optional<bool> data_digest;
  bool check_digests = true;
  // Larger ones are super-segments: of any connection (0: as its SYNs say); of one without SYNs.
  uint32_t max_payload = 0;
  uint32_t max_payload_without_syns = kJumboMss;
};

class CapturedConnection final : private PduSink {
 public:
  // `flow`: from the host.
  CapturedConnection(const CapturedFlow& flow, const ConnectionOptions& options, int64_t* budget);

  void SetEvents(ConnectionEvents* events) { events_ = events; }
  // A packet that is whole; checksums may be wrong.
  void OnPacket(StreamDirection direction, const CapturedPacket& packet, int64_t time_ns);
  // A packet that the snapshot length cut behind its TCP header.
  void OnCutPacket(StreamDirection direction, const CapturedPacket& packet);
  void Finish();
  // What a SYN of the host with this sequence number means.
  SynMeaning MeaningOfSyn(SeqNum seq) const;
  // The host's SYN came when the ports were another connection's.
  void BeginWith(const CapturedPacket& syn);

  const CapturedFlow& flow() const { return flow_; }
  bool from_start() const { return syn_seen_; }
  // What both SYNs allow; 0: none is on record. Nobody sends more than the other end takes, nor
  // than its own path does, which its own SYN tells.
  uint32_t mss() const;
  // The target's SYN of this number begins the stream to the host.
  bool BeginsWithSyn(SeqNum seq) const {
    return c2h_.stream.started() && c2h_.stream.next() == 0 && c2h_.stream.next_seq() == seq + 1;
  }
  const FramingKnowledge& framing() const { return framing_; }
  QueueRole role() const { return evidence_.role(); }
  const DirectionCounts& counts(StreamDirection d) const { return Of(d).counts; }
  const IpIdOrder& order(StreamDirection d) const { return Of(d).order; }
  const StreamReassembler& stream(StreamDirection d) const { return Of(d).stream; }
  const PduWalker& walker(StreamDirection d) const { return Of(d).walker; }
  const DigestCounts& header_digests() const { return header_digests_; }
  const DigestCounts& data_digests() const { return data_digests_; }
  // By type; [10] is what no type is known for.
  const std::array<uint64_t, 11>& pdus() const { return pdus_; }
  uint64_t reads() const { return role() == QueueRole::kAdmin ? 0 : reads_; }
  uint64_t writes() const { return role() == QueueRole::kAdmin ? 0 : writes_; }
  size_t unfinished_commands() const { return outstanding_.size(); }
  // Commands whose identifier an unanswered one had, where no answer can be missing.
  uint64_t doubled_cids() const { return doubled_cids_; }
  uint64_t unknown_responses() const { return unknown_responses_; }
  // Any command identifier above what a queue of its size can have as a plain tag.
  bool has_cid_generations() const { return highest_cid_ >= 0x1000; }
  uint32_t highest_cid() const { return highest_cid_; }
  uint32_t queue_entries() const { return queue_entries_; }
  bool reset() const { return reset_; }
  // TLS records are where PDUs should be.
  bool is_tls() const { return c2h_.tls.is_tls() || h2c_.tls.is_tls(); }
  // What the host asked for, if that is on record.
  const std::optional<IcReqRepr>& asked() const { return asked_; }
  // Whether a command of this identifier may have been sent that the capture does not hold.
  bool MayLackCommand(uint16_t cid) const;
  int64_t first_ns() const { return first_ns_; }
  int64_t last_ns() const { return last_ns_; }
  const CapturedCommand* FindCommand(uint16_t cid) const;
  // A command that must have been sent, though its capsule is not on record.
  void AssumeCommand(const NvmeSqe& sqe, uint32_t length);
  // Calls f(const CapturedCommand&) for each command without a response, by identifier.
  template <class F>
  void ForEachOutstanding(F f) const {
    for (const auto& [cid, command] : outstanding_) f(command);
  }

 private:
  struct Direction final : public StreamSink {
    Direction(CapturedConnection* owner, StreamDirection which, int64_t* budget)
        : owner(owner), stream(this, budget), walker(which, &owner->framing_, owner) {}
    void OnBytes(uint64_t offset, ByteSpan bytes) override {
      tls.OnBytes(bytes);
      walker.OnBytes(offset, bytes);
    }
    void OnGap(uint64_t offset, uint64_t size) override;
    void OnDoubt() override {
      if (this == &owner->c2h_ && owner->events_ != nullptr) owner->events_->OnControllerDoubt();
    }
    // Whether bytes are missing behind the first `gaps_before` gaps.
    bool Lacks(uint32_t gaps_before) const {
      return gaps > gaps_before || stream.lacks_acknowledged();
    }

    CapturedConnection* owner;
    StreamReassembler stream;
    PduWalker walker;
    TlsRecords tls;
    IpIdOrder order;
    DirectionCounts counts;
    uint32_t gaps = 0;
    bool fin = false;
    bool has_top = false;
    SeqNum top;
  };
  Direction& Of(StreamDirection d) { return d == StreamDirection::kC2H ? c2h_ : h2c_; }
  const Direction& Of(StreamDirection d) const { return d == StreamDirection::kC2H ? c2h_ : h2c_; }
  void CountPacket(Direction* direction, const CapturedPacket& packet);
  void OnSyn(StreamDirection direction, const CapturedPacket& packet);
  // How many packets of the wire the captured one stands for.
  uint32_t WirePackets(Direction* direction, const CapturedPacket& packet) const;
  void TakeOrder(Direction* direction, const CapturedPacket& packet);
  Belief Believes(StreamDirection direction, ByteSpan header) override;
  void OnPduHeader(StreamDirection direction, const WalkedPdu& pdu) override;
  void OnPdu(StreamDirection direction, const WalkedPdu& pdu) override;
  void OnCommandPdu(const WalkedPdu& pdu);
  void OnIcReq(const WalkedPdu& pdu);
  void OnIcResp(const WalkedPdu& pdu);
  void EndCommand(uint16_t cid);
  void MissResponse(uint16_t cid);
  CapturedCommand WithGaps(CapturedCommand command) const;

  CapturedFlow flow_;
  ConnectionOptions options_;
  ConnectionEvents* events_ = nullptr;
  FramingKnowledge framing_;
  Direction c2h_;
  Direction h2c_;
  bool syn_seen_ = false;
  SeqNum isn_;
  std::vector<uint8_t> syn_data_;
  bool reset_ = false;
  int64_t first_ns_ = 0;
  int64_t last_ns_ = 0;
  std::array<uint64_t, 11> pdus_{};
  DigestCounts header_digests_;
  DigestCounts data_digests_;
  uint64_t reads_ = 0;
  uint64_t writes_ = 0;
  std::optional<IcReqRepr> asked_;
  QueueEvidence evidence_;
  uint32_t highest_cid_ = 0;
  uint32_t queue_entries_ = 0;
  uint64_t unknown_responses_ = 0;
  absl::btree_map<uint16_t, CapturedCommand> outstanding_;
  uint64_t doubled_cids_ = 0;
  std::vector<bool> seen_cids_;  // of capsules; empty where the stream's start is on record
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_CAPTURED_CONNECTION_H_
