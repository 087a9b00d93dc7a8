#include "ddpsim/wire/crc32c.h"

#include <isa-l/crc.h>

#include <algorithm>
#include <array>

namespace ddpsim {
namespace {

// The Castagnoli polynomial, bit-reflected (RFC 3720 section 12.1 gives 0x11EDC6F41).
constexpr uint32_t kPolynomial = 0x82f63b78;

// ISA-L takes the length as int.
constexpr size_t kMaxChunk = size_t{1} << 30;

// Product of two polynomials modulo the CRC's, bit-reflected: bit 31 is x^0.
constexpr uint32_t MultiplyMod(uint32_t a, uint32_t b) {
  uint32_t product = 0;
  for (uint32_t bit = 0x80000000; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) product ^= b;
    b = (b & 1) != 0 ? (b >> 1) ^ kPolynomial : b >> 1;
  }
  return product;
}

// Entry k is x^(8 * 2^k): the shift by 2^k bytes.
constexpr std::array<uint32_t, 64> MakeShifts() {
  std::array<uint32_t, 64> shifts{};
  uint32_t power = 0x00800000;  // x^8
  for (uint32_t& shift : shifts) {
    shift = power;
    power = MultiplyMod(power, power);
  }
  return shifts;
}

constexpr std::array<uint32_t, 64> kShifts = MakeShifts();

}  // namespace

uint32_t Crc32c(uint32_t crc, ByteSpan bytes) {
  // crc32_iscsi() works on the register itself: the inversions before and after are the caller's.
  uint32_t state = ~crc;
  while (!bytes.empty()) {
    const size_t n = std::min(bytes.size(), kMaxChunk);
    state = crc32_iscsi(const_cast<uint8_t*>(bytes.data()), static_cast<int>(n), state);
    bytes.remove_prefix(n);
  }
  return ~state;
}

uint32_t Crc32cCombine(uint32_t crc_a, uint32_t crc_b, uint64_t length_b) {
  for (int k = 0; length_b != 0; ++k, length_b >>= 1) {
    if ((length_b & 1) != 0) crc_a = MultiplyMod(kShifts[k], crc_a);
  }
  return crc_a ^ crc_b;
}

}  // namespace ddpsim
