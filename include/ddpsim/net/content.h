// What the disk holds: a pure function of the place on it, so that the target can make any byte and
// the host can judge it without either keeping a copy. `pattern`: each 8-byte LE word is a
// bijection of its index, so a word names its own place and a misplaced word shows; `fake_headers`:
// valid-looking C2HData PDUs of 4 data bytes that chain from offset 0 (36 bytes each with both
// digests), with CCIDs that are in use, to lure a NIC that searches; `random`: noise; `zero`.
// Invariants: Fill() at any offset and length yields the same bytes as one Fill() of the whole
// disk; nothing is remembered.
#ifndef DDPSIM_NET_CONTENT_H_
#define DDPSIM_NET_CONTENT_H_

#include <cstddef>
#include <cstdint>

#include "ddpsim/base/bytes.h"

namespace ddpsim {

enum class ContentKind : uint8_t { kPattern, kFakeHeaders, kRandom, kZero };

class Content {
 public:
  // The digests are those of the I/O queues: fake headers carry what a real one would.
  Content(ContentKind kind, uint64_t seed, bool header_digest, bool data_digest);

  void Fill(uint64_t device_offset, MutableByteSpan out) const;
  // Whether `got` is what the disk holds from `device_offset` on; if not, *first_bad (when given)
  // is the index in `got` of the first byte that differs.
  bool Equals(uint64_t device_offset, ByteSpan got, size_t* first_bad) const;
  ContentKind kind() const { return kind_; }

 private:
  static constexpr uint32_t kMaxRecord = 36;

  uint64_t Word(uint64_t index) const;
  // Whole words [index, index + words).
  void FillWords(uint64_t index, size_t words, uint8_t* out) const;
  bool EqualWords(uint64_t index, size_t words, const uint8_t* got) const;
  void FillRecords(uint64_t offset, MutableByteSpan out) const;
  void EmitRecord(uint64_t number, uint8_t* out) const;

  ContentKind kind_;
  bool header_digest_;
  bool data_digest_;
  uint64_t base_;         // word 0 before mixing
  uint32_t record_size_;  // of fake headers
};

}  // namespace ddpsim

#endif  // DDPSIM_NET_CONTENT_H_
