// What the hardware knows of NVMe/TCP: the magic pattern (type, HLEN constant per type, digest
// flags as negotiated, and the header digest when there is one: ASPLOS'21 Table 3) and how a header
// tells lengths, tag and place of the data. Which types ConnectX accepts is not published; all nine
// of Linux 6.1 nvme-tcp.h are taken. That PLEN must be possible (and agree with PDO and DATAL once
// the whole header is there) is this model's guess: without it random data would match more often
// and tie a context to bogus PDUs of up to 4 GiB. Another ULP is another PduFormat.
// Left out: semantic checks of a receiver (endpoints do these). Invariant: never reads beyond the
// bytes given.
#ifndef DDPSIM_NIC_PDU_FORMAT_H_
#define DDPSIM_NIC_PDU_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "ddpsim/base/ids.h"
#include "ddpsim/wire/nvme_tcp_layout.h"

namespace ddpsim {

// Where the parts of a PDU lie, from its first byte.
struct PduLayout {
  uint32_t pdu_size = 0;
  uint32_t header_size = 0;  // with its digest
  uint32_t data_at = 0;
  uint32_t data_size = 0;  // placeable data: C2HData only
  uint32_t digest_size = 0;
  Ccid ccid = 0;
  uint32_t data_offset = 0;  // of the data in the command's buffer

  uint32_t data_end() const { return data_at + data_size; }
  friend bool operator==(const PduLayout& a, const PduLayout& b) {
    return a.pdu_size == b.pdu_size && a.header_size == b.header_size && a.data_at == b.data_at &&
           a.data_size == b.data_size && a.digest_size == b.digest_size && a.ccid == b.ccid &&
           a.data_offset == b.data_offset;
  }
  template <typename H>
  friend H AbslHashValue(H h, const PduLayout& l) {
    return H::combine(std::move(h), l.pdu_size, l.header_size, l.data_at, l.data_size,
                      l.digest_size, l.ccid, l.data_offset);
  }
};

enum class PduMatch : uint8_t { kNo, kPartial, kYes };

class PduFormat {
 public:
  static constexpr uint32_t kCommonHeader = sizeof(PduCommonHeader);
  // The longest header that carries a digest: CapsuleCmd.
  static constexpr uint32_t kMaxHeader = sizeof(CapsuleCmdLayout) + kDigestSize;

  PduFormat() = default;
  PduFormat(bool header_digest, bool data_digest, uint32_t max_pdu_bytes)
      : header_digest_(header_digest), data_digest_(data_digest), max_pdu_bytes_(max_pdu_bytes) {}

  bool data_digest() const { return data_digest_; }
  // Does a PDU start at p? kPartial: the `available` bytes agree but are not enough to tell.
  PduMatch Match(const uint8_t* p, size_t available) const;
  // Sizes known from the first kCommonHeader bytes. False: no valid PDU.
  bool ParseCommonHeader(const uint8_t* p, PduLayout* layout) const;
  // The rest, from layout->header_size bytes (at most kMaxHeader are looked at). False: digest or
  // lengths are wrong.
  bool ParseHeader(const uint8_t* p, PduLayout* layout) const;

 private:
  bool FlagsPlausible(PduType type, uint8_t flags) const;
  bool LengthsPlausible(const PduCommonHeader& ch, uint32_t header_size) const;

  bool header_digest_ = false;
  bool data_digest_ = false;
  uint32_t max_pdu_bytes_ = 16 << 20;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_PDU_FORMAT_H_
