#include "models/nic/pdu_searcher.h"

#include <algorithm>

namespace ddpsim {

std::optional<int32_t> PduSearcher::SearchHeld(ByteSpan payload, SearchMode mode,
                                               const PduFormat& format) {
  // The held bytes and as much of the payload as the longest header that starts in them can need.
  uint8_t window[2 * PduFormat::kMaxHeader];
  const size_t held = static_cast<size_t>(held_);
  const size_t tail = std::min<size_t>(payload.size(), PduFormat::kMaxHeader);
  std::memcpy(window, bytes_.data(), held);
  std::memcpy(window + held, payload.data(), tail);
  const size_t starts = mode == SearchMode::kAnyOffset ? held : 1;
  for (size_t i = 0; i < starts; ++i) {
    const PduMatch match = format.Match(window + i, held + tail - i);
    if (match == PduMatch::kYes) return static_cast<int32_t>(i) - held_;
    if (match == PduMatch::kPartial) {
      // Only when the payload is so short that it was taken in whole.
      Hold(window + i, held + tail - i);
      return std::nullopt;
    }
  }
  held_ = 0;
  return std::nullopt;
}

std::optional<int32_t> PduSearcher::Search(SeqNum seq, ByteSpan payload, uint32_t first,
                                           SearchMode mode, const PduFormat& format) {
  if (held_ > 0 && seq != next_seq_) held_ = 0;
  next_seq_ = seq + static_cast<uint32_t>(payload.size());
  if (held_ > 0) {
    const std::optional<int32_t> match = SearchHeld(payload, mode, format);
    if (match.has_value() || held_ > 0) return match;
  }
  const size_t end =
      mode == SearchMode::kAnyOffset ? payload.size() : std::min<size_t>(payload.size(), 1);
  for (size_t i = first; i < end; ++i) {
    const PduMatch match = format.Match(payload.data() + i, payload.size() - i);
    if (match == PduMatch::kYes) return static_cast<int32_t>(i);
    if (match == PduMatch::kPartial) {
      Hold(payload.data() + i, payload.size() - i);
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace ddpsim
