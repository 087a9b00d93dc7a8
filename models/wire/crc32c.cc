#include "ddpsim/wire/crc32c.h"

#include <isa-l/crc.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

// Entry [k][i] is x^(8 * i * 256^k): the shift by that many bytes, one table per byte of a length.
using ShiftTables = std::array<std::array<uint32_t, 256>, 8>;

constexpr ShiftTables MakeShiftTables() {
  ShiftTables tables{};
  uint32_t step = 0x00800000;  // x^8
  for (std::array<uint32_t, 256>& table : tables) {
    table[0] = 0x80000000;  // x^0
    for (size_t i = 1; i < table.size(); ++i) table[i] = MultiplyMod(table[i - 1], step);
    step = MultiplyMod(table[255], step);
  }
  return tables;
}

constexpr ShiftTables kShifts = MakeShiftTables();

template <uint32_t (*kMultiply)(uint32_t, uint32_t)>
uint32_t Shift(uint32_t crc, uint64_t length) {
  for (size_t k = 0; length != 0; ++k, length >>= 8) {
    if ((length & 0xff) != 0) crc = kMultiply(crc, kShifts[k][length & 0xff]);
  }
  return crc;
}

#if defined(__x86_64__)
// MultiplyMod() in hardware. The carry-less product of two reflected words, moved up by one, is the
// reflected 64-bit product; its lower half stands for powers from x^32 on, and the CRC instruction
// multiplies by x^32 and reduces.
__attribute__((target("pclmul,sse4.2"))) uint32_t MultiplyModFast(uint32_t a, uint32_t b) {
  const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi32_si128(static_cast<int>(a)),
                                               _mm_cvtsi32_si128(static_cast<int>(b)), 0);
  const uint64_t p = static_cast<uint64_t>(_mm_cvtsi128_si64(product)) << 1;
  return static_cast<uint32_t>(p >> 32) ^ _mm_crc32_u32(0, static_cast<uint32_t>(p));
}

const bool kHasClmul =
    __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.2") != 0;
#endif

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
#if defined(__x86_64__)
  if (kHasClmul) return Shift<MultiplyModFast>(crc_a, length_b) ^ crc_b;
#endif
  return Shift<MultiplyMod>(crc_a, length_b) ^ crc_b;
}

}  // namespace ddpsim
