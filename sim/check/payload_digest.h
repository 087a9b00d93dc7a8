// A 64-bit digest of a run of bytes, fed piece by piece: stands for bytes that are gone by the time
// they are compared. Built as XXH3 builds its accumulators (32 x 32 -> 64-bit products of the data
// mixed with a key that differs at each place), because it costs a load and a few instructions per
// vector. Invariants: how the bytes are cut into pieces does not show; a changed byte, or two runs
// that change places, show but for one chance in 2^64; not for adversaries.
#ifndef DDPSIM_SIM_CHECK_PAYLOAD_DIGEST_H_
#define DDPSIM_SIM_CHECK_PAYLOAD_DIGEST_H_

#include <cstdint>

#include "ddpsim/base/bytes.h"

namespace ddpsim {

class PayloadDigest {
 public:
  PayloadDigest();
  void Add(ByteSpan bytes);
  // REQUIRES: nothing is added afterwards.
  uint64_t Finish();

  static constexpr size_t kLanes = 8;
  static constexpr size_t kBlock = kLanes * 8;
  // Of one 64-bit word of each block.
  struct Lanes {
    uint64_t sum[kLanes];
    uint64_t key[kLanes];
  };

 private:
  Lanes lanes_;
  uint64_t size_ = 0;
  uint8_t partial_[kBlock];  // the last size_ % kBlock bytes
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_PAYLOAD_DIGEST_H_
