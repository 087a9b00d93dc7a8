// A place in an skb's payload that only moves on: the walk of skb_copy_bits() and
// skb_copy_datagram_iter() without starting over at the first frag for each PDU. Invariant: left()
// bytes lie ahead; nothing is allocated.
#ifndef DDPSIM_MODELS_NVME_HOST_SKB_CURSOR_H_
#define DDPSIM_MODELS_NVME_HOST_SKB_CURSOR_H_

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "ddpsim/net/skb.h"

namespace ddpsim {

class SkbCursor {
 public:
  explicit SkbCursor(const Skb& skb) : skb_(skb), left_(skb.size) {}

  uint32_t left() const { return left_; }
  SeqNum seq() const { return skb_.seq + (skb_.size - left_); }
  bool ulp_crc() const { return skb_.ulp_crc; }

  // The contiguous bytes ahead, at most `max` of them, and moves behind them. REQUIRES: 0 < max <=
  // left().
  ByteSpan Take(uint32_t max) {
    const Payload* frag = &skb_.frags[frag_];
    while (offset_ == frag->size) {
      frag = &skb_.frags[++frag_];
      offset_ = 0;
    }
    const uint32_t n = std::min(max, frag->size - offset_);
    const ByteSpan piece(frag->data + offset_, n);
    offset_ += n;
    left_ -= n;
    return piece;
  }
  // REQUIRES: n <= left().
  void Copy(uint8_t* out, uint32_t n) {
    while (n > 0) {
      const ByteSpan piece = Take(n);
      std::memcpy(out, piece.data(), piece.size());
      out += piece.size();
      n -= static_cast<uint32_t>(piece.size());
    }
  }
  void Skip(uint32_t n) {
    while (n > 0) n -= static_cast<uint32_t>(Take(n).size());
  }

 private:
  const Skb& skb_;
  uint32_t left_;
  size_t frag_ = 0;
  uint32_t offset_ = 0;  // in frag_
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_SKB_CURSOR_H_
