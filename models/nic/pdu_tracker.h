// Walks the PDUs of a byte stream: keeps the place within the current PDU and says what the next
// bytes are. Decides nothing; whether the bytes are offloaded, only followed, or a guess, is
// rx_context's business.
//
//   | header (HLEN + HDGST) | gap (PAD, bodies of other PDUs) | data | DDGST |
//
// Invariant: holds no stream bytes but those of a header that is not complete yet.
#ifndef DDPSIM_NIC_PDU_TRACKER_H_
#define DDPSIM_NIC_PDU_TRACKER_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "ddpsim/base/bytes.h"
#include "models/nic/pdu_format.h"

namespace ddpsim {

// A run of bytes of one part of one PDU.
struct PduRun {
  enum class Part : uint8_t { kHeader, kGap, kData, kDigest };
  Part part = Part::kHeader;
  uint32_t size = 0;
  uint32_t pdu_offset = 0;       // of the run's first byte
  bool header_complete = false;  // the header ended with this run
  bool pdu_complete = false;     // the PDU ended with this run
  bool bad = false;              // the header is not one
};

class PduTracker {
 public:
  // The next byte is the first of a PDU.
  void StartPdu() { position_ = 0; }
  // Takes the next run from `rest`. REQUIRES: !rest.empty().
  PduRun Next(ByteSpan rest, const PduFormat& format);

  // The next byte is the first of a PDU.
  bool at_boundary() const { return position_ == 0; }
  // The common header was seen: the next PDU's place is known.
  bool length_known() const { return position_ >= PduFormat::kCommonHeader; }
  bool header_known() const { return length_known() && position_ >= layout_.header_size; }
  uint32_t position() const { return position_; }
  // Bytes up to the next PDU. REQUIRES: length_known().
  uint32_t remaining() const { return layout_.pdu_size - position_; }
  // REQUIRES: header_known() for the fields beyond sizes.
  const PduLayout& layout() const { return layout_; }  // of the PDU of the last run
  // Passes over lost bytes. REQUIRES: header_known(), count < remaining().
  void Skip(uint32_t count) { position_ += count; }

  friend bool operator==(const PduTracker& a, const PduTracker& b) {
    return a.position_ == b.position_ && (!a.length_known() || a.layout_ == b.layout_) &&
           std::memcmp(a.header_.data(), b.header_.data(), a.held()) == 0;
  }
  template <typename H>
  friend H AbslHashValue(H h, const PduTracker& t) {
    h = H::combine(std::move(h), t.position_, t.length_known() ? t.layout_ : PduLayout());
    return H::combine_contiguous(std::move(h), t.header_.data(), t.held());
  }

 private:
  // Bytes of an incomplete header.
  uint32_t held() const {
    if (header_known()) return 0;
    return position_ < PduFormat::kMaxHeader ? position_ : PduFormat::kMaxHeader;
  }
  PduRun NextHeader(ByteSpan rest, const PduFormat& format);
  // Moves up to `until`, bounded by what there is; returns how far.
  uint32_t Advance(ByteSpan rest, uint32_t until);
  void Finish(PduRun* run);

  uint32_t position_ = 0;
  PduLayout layout_;
  std::array<uint8_t, PduFormat::kMaxHeader> header_{};  // valid: held()
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_PDU_TRACKER_H_
