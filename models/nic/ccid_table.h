// The tag buffer table of one queue: command identifier -> mkey -> KLM list, which names the host
// memory of each byte of the command's buffer. Mirrors general object 0x21 and the KLM mkeys of the
// mlx5 offload. Left out: protection domains, keys of the KLM entries. Invariants: (1) Resolve()
// says yes only for a range that lies wholly in KLM entries written since the mkey was last
// activated and below its length; (2) the generation grows at each activation, so that an old
// mapping of a reused ccid is never taken for the new one.
#ifndef DDPSIM_NIC_CCID_TABLE_H_
#define DDPSIM_NIC_CCID_TABLE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "ddpsim/base/ids.h"

namespace ddpsim {

struct Klm {
  PhysAddr addr = 0;
  uint32_t bytes = 0;
};

struct DmaPiece {
  PhysAddr addr = 0;
  uint32_t bytes = 0;
};

class Mkey {
 public:
  explicit Mkey(uint32_t max_klms) : max_klms_(max_klms) {}

  // Where it is bound, for observers.
  uint32_t tag_table = 0;
  Ccid ccid = 0;

  // A UMR that clears the free bit and carries entries [offset, offset + klms.size()). Offset 0
  // starts a new mapping. False: the entries do not fit the mkey or leave a gap.
  bool Map(uint64_t length, uint32_t offset, absl::Span<const Klm> klms);
  // A UMR that sets the free bit.
  void Invalidate() { free_ = true; }

  bool free() const { return free_; }
  uint64_t length() const { return length_; }
  uint32_t generation() const { return generation_; }
  // Bytes from the start of the buffer that entries have been written for.
  uint64_t mapped_bytes() const { return ends_.empty() ? 0 : ends_.back(); }
  // Appends the host ranges of [offset, offset + bytes). REQUIRES: !free() and the range is within
  // length and mapped_bytes().
  void Translate(uint64_t offset, uint32_t bytes, std::vector<DmaPiece>* pieces);

 private:
  uint32_t max_klms_;
  bool free_ = true;
  uint64_t length_ = 0;
  uint32_t generation_ = 0;
  std::vector<Klm> klms_;
  std::vector<uint64_t> ends_;  // ends_[i]: buffer offset after klms_[i]
  size_t hint_ = 0;             // entry the last translation ended in: placements mostly advance
};

enum class Resolution : uint8_t { kOk, kNotMapped, kOutOfBounds };

class TagBufferTable {
 public:
  explicit TagBufferTable(uint32_t log_entries) : entries_(size_t{1} << log_entries) {}

  // The entry exists and nothing is bound to it.
  bool Free(uint32_t ccid) const { return ccid < entries_.size() && entries_[ccid] == nullptr; }
  // REQUIRES: Free(ccid).
  void Bind(uint32_t ccid, uint32_t mkey_number, Mkey* mkey) {
    entries_[ccid] = mkey;
    mkeys_.push_back(mkey_number);
  }
  const std::vector<uint32_t>& mkeys() const { return mkeys_; }
  // Null when no mkey is bound.
  Mkey* Find(uint32_t ccid) const { return ccid < entries_.size() ? entries_[ccid] : nullptr; }
  // Whether [ccoff, ccoff + bytes) of the command's buffer is mapped now. On kOk `mkey` is set.
  Resolution Resolve(uint32_t ccid, uint64_t ccoff, uint32_t bytes, Mkey** mkey) const;

  uint32_t users = 0;  // TIRs

 private:
  std::vector<Mkey*> entries_;
  std::vector<uint32_t> mkeys_;  // numbers of all that are bound
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_CCID_TABLE_H_
