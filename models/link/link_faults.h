// What one direction of the link does wrong, as values: the words of tc-netem(8) (loss, gemodel,
// reorder, duplicate, corrupt) and placed losses that netem has not (list, ranges, pdu, a script).
// The bench translates a scenario into this. Invariant: a default-constructed LinkFaults is a
// perfect link.
#ifndef DDPSIM_MODELS_LINK_LINK_FAULTS_H_
#define DDPSIM_MODELS_LINK_LINK_FAULTS_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/sim_time.h"

namespace ddpsim {

enum class LossKind : uint8_t { kNone, kBernoulli, kGilbertElliott, kList, kRanges, kPdu };

// Parts of a C2HData or H2CData PDU: CH and PSH; DATA; DDGST.
enum class PduPart : uint8_t { kHeader, kData, kDigest };

// Bytes [from, to) of a connection's stream in this direction, 0 being the first after the
// handshake.
struct StreamRange {
  // in order of connection set-up: 0 the admin queue, 1 the first I/O queue
  uint32_t connection = 1;
  uint64_t from = 0;
  uint64_t to = 0;
  uint32_t times = 1;  // sendings that are lost
};

struct LossFault {
  LossKind kind = LossKind::kNone;
  bool whole_skb = false;  // a TSO burst shares one fate, as with netem above a TSO device
  double probability = 0;  // kBernoulli
  double p_good_to_bad = 0, p_bad_to_good = 0;  // kGilbertElliott
  double loss_good = 0, loss_bad = 1;           // kGilbertElliott
  std::vector<int64_t> packets;                 // kList: ascending, 1-based
  std::vector<StreamRange> ranges;              // kRanges
  PduPart part = PduPart::kHeader;              // kPdu
  uint64_t every = 1;                           // kPdu: every n-th PDU, the n-th first
  uint64_t offset = 0;                          // kPdu: byte within the part
  uint32_t times = 1;                           // kPdu
};

struct ReorderFault {
  double probability = 0;
  SimTime delay;
  std::vector<int64_t> packets;  // ascending, 1-based data packets
};

struct DuplicateFault {
  double probability = 0;
  std::vector<int64_t> packets;  // as above
};

struct CorruptFault {
  double probability = 0;
  std::vector<int64_t> packets;  // as above
  bool fix_checksum = false;
  bool any_payload = true;  // else only in `part` of a data PDU
  PduPart part = PduPart::kData;

  bool any() const { return probability > 0 || !packets.empty(); }
};

// One segment that a scripted box sends on: bytes [from, to) of the stream, so long after the one
// before.
struct ScriptedSegment {
  uint64_t from = 0;
  uint64_t to = 0;
  SimTime after;
};

struct ScriptFault {
  uint32_t connection = 1;  // as in StreamRange
  std::vector<ScriptedSegment> segments;
  std::vector<uint64_t> flipped;  // stream bytes whose lowest bit is wrong on the way

  bool any() const { return !segments.empty(); }
};

struct LinkFaults {
  LossFault loss;
  ReorderFault reorder;
  DuplicateFault duplicate;
  CorruptFault corrupt;
  ScriptFault script;

  bool any() const {
    return loss.kind != LossKind::kNone || reorder.probability > 0 || !reorder.packets.empty() ||
           duplicate.probability > 0 || !duplicate.packets.empty() || corrupt.any() || script.any();
  }
  // Whether bytes may arrive altered under a right checksum.
  bool alters() const { return (corrupt.any() && corrupt.fix_checksum) || !script.flipped.empty(); }
  // Whether somebody needs to know where PDUs and stream bytes are.
  bool needs_streams() const {
    return loss.kind == LossKind::kRanges || loss.kind == LossKind::kPdu ||
           (corrupt.any() && !corrupt.any_payload) || script.any();
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_LINK_FAULTS_H_
