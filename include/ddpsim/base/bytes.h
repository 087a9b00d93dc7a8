// Byte views and unaligned loads/stores in network (Be) and NVMe (Le) byte order.
#ifndef DDPSIM_BASE_BYTES_H_
#define DDPSIM_BASE_BYTES_H_

#include <cstdint>
#include <cstring>

#include "absl/types/span.h"

namespace ddpsim {

using ByteSpan = absl::Span<const uint8_t>;
using MutableByteSpan = absl::Span<uint8_t>;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "loads below assume a little-endian host");

inline uint8_t Load8(const uint8_t* p) { return *p; }
inline uint16_t LoadLe16(const uint8_t* p) {
  uint16_t v;
  std::memcpy(&v, p, 2);
  return v;
}
inline uint32_t LoadLe32(const uint8_t* p) {
  uint32_t v;
  std::memcpy(&v, p, 4);
  return v;
}
inline uint64_t LoadLe64(const uint8_t* p) {
  uint64_t v;
  std::memcpy(&v, p, 8);
  return v;
}
inline uint16_t LoadBe16(const uint8_t* p) { return __builtin_bswap16(LoadLe16(p)); }
inline uint32_t LoadBe32(const uint8_t* p) { return __builtin_bswap32(LoadLe32(p)); }
inline uint64_t LoadBe64(const uint8_t* p) { return __builtin_bswap64(LoadLe64(p)); }
inline void StoreLe16(uint8_t* p, uint16_t v) { std::memcpy(p, &v, 2); }
inline void StoreLe32(uint8_t* p, uint32_t v) { std::memcpy(p, &v, 4); }
inline void StoreLe64(uint8_t* p, uint64_t v) { std::memcpy(p, &v, 8); }
inline void StoreBe16(uint8_t* p, uint16_t v) { StoreLe16(p, __builtin_bswap16(v)); }
inline void StoreBe32(uint8_t* p, uint32_t v) { StoreLe32(p, __builtin_bswap32(v)); }
inline void StoreBe64(uint8_t* p, uint64_t v) { StoreLe64(p, __builtin_bswap64(v)); }

}  // namespace ddpsim

#endif  // DDPSIM_BASE_BYTES_H_
