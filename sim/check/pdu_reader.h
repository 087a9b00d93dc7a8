// Reads NVMe/TCP PDU headers for the laws, so that none of them believes the NIC's own reading:
// type, HLEN constant per type and flags as negotiated (the magic pattern, ASPLOS'21 Table 3), the
// header digest, and lengths that can be true. What counts as possible is what the model's NIC is
// documented to take for possible (docs/laws.md); the code is another. Left out: speed. Invariant:
// reads no byte beyond those given.
#ifndef DDPSIM_SIM_CHECK_PDU_READER_H_
#define DDPSIM_SIM_CHECK_PDU_READER_H_

#include <cstdint>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ids.h"

namespace ddpsim {

// Where the parts of a PDU lie, from its first byte.
struct PduFacts {
  uint32_t size = 0;
  uint32_t header_size = 0;  // with its digest
  uint32_t data_at = 0;
  uint32_t data_size = 0;  // C2HData only
  uint32_t digest_size = 0;
  Ccid ccid = 0;
  uint32_t data_offset = 0;

  uint32_t data_end() const { return data_at + data_size; }
};

enum class HeaderReading : uint8_t {
  kNone,        // no header begins like this
  kIncomplete,  // fewer bytes than tell
  kSizes,       // size and header_size are known
  kWhole,       // all is known
};

class PduReader {
 public:
  static constexpr uint32_t kSizesKnown = 8;  // bytes of the common header

  PduReader() = default;
  PduReader(bool header_digest, bool data_digest, uint32_t longest)
      : header_digest_(header_digest), data_digest_(data_digest), longest_(longest) {}

  // What one who follows a stream from header to header makes of `bytes`.
  HeaderReading Read(ByteSpan bytes, PduFacts* facts) const;
  // What one who searches makes of them: kWhole when the pattern is there (without a header digest
  // the common header is all of it), kIncomplete or kNone.
  HeaderReading Match(ByteSpan bytes) const;
  bool data_digest() const { return data_digest_; }

 private:
  bool FlagsPossible(uint8_t type, uint8_t flags) const;
  bool SizesPossible(ByteSpan common, uint32_t header_size) const;
  // A data PDU without data: it may have a digest, of nothing, and its PDO means nothing.
  bool Empty(uint32_t plen, uint32_t header_size) const;
  bool DigestRight(ByteSpan header, uint32_t covered) const;

  bool header_digest_ = false;
  bool data_digest_ = false;
  uint32_t longest_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_PDU_READER_H_
