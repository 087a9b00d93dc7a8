// Where PDUs are in one direction's streams, seen from the sender's side of the link: TCP sends a
// stream's bytes for the first time in order, so walking those by PLEN needs no reassembly.
// Retransmissions are looked up in what was walked. Left out: digests (a sender's stream is right),
// connections taken up in the middle (their first byte seen is offset 0). Invariants: PDUs of a
// stream are contiguous; a PDU is known from its first byte on, its lengths once CH is complete; at
// least the last kHistory PDUs are remembered.
#ifndef DDPSIM_MODELS_LINK_PDU_LOCATOR_H_
#define DDPSIM_MODELS_LINK_PDU_LOCATOR_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ddpsim/wire/ip.h"
#include "models/link/link_faults.h"

namespace ddpsim {

// Offsets are stream bytes.
struct ByteRange {
  uint64_t from = 0;
  uint64_t to = 0;
  bool empty() const { return from >= to; }
};

struct LocatedPdu {
  uint64_t start = 0;
  uint8_t ch[8] = {};
  uint32_t known = 0;  // bytes of ch

  uint8_t type() const { return ch[0]; }
  uint32_t plen() const;  // 0 until CH is complete
  // Where `part` is; empty when there is none, or it is not known yet.
  ByteRange Part(PduPart part) const;
};

class PduStream {
 public:
  explicit PduStream(SeqNum first) : sent_seq_(first) {}

  // The stream range of a segment. REQUIRES: less than 2^31 bytes from what was sent last.
  uint64_t OffsetOf(SeqNum seq) const {
    return sent_ + static_cast<uint64_t>(static_cast<int64_t>(seq - sent_seq_));
  }
  // Walks what of the segment was not sent before.
  void OnSegment(SeqNum seq, ByteSpan payload);
  uint64_t sent() const { return sent_; }

  // PDUs by number, 0 the stream's first: [oldest(), end()) are remembered.
  uint64_t oldest() const { return end_ > kHistory ? end_ - kHistory : 0; }
  uint64_t end() const { return end_; }
  const LocatedPdu& pdu(uint64_t number) const { return history_[number % kHistory]; }
  // Number of the remembered PDU that holds byte `offset`, or the oldest one, or end().
  uint64_t FindPdu(uint64_t offset) const;

 private:
  static constexpr uint64_t kHistory = 4096;

  SeqNum sent_seq_;    // next byte to be sent for the first time
  uint64_t sent_ = 0;  // its offset
  uint64_t end_ = 0;
  uint64_t pdu_end_ = 0;             // of the newest PDU, when its CH is complete
  bool lost_ = false;                // a gap or a PLEN that cannot be: the walk has ended
  std::vector<LocatedPdu> history_;  // grows to kHistory: there may be many short connections
};

// The streams of one direction, numbered in the order in which their connections were set up.
class PduLocator {
 public:
  struct Place {
    uint32_t connection = 0;
    PduStream* stream = nullptr;
    ByteRange bytes;         // of the stream
    uint64_t first_new = 0;  // bytes from here on are sent for the first time
  };

  // Every frame of the direction, in the order offered.
  Place OnFrame(const ParsedFrame& parsed);

 private:
  absl::flat_hash_map<FourTuple, uint32_t> index_;  // looked up only, never iterated
  std::vector<PduStream> streams_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_PDU_LOCATOR_H_
