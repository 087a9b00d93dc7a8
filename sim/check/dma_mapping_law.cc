#include "sim/check/dma_mapping_law.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace ddpsim {
namespace {

uint64_t Owner(uint32_t queue, Ccid ccid) { return (static_cast<uint64_t>(queue) << 16) | ccid; }

}  // namespace

void DmaMappingLaw::AddApplicationMemory(PhysAddr begin, PhysAddr end) {
  application_.emplace_back(begin, end);
}

bool DmaMappingLaw::Touches(PhysAddr addr, uint64_t size) const {
  for (const auto& [begin, end] : application_) {
    if (addr < end && addr + size > begin) return true;
  }
  return false;
}

void DmaMappingLaw::AddPiece(uint64_t owner, Mapping* mapping, const SglEntry& entry,
                             uint64_t offset, SimTime now) {
  const PhysAddr end = entry.addr + entry.length;
  const auto after = live_.lower_bound(entry.addr);
  const bool overlaps = (after != live_.end() && after->first < end) ||
                        (after != live_.begin() && std::prev(after)->second.end > entry.addr);
  if (overlaps) Violate(now, absl::StrCat("memory at ", entry.addr, " is mapped already"));
  found_ = nullptr;
  live_[entry.addr] = Piece{entry.addr, end, owner, mapping->serial, offset, {}};
  mapping->pieces.push_back(entry.addr);
}

void DmaMappingLaw::OnSetup(uint32_t queue, Ccid ccid, absl::Span<const SglEntry> sgl,
                            SimTime now) {
  const uint64_t owner = Owner(queue, ccid);
  if (pieces_of_.contains(owner)) {
    Violate(now, absl::StrCat("queue ", queue, " ccid ", ccid, " mapped twice"));
  }
  Mapping& mapping = pieces_of_[owner];
  mapping.serial = ++setups_;
  uint64_t offset = 0;
  for (size_t i = 0; i < sgl.size();) {
    // Contiguous entries (pages of one buffer) are one piece.
    SglEntry piece = sgl[i];
    for (++i; i < sgl.size() && sgl[i].addr == piece.addr + piece.length; ++i)
      piece.length += sgl[i].length;
    if (piece.length > 0) AddPiece(owner, &mapping, piece, offset, now);
    offset += piece.length;
  }
}

void DmaMappingLaw::OnTeardownDone(uint32_t queue, Ccid ccid, SimTime now) {
  const uint64_t owner = Owner(queue, ccid);
  const auto it = pieces_of_.find(owner);
  if (it == pieces_of_.end()) {
    Violate(now, absl::StrCat("queue ", queue, " ccid ", ccid, " unmapped but was not mapped"));
    return;
  }
  found_ = nullptr;
  for (PhysAddr piece : it->second.pieces) {
    const auto live = live_.find(piece);
    if (live != live_.end() && live->second.owner == owner) live_.erase(live);
  }
  pieces_of_.erase(it);
}

MappingSerial DmaMappingLaw::SerialOf(uint32_t queue, Ccid ccid) const {
  const auto it = pieces_of_.find(Owner(queue, ccid));
  return it == pieces_of_.end() ? 0 : it->second.serial;
}

DmaMappingLaw::Piece* DmaMappingLaw::Find(PhysAddr begin, PhysAddr end) {
  if (found_ != nullptr && found_->begin <= begin && end <= found_->end) return found_;
  const auto after = live_.upper_bound(begin);
  if (after == live_.begin()) return nullptr;
  Piece* const piece = &std::prev(after)->second;
  if (piece->end < end) return nullptr;
  return found_ = piece;
}

void DmaMappingLaw::OnDmaWrite(PhysAddr addr, uint32_t size, SimTime now) {
  if (application_.empty()) return;  // nothing to judge by
  Looked();
  if (!Touches(addr, size)) return;
  Piece* const piece = Find(addr, addr + size);
  last_written_ = piece == nullptr ? 0 : piece->serial;
  if (piece == nullptr) {
    Violate(now, absl::StrCat("DMA write of ", size, " bytes at ", addr,
                              " outside of every live mapping"));
    return;
  }
  placed_bytes_ += size;
  if (AddWritten(piece, addr, addr + size)) {
    added_.push_back({addr, size});
    return;
  }
  Violate(now, absl::StrCat("DMA write of ", size, " bytes at ", addr,
                            ": placed before in the same mapping"));
  rewrites_.push_back(violation_count());
}

void DmaMappingLaw::DisownPlacement() {
  for (const SglEntry& added : added_) {
    const PhysAddr end = added.addr + added.length;
    if (Piece* piece = Find(added.addr, end); piece != nullptr)
      RemoveWritten(piece, added.addr, end);
  }
}

void DmaMappingLaw::EndPlacement() {
  added_.clear();
  rewrites_.clear();
}

void DmaMappingLaw::OnDataPosted(PhysAddr addr, uint32_t size) {
  if (Touches(addr, size)) unreported_.push_back({addr, size});
}

void DmaMappingLaw::OnCqePosted(ByteSpan bytes, SimTime now) {
  Cqe64 cqe;
  std::memcpy(&cqe, bytes.data() + bytes.size() - sizeof(Cqe64), sizeof(Cqe64));
  if (cqe.opcode() != CqeOpcode::kRespSend) return;
  CqeNvmeotcp part;
  const bool zc = bytes.size() == sizeof(Cqe128) && (cqe.nvmeotcp_flags & kCqeNvmeotcpZc) != 0;
  if (zc) std::memcpy(&part, bytes.data(), sizeof(part));
  CheckReported(part, zc, now);
  unreported_.clear();
}

void DmaMappingLaw::CheckReported(const CqeNvmeotcp& part, bool zc, SimTime now) {
  if (!zc) {
    if (!unreported_.empty()) Violate(now, "a CQE does not tell of the bytes that were placed");
    return;
  }
  uint64_t offset = part.ccoff_or_resync_tcp_sn;
  const uint64_t end = offset + part.cclen;
  for (const SglEntry& written : unreported_) {
    const Piece* piece = Find(written.addr, written.addr + written.length);
    if (piece == nullptr) return;  // told as it lands
    const uint64_t start = piece->offset + (written.addr - piece->begin);
    if (static_cast<uint16_t>(piece->owner) != part.ccid || start != offset) {
      Violate(now, absl::StrCat("a CQE tells of ccid ", uint16_t{part.ccid}, " offset ", offset,
                                ", placed was ccid ", piece->owner & 0xffff, " offset ", start));
      return;
    }
    offset += written.length;
  }
  if (offset != end) {
    Violate(now, absl::StrCat("a CQE tells of ", uint16_t{part.cclen}, " placed bytes, there are ",
                              end - offset, " less"));
  }
}

bool DmaMappingLaw::AddWritten(Piece* piece, PhysAddr begin, PhysAddr end) {
  auto& written = piece->written;
  auto after =
      std::upper_bound(written.begin(), written.end(), std::make_pair(begin, ~PhysAddr{0}));
  if (after != written.begin() && std::prev(after)->second > begin) return false;
  if (after != written.end() && after->first < end) return false;
  if (after != written.begin() && std::prev(after)->second == begin) {
    std::prev(after)->second = end;
  } else {
    written.insert(after, {begin, end});
  }
  return true;
}

void DmaMappingLaw::RemoveWritten(Piece* piece, PhysAddr begin, PhysAddr end) {
  std::vector<std::pair<PhysAddr, PhysAddr>> left;
  for (const auto& [from, to] : piece->written) {
    if (from < std::min(to, begin)) left.emplace_back(from, std::min(to, begin));
    if (std::max(from, end) < to) left.emplace_back(std::max(from, end), to);
  }
  piece->written = std::move(left);
}

}  // namespace ddpsim
