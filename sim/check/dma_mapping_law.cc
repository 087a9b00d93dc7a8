#include "sim/check/dma_mapping_law.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace ddpsim {
namespace {

uint64_t Owner(uint32_t queue, Ccid ccid) { return (static_cast<uint64_t>(queue) << 16) | ccid; }

}  // namespace

void DmaMappingLaw::AddApplicationMemory(PhysAddr begin, PhysAddr end) {
  begin_ = std::min(begin_, begin);
  end_ = std::max(end_, end);
}

void DmaMappingLaw::OnSetup(uint32_t queue, Ccid ccid, absl::Span<const SglEntry> sgl, SimTime now) {
  std::vector<PhysAddr>& pieces = pieces_of_[Owner(queue, ccid)];
  if (!pieces.empty()) Violate(now, absl::StrCat("queue ", queue, " ccid ", ccid, " mapped twice"));
  PhysAddr last_end = 0;
  for (const SglEntry& entry : sgl) {
    // Contiguous entries (pages of one buffer) are one piece.
    if (!pieces.empty() && entry.addr == last_end) {
      live_[pieces.back()].end += entry.length;
    } else {
      pieces.push_back(entry.addr);
      live_[entry.addr] = Piece{entry.addr + entry.length, Owner(queue, ccid), {}};
    }
    last_end = entry.addr + entry.length;
  }
}

void DmaMappingLaw::OnTeardownDone(uint32_t queue, Ccid ccid, SimTime now) {
  const auto it = pieces_of_.find(Owner(queue, ccid));
  if (it == pieces_of_.end()) {
    Violate(now, absl::StrCat("queue ", queue, " ccid ", ccid, " unmapped but was not mapped"));
    return;
  }
  for (PhysAddr piece : it->second) live_.erase(piece);
  pieces_of_.erase(it);
}

void DmaMappingLaw::OnDmaWrite(PhysAddr addr, uint32_t size, SimTime now) {
  Looked();
  if (!IsApplicationMemory(addr)) {
    if (addr < begin_ && addr + size > begin_) Violate(now, absl::StrCat("DMA write at ", addr, " runs into a buffer"));
    return;
  }
  auto it = live_.upper_bound(addr);
  if (it == live_.begin() || std::prev(it)->second.end < addr + size) {
    Violate(now, absl::StrCat("DMA write of ", size, " bytes at ", addr, " outside of every live mapping"));
    return;
  }
  placed_bytes_ += size;
  if (!AddWritten(&std::prev(it)->second, addr, addr + size)) {
    Violate(now, absl::StrCat("DMA write of ", size, " bytes at ", addr, ": placed before in the same mapping"));
  }
}

bool DmaMappingLaw::AddWritten(Piece* piece, PhysAddr begin, PhysAddr end) {
  auto& written = piece->written;
  auto after = std::upper_bound(written.begin(), written.end(), std::make_pair(begin, ~PhysAddr{0}));
  if (after != written.begin() && std::prev(after)->second > begin) return false;
  if (after != written.end() && after->first < end) return false;
  if (after != written.begin() && std::prev(after)->second == begin) {
    std::prev(after)->second = end;
  } else {
    written.insert(after, {begin, end});
  }
  return true;
}

}  // namespace ddpsim
