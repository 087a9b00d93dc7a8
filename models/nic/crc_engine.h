// Verifies data digests on the fly: runs CRC32C over the data of the current PDU for as long as
// every byte of it has passed in order. Independent of placement. Left out: header digests
// (hdgst_offload_en is always 0 in the mlx5 offload). Invariant: says kRight only if all data and
// digest bytes of the PDU passed through it, in order.
#ifndef DDPSIM_NIC_CRC_ENGINE_H_
#define DDPSIM_NIC_CRC_ENGINE_H_

#include <cstdint>
#include <utility>

#include "ddpsim/base/bytes.h"
#include "ddpsim/wire/crc32c.h"

namespace ddpsim {

enum class DigestCheck : uint8_t { kPending, kRight, kWrong, kUnknown };

class CrcEngine {
 public:
  // The next byte is the first data byte of a PDU.
  void StartPdu() { *this = CrcEngine(); }
  // Bytes of the PDU's data or digest were not seen.
  void Break() {
    *this = CrcEngine();
    covered_ = false;
  }
  bool covered() const { return covered_; }
  void OnData(ByteSpan bytes) {
    if (covered_) crc_ = Crc32c(crc_, bytes);
  }
  // Takes the next bytes of the digest field; the result comes with its last.
  DigestCheck OnDigest(ByteSpan bytes) {
    for (uint8_t byte : bytes) received_ |= uint32_t{byte} << (8 * received_bytes_++);
    if (!covered_) return DigestCheck::kUnknown;
    if (received_bytes_ < 4) return DigestCheck::kPending;
    return received_ == crc_ ? DigestCheck::kRight : DigestCheck::kWrong;
  }

  friend bool operator==(const CrcEngine& a, const CrcEngine& b) {
    return a.crc_ == b.crc_ && a.received_ == b.received_ &&
           a.received_bytes_ == b.received_bytes_ && a.covered_ == b.covered_;
  }
  template <typename H>
  friend H AbslHashValue(H h, const CrcEngine& c) {
    return H::combine(std::move(h), c.crc_, c.received_, c.received_bytes_, c.covered_);
  }

 private:
  uint32_t crc_ = 0;
  uint32_t received_ = 0;  // digest field so far, little-endian
  uint8_t received_bytes_ = 0;
  bool covered_ = true;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_CRC_ENGINE_H_
