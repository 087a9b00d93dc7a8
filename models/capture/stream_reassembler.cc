#include "models/capture/stream_reassembler.h"

#include <algorithm>
#include <utility>

namespace ddpsim {
namespace {

// Nothing this far ahead can be of the connection: windows end at 1 GiB (RFC 7323 section 2.3).
constexpr int64_t kMaxAhead = int64_t{1} << 30;
// What a piece costs beyond its bytes.
constexpr uint64_t kPieceOverhead = 64;

}  // namespace

void StreamReassembler::Start(SeqNum first) {
  if (started_) return;
  started_ = true;
  first_ = first;
}

void StreamReassembler::Add(SeqNum seq, ByteSpan bytes, uint32_t size) {
  if (size == 0) return;
  Start(seq);
  const int64_t begin = OffsetOf(seq);
  const int64_t end = begin + size;
  if (begin - static_cast<int64_t>(next_) > kMaxAhead || end <= static_cast<int64_t>(next_)) return;
  if (begin <= static_cast<int64_t>(next_)) {
    const auto old = static_cast<uint32_t>(static_cast<int64_t>(next_) - begin);
    Deliver(bytes.empty() ? bytes : bytes.subspan(old), size - old);
    Drain();
    return;
  }
  Keep(static_cast<uint64_t>(begin), bytes, size);
  while (!pieces_.empty() &&
         (waiting_ > kMaxWaiting || *budget_ < 0 || acknowledged_ >= pieces_.begin()->first)) {
    SkipGap();
  }
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

void StreamReassembler::Keep(uint64_t offset, ByteSpan bytes, uint32_t size) {
  Piece& piece = pieces_[offset];
  if (piece.size >= size) return;
  const uint64_t more = bytes.size() - piece.bytes.size() + (piece.size == 0 ? kPieceOverhead : 0);
  piece.size = size;
  piece.bytes.assign(bytes.begin(), bytes.end());
  waiting_ += more;
  *budget_ -= static_cast<int64_t>(more);
}

void StreamReassembler::Drain() {
  while (!pieces_.empty() && pieces_.begin()->first <= next_) {
    const uint64_t begin = pieces_.begin()->first;
    const Piece piece = std::move(pieces_.begin()->second);
    pieces_.erase(pieces_.begin());
    waiting_ -= piece.bytes.size() + kPieceOverhead;
    *budget_ += static_cast<int64_t>(piece.bytes.size() + kPieceOverhead);
    if (begin + piece.size <= next_) continue;
    const auto old = static_cast<uint32_t>(next_ - begin);
    const ByteSpan bytes(piece.bytes);
    Deliver(bytes.empty() ? bytes : bytes.subspan(old), piece.size - old);
  }
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
}

}  // namespace ddpsim
