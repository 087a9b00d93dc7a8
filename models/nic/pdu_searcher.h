// Looks for a PDU header in packets of unknown alignment (state searching, ASPLOS'21 section 4.3;
// netdev 0x16 slide 15). A pattern split over two packets is found if the second follows the first
// in sequence. Invariant: holds the beginning of one candidate header at most, and nothing else of
// a packet.
#ifndef DDPSIM_NIC_PDU_SEARCHER_H_
#define DDPSIM_NIC_PDU_SEARCHER_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/seq_num.h"
#include "models/nic/nic_config.h"
#include "models/nic/pdu_format.h"

namespace ddpsim {

class PduSearcher {
 public:
  void Reset() { held_ = 0; }
  // Looks for a header that starts in the held bytes or at payload[first] or later. Returns where
  // it starts relative to the payload: negative when it starts in held bytes. Without a match holds
  // what may be the beginning of one.
  std::optional<int32_t> Search(SeqNum seq, ByteSpan payload, uint32_t first, SearchMode mode,
                                const PduFormat& format);
  // The bytes before the payload that a match with negative position starts with.
  ByteSpan Held(int32_t position) const {
    return ByteSpan(bytes_.data() + (held_ + position), static_cast<size_t>(-position));
  }

  friend bool operator==(const PduSearcher& a, const PduSearcher& b) {
    return a.held_ == b.held_ && (a.held_ == 0 || a.next_seq_ == b.next_seq_) &&
           std::memcmp(a.bytes_.data(), b.bytes_.data(), static_cast<size_t>(a.held_)) == 0;
  }
  template <typename H>
  friend H AbslHashValue(H h, const PduSearcher& s) {
    h = H::combine(std::move(h), s.held_, s.held_ == 0 ? SeqNum() : s.next_seq_);
    return H::combine_contiguous(std::move(h), s.bytes_.data(), static_cast<size_t>(s.held_));
  }

 private:
  std::optional<int32_t> SearchHeld(ByteSpan payload, SearchMode mode, const PduFormat& format);
  void Hold(const uint8_t* bytes, size_t size) {
    std::memmove(bytes_.data(), bytes, size);
    held_ = static_cast<int32_t>(size);
  }

  SeqNum next_seq_;  // of the byte after the held ones
  int32_t held_ = 0;
  std::array<uint8_t, PduFormat::kMaxHeader> bytes_{};
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_PDU_SEARCHER_H_
