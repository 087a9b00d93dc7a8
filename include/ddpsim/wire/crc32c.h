// CRC32C (Castagnoli, RFC 3720 appendix B.4), the header and data digest of NVMe/TCP, by ISA-L.
// Left out: nothing. Invariants: Crc32c(0, {}) == 0; Crc32c(Crc32c(0, a), b) == Crc32c(0, a + b);
// on the wire a digest is stored little-endian (StoreLe32).
#ifndef DDPSIM_WIRE_CRC32C_H_
#define DDPSIM_WIRE_CRC32C_H_

#include <cstdint>

#include "ddpsim/base/bytes.h"

namespace ddpsim {

// Continues `crc`, the CRC32C of the bytes before (0 when there are none).
uint32_t Crc32c(uint32_t crc, ByteSpan bytes);
// CRC32C of A + B from that of A, that of B and B's length, in a few ns however long B is.
uint32_t Crc32cCombine(uint32_t crc_a, uint32_t crc_b, uint64_t length_b);

}  // namespace ddpsim

#endif  // DDPSIM_WIRE_CRC32C_H_
