// What one flow's offload context must make of each segment, by the published rules (ASPLOS'21
// section 4.3, Figs. 7 and 8; netdev 0x16 slides 14-20) and the settings: a second implementation,
// simple and slow, that shares no code with the NIC's (models/nic/rx_context.h). Told every segment
// that the context was given, in order, and every answer as it takes effect. Left out: whether a
// ccid is mapped, and, unless asked, the data digests themselves (they are taken for right).
#ifndef DDPSIM_SIM_CHECK_OFFLOAD_ORACLE_H_
#define DDPSIM_SIM_CHECK_OFFLOAD_ORACLE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/seq_num.h"
#include "ddpsim/hw/nic_observer.h"
#include "sim/check/pdu_reader.h"

namespace ddpsim {

// Rules that the sources leave open, as the scenario has them.
struct OracleRules {
  bool search_anywhere = false;  // else only where a packet starts
  bool across_data_gap = true;
  bool skips_seen_bytes = false;
  bool digests_may_be_wrong = false;  // data may be altered under a right checksum
  uint32_t longest_pdu = 0;
};

// Payload of one PDU in a segment.
struct DataOwed {
  Ccid ccid = 0;
  uint64_t ccoff = 0;
  uint32_t offset = 0;  // in the segment
  uint32_t size = 0;
};

// What a segment is owed.
struct OracleVerdict {
  bool offloaded = false;
  bool digests_ok = false;  // every data byte was covered, every digest that ends here is right
  std::vector<DataOwed> data;
  std::optional<SeqNum> asks;
};

class OffloadOracle {
 public:
  void Configure(const OracleRules& rules, const PduReader& reader) {
    rules_ = rules;
    reader_ = reader;
  }
  // A PDU begins at `next_pdu`, or nothing is known.
  void Start(SeqNum next_pdu, bool searching);
  bool started() const { return started_; }
  const OracleVerdict& OnSegment(SeqNum seq, ByteSpan payload);
  void OnAnswer(SeqNum seq);
  OffloadState state() const { return state_; }

 private:
  enum class Part : uint8_t { kHeader, kPad, kData, kDigest };
  struct Step {
    Part part = Part::kHeader;
    uint32_t size = 0;
    uint32_t at = 0;  // in the PDU
    bool bad = false;
    bool header_ends = false;
  };
  // A place in the stream of PDUs: in which PDU, and how far in.
  struct Place {
    uint32_t at = 0;
    bool sizes_known = false;
    bool whole_known = false;
    PduFacts pdu;
    std::array<uint8_t, 128> header{};  // the longest, ICResp's
  };

  void BeginPdu() { place_.at = 0, place_.sizes_known = place_.whole_known = false; }
  // The next stretch of one part.
  Step Take(ByteSpan rest);
  Step TakeHeader(ByteSpan rest);
  void Offload(SeqNum seq, ByteSpan payload);
  void Cover(const Step& step, ByteSpan bytes);
  void Follow(SeqNum seq, ByteSpan payload, uint32_t from);
  void OnGap(SeqNum seq, ByteSpan payload, uint32_t missing);
  void Lose(SeqNum seq, ByteSpan payload, uint32_t from);
  void Search(SeqNum seq, ByteSpan payload, uint32_t from);
  // Where a header begins, counted from payload[0]; in what was held of the packet before: below 0.
  std::optional<int32_t> FindHeader(SeqNum seq, ByteSpan payload, uint32_t from);
  std::optional<int32_t> FindInHeld(ByteSpan payload);
  bool ChainHolds(ByteSpan payload, int32_t header);
  void Resume();
  void AlignCover();
  void ForgetDigest() { crc_ = 0, digest_ = 0, digest_bytes_ = 0; }

  OracleRules rules_;
  PduReader reader_;
  bool started_ = false;
  OffloadState state_ = OffloadState::kSearching;
  bool answered_ = false;
  SeqNum expected_;             // or, searching, up to where it has searched
  bool searched_ = false;       // searching, and expected_ says something
  std::optional<SeqNum> seen_;  // skips_seen_bytes: where what was ignored in a data gap begins
  SeqNum candidate_;
  Place place_;
  bool covered_ = true;  // all data of this PDU so far
  uint32_t crc_ = 0;     // over it, if digests may be wrong
  uint32_t digest_ = 0;
  uint32_t digest_bytes_ = 0;
  std::vector<uint8_t> held_;  // searching: what may begin a header at the end of a packet
  SeqNum held_until_;
  OracleVerdict verdict_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_OFFLOAD_ORACLE_H_
