#include "ddpsim/wire/checksum.h"

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ddpsim {
namespace {

uint16_t Fold(uint64_t s) {
  s = (s & 0xffffffff) + (s >> 32);
  s = (s & 0xffffffff) + (s >> 32);
  s = (s & 0xffff) + (s >> 16);
  s = (s & 0xffff) + (s >> 16);
  return static_cast<uint16_t>(s);
}

// Sums in 32-bit halves: 2^16 = 1 modulo 2^16 - 1, so wider words fold to the same sum, and 64 bits
// hold 2^32 of them.
template <bool kCopy>
uint64_t SumScalar(uint8_t* dst, const uint8_t* src, size_t n) {
  uint64_t low = 0;
  uint64_t high = 0;
  for (; n >= 8; n -= 8, src += 8) {
    const uint64_t w = LoadLe64(src);
    low += w & 0xffffffff;
    high += w >> 32;
    if constexpr (kCopy) {
      StoreLe64(dst, w);
      dst += 8;
    }
  }
  if (n > 0) {
    uint64_t w = 0;
    std::memcpy(&w, src, n);
    low += w & 0xffffffff;
    high += w >> 32;
    if constexpr (kCopy) std::memcpy(dst, src, n);
  }
  return low + high;
}

#if defined(__x86_64__)

// Words are made signed by flipping their top bit, because the only widening pairwise add,
// vpmaddwd, is signed; the bias is put back at the end. A lane moves by at most 2^16 per step, so a
// block of 2^14 steps cannot overflow its 32 bits.
constexpr size_t kStep = 64;
constexpr size_t kBlock = kStep << 14;

__attribute__((target("avx2"))) int64_t SumLanes(__m256i v) {
  alignas(32) int32_t lanes[8];
  _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), v);
  int64_t sum = 0;
  for (int32_t lane : lanes) sum += lane;
  return sum;
}

// REQUIRES: n is a multiple of kStep and at most kBlock.
template <bool kCopy>
__attribute__((target("avx2"))) uint64_t SumBlockAvx2(uint8_t* dst, const uint8_t* src, size_t n) {
  const __m256i bias = _mm256_set1_epi16(INT16_MIN);
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i a = _mm256_setzero_si256();
  __m256i b = _mm256_setzero_si256();
  for (size_t i = 0; i < n; i += kStep) {
    const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(src + i));
    const __m256i w = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(src + i + 32));
    if constexpr (kCopy) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(dst + i), v);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(dst + i + 32), w);
    }
    a = _mm256_add_epi32(a, _mm256_madd_epi16(_mm256_xor_si256(v, bias), ones));
    b = _mm256_add_epi32(b, _mm256_madd_epi16(_mm256_xor_si256(w, bias), ones));
  }
  return static_cast<uint64_t>(SumLanes(a) + SumLanes(b) + static_cast<int64_t>(n / 2) * 0x8000);
}

template <bool kCopy>
uint64_t SumAvx2(uint8_t* dst, const uint8_t* src, size_t n) {
  uint64_t sum = 0;
  while (n >= kStep) {
    const size_t block = n < kBlock ? n & ~(kStep - 1) : kBlock;
    sum += SumBlockAvx2<kCopy>(dst, src, block);
    src += block;
    if constexpr (kCopy) dst += block;
    n -= block;
  }
  return sum + SumScalar<kCopy>(dst, src, n);
}

const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;

template <bool kCopy>
uint64_t Sum(uint8_t* dst, const uint8_t* src, size_t n) {
  return kHasAvx2 && n >= kStep ? SumAvx2<kCopy>(dst, src, n) : SumScalar<kCopy>(dst, src, n);
}

#else

template <bool kCopy>
uint64_t Sum(uint8_t* dst, const uint8_t* src, size_t n) {
  return SumScalar<kCopy>(dst, src, n);
}

#endif

}  // namespace

uint16_t OnesSum(ByteSpan bytes) { return Fold(Sum<false>(nullptr, bytes.data(), bytes.size())); }

uint16_t CopyAndSum(uint8_t* dst, const uint8_t* src, size_t n) {
  return Fold(Sum<true>(dst, src, n));
}

}  // namespace ddpsim
