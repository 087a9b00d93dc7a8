#include "models/capture/stream_reassembler.h"

#include <algorithm>
#include <utility>

namespace ddpsim {
namespace {

// Nothing this far ahead can be of the connection: windows end at 1 GiB (RFC 7323 section 2.3).
constexpr int64_t kMaxAhead = int64_t{1} << 30;
// What a piece costs beyond its bytes.
constexpr uint64_t kPieceOverhead = 64;
// Segments that Linux joins to one skb (tcp_ooo_try_coalesce(), MAX_SKB_FRAGS of v6.1).
constexpr uint32_t kMaxCoalesced = 17;
// GRO hands up so much as one segment (GRO_LEGACY_MAX_SIZE).
constexpr uint64_t kMergeable = 65536;

// Whether [begin, begin + bytes) has other bytes than a piece at `offset` where they overlap.
bool DiffersFrom(uint64_t begin, ByteSpan bytes, uint64_t offset, ByteSpan piece) {
  const uint64_t from = std::max(begin, offset);
  const uint64_t to = std::min(begin + bytes.size(), offset + piece.size());
  return from < to && !std::equal(bytes.begin() + static_cast<long>(from - begin),
                                  bytes.begin() + static_cast<long>(to - begin),
                                  piece.begin() + static_cast<long>(from - offset));
}

}  // namespace

void StreamReassembler::Start(SeqNum first) {
  if (started_) return;
  started_ = true;
  first_ = first;
}

uint64_t StreamReassembler::Piece::charge() const { return bytes.size() + kPieceOverhead; }

void StreamReassembler::Add(SeqNum seq, ByteSpan bytes, uint32_t size, bool fin) {
  if (ended_ || (size == 0 && !fin)) return;
  Start(seq);
  const int64_t begin = OffsetOf(seq);
  const auto next = static_cast<int64_t>(next_);
  const int64_t end = begin + size;
  if (begin - next > kMaxAhead) return;
  if (begin >= 0 && Differs(static_cast<uint64_t>(begin), bytes)) {
    ++doubts_;
    sink_->OnDoubt();
  }
  if (end + (fin ? 1 : 0) <= next) return;
  if (begin <= next) {
    const auto old = static_cast<uint32_t>(next - begin);
    if (old < size) Deliver(bytes.empty() ? bytes : bytes.subspan(old), size - old);
    if (fin) {
      End();
    } else {
      Drain();
    }
    return;
  }
  Keep(static_cast<uint64_t>(begin), bytes, size, fin);
  while (!pieces_.empty() &&
         (waiting_ > kMaxWaiting || *budget_ < 0 || acknowledged_ >= pieces_.begin()->first)) {
    SkipGap();
  }
}

bool StreamReassembler::Differs(uint64_t begin, ByteSpan bytes) const {
  for (const Pieces* pieces : {&pieces_, &recent_}) {
    for (auto it = pieces->lower_bound(begin + bytes.size()); it != pieces->begin();) {
      --it;
      if (DiffersFrom(begin, bytes, it->first, it->second.bytes)) return true;
      // The left ones end before, save where pieces overlap each other.
      if (it->first + it->second.size <= begin) break;
    }
  }
  return false;
}

void StreamReassembler::Remember(uint64_t offset, Piece piece) {
  ForgetRecent(next_ < kMergeable ? 0 : next_ - kMergeable);
  const uint64_t charge = piece.charge();
  if (piece.bytes.empty() || *budget_ < static_cast<int64_t>(charge)) return;
  if (!recent_.emplace(offset, std::move(piece)).second) return;
  recent_charge_ += charge;
  *budget_ -= static_cast<int64_t>(charge);
}

void StreamReassembler::ForgetRecent(uint64_t before) {
  while (!recent_.empty() && recent_.begin()->first < before) {
    const uint64_t charge = recent_.begin()->second.charge();
    recent_charge_ -= charge;
    *budget_ += static_cast<int64_t>(charge);
    recent_.erase(recent_.begin());
  }
}

bool StreamReassembler::IsExactReset(SeqNum seq) const {
  if (!started_) return true;
  const SeqNum next = next_seq();
  if (seq == next || (ended_ && seq == next + 1)) return true;
  if (pieces_.empty()) return false;
  const auto& [offset, piece] = *pieces_.rbegin();
  return seq == SeqOf(offset + piece.length());
}

void StreamReassembler::Deliver(ByteSpan bytes, uint32_t size) {
  if (bytes.empty()) {
    Gap(size);
    return;
  }
  const uint64_t at = next_;
  next_ += size;
  sink_->OnBytes(at, bytes);
}

void StreamReassembler::Gap(uint64_t size) {
  const uint64_t at = next_;
  next_ += size;
  gap_bytes_ += size;
  ++gaps_;
  sink_->OnGap(at, size);
}

bool StreamReassembler::KeepLeft(uint64_t offset, ByteSpan bytes, uint32_t size, bool fin) {
  auto left = pieces_.upper_bound(offset);
  if (left == pieces_.begin()) return false;
  --left;
  Piece& piece = left->second;
  const uint64_t left_end = left->first + piece.length();
  const uint64_t end = offset + size + (fin ? 1 : 0);
  if (offset > left_end) return false;
  if (offset < left_end) {
    if (end <= left_end) return true;
    if (offset == left->first) Drop(left);
    return false;
  }
  const bool alike = piece.bytes.empty() == bytes.empty();
  if (piece.fin || !alike || piece.segments >= kMaxCoalesced) return false;
  piece.size += size;
  piece.fin = fin;
  ++piece.segments;
  piece.bytes.insert(piece.bytes.end(), bytes.begin(), bytes.end());
  waiting_ += bytes.size();
  *budget_ -= static_cast<int64_t>(bytes.size());
  return true;
}

void StreamReassembler::Keep(uint64_t offset, ByteSpan bytes, uint32_t size, bool fin) {
  if (KeepLeft(offset, bytes, size, fin)) return;
  const uint64_t end = offset + size + (fin ? 1 : 0);
  for (auto right = pieces_.upper_bound(offset);
       right != pieces_.end() && right->first + right->second.length() <= end;) {
    right = Drop(right);
  }
  Piece& piece = pieces_[offset];
  piece.size = size;
  piece.bytes.assign(bytes.begin(), bytes.end());
  piece.fin = fin;
  waiting_ += piece.charge();
  *budget_ -= static_cast<int64_t>(piece.charge());
}

StreamReassembler::Pieces::iterator StreamReassembler::Drop(Pieces::iterator piece) {
  const uint64_t charge = piece->second.charge();
  waiting_ -= charge;
  *budget_ += static_cast<int64_t>(charge);
  return pieces_.erase(piece);
}

void StreamReassembler::Drain() {
  while (!pieces_.empty() && pieces_.begin()->first <= next_) {
    const uint64_t begin = pieces_.begin()->first;
    Piece piece = std::move(pieces_.begin()->second);
    // The bytes have moved out, the charge with them.
    waiting_ -= piece.charge();
    *budget_ += static_cast<int64_t>(piece.charge());
    pieces_.erase(pieces_.begin());
    if (begin + piece.length() <= next_) continue;
    const auto old = static_cast<uint32_t>(next_ - begin);
    const ByteSpan bytes(piece.bytes);
    if (old < piece.size) Deliver(bytes.empty() ? bytes : bytes.subspan(old), piece.size - old);
    if (piece.fin) {
      End();
    } else {
      Remember(begin, std::move(piece));
    }
  }
}

// tcp_fin() throws away what waits.
void StreamReassembler::End() {
  ended_ = true;
  while (!pieces_.empty()) Drop(pieces_.begin());
  ForgetRecent(UINT64_MAX);
}

void StreamReassembler::SkipGap() {
  Gap(pieces_.begin()->first - next_);
  Drain();
}

void StreamReassembler::OnAcknowledged(SeqNum ack) {
  if (!started_) return;
  const int64_t offset = OffsetOf(ack);
  if (offset < 0 || offset - static_cast<int64_t>(next_) > kMaxAhead) return;
  acknowledged_ = std::max(acknowledged_, static_cast<uint64_t>(offset));
  while (!pieces_.empty() && acknowledged_ >= pieces_.begin()->first) SkipGap();
}

void StreamReassembler::Finish() {
  while (!pieces_.empty()) SkipGap();
  ForgetRecent(UINT64_MAX);
}

}  // namespace ddpsim
