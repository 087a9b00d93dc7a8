// The Internet checksum (RFC 1071): ones'-complement sum of 16-bit words, vectorised where the
// machine can. Sums are kept in the machine's byte order, which RFC 1071 section 2(B) allows: what
// is added and what is stored must only agree. A run that starts at an odd offset of the summed
// data has its bytes swapped first. Invariant: a sum is 0 only if every byte was 0, whichever code
// path computed it.
#ifndef DDPSIM_WIRE_CHECKSUM_H_
#define DDPSIM_WIRE_CHECKSUM_H_

#include <cstddef>
#include <cstdint>

#include "ddpsim/base/bytes.h"

namespace ddpsim {

// Folded sum of the bytes as little-endian words; an odd last byte counts as the low half of a
// word.
uint16_t OnesSum(ByteSpan bytes);
// Copies `n` bytes and returns their OnesSum(), touching them once. REQUIRES: the ranges do not
// overlap.
uint16_t CopyAndSum(uint8_t* dst, const uint8_t* src, size_t n);

// Sums up the parts of one packet. Add() in any order of parts whose offsets have the stated
// parity.
class InternetChecksum {
 public:
  // Starts from sums taken before (unfolded is fine).
  explicit InternetChecksum(uint64_t sum = 0) : sum_(sum) {}
  // Adds a part that starts `offset` bytes into the summed data.
  void AddSum(uint16_t sum, size_t offset) {
    sum_ += (offset & 1) != 0 ? __builtin_bswap16(sum) : sum;
  }
  void Add(ByteSpan bytes, size_t offset) { AddSum(OnesSum(bytes), offset); }
  // Adds a field in host order as the network would see it; at an even offset.
  void AddField16(uint16_t value) { sum_ += __builtin_bswap16(value); }
  void AddField32(uint32_t value) {
    AddField16(static_cast<uint16_t>(value >> 16));
    AddField16(static_cast<uint16_t>(value));
  }

  // The checksum to write with StoreBe16(). Over data with a right checksum field in it this is 0.
  uint16_t Finish() const {
    uint64_t s = (sum_ & 0xffff) + (sum_ >> 16);
    s = (s & 0xffff) + (s >> 16);
    s = (s & 0xffff) + (s >> 16);
    return __builtin_bswap16(static_cast<uint16_t>(~s));
  }

 private:
  uint64_t sum_;  // holds 2^16 parts and more without folding
};

}  // namespace ddpsim

#endif  // DDPSIM_WIRE_CHECKSUM_H_
