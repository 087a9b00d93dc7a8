#include "models/link/range_loss.h"

#include <algorithm>

namespace ddpsim {

bool DoomedBytes::Hit(uint32_t connection, ByteRange bytes) {
  bool hit = false;
  for (size_t i = 0; i < pieces_.size();) {
    const StreamRange piece = pieces_[i];
    const uint64_t from = std::max(piece.from, bytes.from);
    const uint64_t to = std::min(piece.to, bytes.to);
    if (piece.connection != connection || from >= to) {
      ++i;
      continue;
    }
    hit = true;
    // Split into what was sent now, with one time less, and what is before and behind it.
    pieces_[i] = pieces_.back();
    pieces_.pop_back();
    Add({connection, piece.from, from, piece.times});
    Add({connection, to, piece.to, piece.times});
    if (piece.times > 1)
      pieces_.insert(pieces_.begin() + static_cast<int64_t>(i++),
                     {connection, from, to, piece.times - 1});
  }
  return hit;
}

}  // namespace ddpsim
