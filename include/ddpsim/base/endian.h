// Integers stored in big-endian byte order inside packed hardware structures (WQE, CQE): the layout
// is the type.
#ifndef DDPSIM_BASE_ENDIAN_H_
#define DDPSIM_BASE_ENDIAN_H_

#include <cstdint>

namespace ddpsim {

template <class T, T (*Swap)(T)>
class BigEndian {
 public:
  BigEndian() = default;
  // Implicit both ways: reads like the integer it stores.
  BigEndian(T v) : raw_(Swap(v)) {}          // NOLINT(google-explicit-constructor)
  operator T() const { return Swap(raw_); }  // NOLINT(google-explicit-constructor)

 private:
  T raw_ = 0;
} __attribute__((packed));

inline uint16_t Swap16(uint16_t v) { return __builtin_bswap16(v); }
inline uint32_t Swap32(uint32_t v) { return __builtin_bswap32(v); }
inline uint64_t Swap64(uint64_t v) { return __builtin_bswap64(v); }

using Be16 = BigEndian<uint16_t, Swap16>;
using Be32 = BigEndian<uint32_t, Swap32>;
using Be64 = BigEndian<uint64_t, Swap64>;
static_assert(sizeof(Be16) == 2 && sizeof(Be32) == 4 && sizeof(Be64) == 8 && alignof(Be64) == 1);

}  // namespace ddpsim

#endif  // DDPSIM_BASE_ENDIAN_H_
