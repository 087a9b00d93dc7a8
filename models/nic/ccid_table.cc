#include "models/nic/ccid_table.h"

#include <algorithm>

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"

namespace ddpsim {

bool Mkey::Map(uint64_t length, uint32_t offset, absl::Span<const Klm> klms) {
  const PhysAddr old = klms_.empty() ? 0 : klms_[0].addr;
  if (offset == 0) {
    klms_.clear();
    ends_.clear();
    hint_ = 0;
    ++generation_;
  }
  if (uint64_t{offset} + klms.size() > max_klms_ || offset > klms_.size()) return false;
  klms_.resize(offset);
  ends_.resize(offset);
  hint_ = 0;
  for (const Klm& klm : klms) {
    klms_.push_back(klm);
    ends_.push_back(mapped_bytes() + klm.bytes);
  }
  if (DDPSIM_MUTANT(kKlmKeptOnRemap) && old != 0 && offset == 0) klms_[0].addr = old;
  length_ = length;
  free_ = false;
  return true;
}

void Mkey::Translate(uint64_t offset, uint32_t bytes, std::vector<DmaPiece>* pieces) {
  SIM_CHECK((!free_ || DDPSIM_MUTANT(kCcidFreeIgnored)) && offset + bytes <= mapped_bytes(),
            "translation outside of the mapping");
  size_t i = hint_;
  if (DDPSIM_MUTANT(kKlmHintTrusted) && offset >= ends_[i]) offset = std::min(offset, ends_[i] + 1);
  // Usually the same entry or the one behind it.
  if (i + 1 < klms_.size() && offset >= ends_[i]) ++i;
  if (i >= klms_.size() || offset >= ends_[i] || offset < ends_[i] - klms_[i].bytes) {
    i = static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end(), offset) - ends_.begin());
  }
  while (bytes > 0) {
    const uint64_t within = offset - (ends_[i] - klms_[i].bytes);
    const uint32_t n = static_cast<uint32_t>(std::min<uint64_t>(bytes, klms_[i].bytes - within));
    const PhysAddr addr = klms_[i].addr + (DDPSIM_MUTANT(kKlmOffsetDropped) ? 0 : within);
    // Neighbouring entries are often neighbours in memory too: one write instead of two.
    if (!pieces->empty() && pieces->back().addr + pieces->back().bytes == addr) {
      pieces->back().bytes += n;
    } else if (n > 0) {
      pieces->push_back({addr, n});
    }
    hint_ = i;
    offset += n;
    bytes -= n;
    ++i;
  }
}

Resolution TagBufferTable::Resolve(uint32_t ccid, uint64_t ccoff, uint32_t bytes,
                                   Mkey** mkey) const {
  Mkey* found = Find(ccid);
  if (found == nullptr || (found->free() && !DDPSIM_MUTANT(kCcidFreeIgnored)))
    return Resolution::kNotMapped;
  const uint64_t end = ccoff + bytes;
  if (end > found->length()) return Resolution::kOutOfBounds;
  // The rest of the mapping is still on its way in later UMRs.
  if (end > found->mapped_bytes()) return Resolution::kNotMapped;
  *mkey = found;
  return Resolution::kOk;
}

}  // namespace ddpsim
