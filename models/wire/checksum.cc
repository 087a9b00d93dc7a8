#include "ddpsim/wire/checksum.h"

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
  // No memcpy() of a variable size here: it would be a call.
  if ((n & 4) != 0) {
    const uint32_t w = LoadLe32(src);
    low += w;
    src += 4;
    if constexpr (kCopy) {
      StoreLe32(dst, w);
      dst += 4;
    }
  }
  if ((n & 2) != 0) {
    const uint16_t w = LoadLe16(src);
    low += w;
    src += 2;
    if constexpr (kCopy) {
      StoreLe16(dst, w);
      dst += 2;
    }
  }
  if ((n & 1) != 0) {
    low += *src;
    if constexpr (kCopy) *dst = *src;
  }
  return low + high;
}

#if defined(__x86_64__)

// Words are made signed by flipping their top bit, because the only widening pairwise add,
// vpmaddwd, is signed; the bias is put back at the end. Both accumulators together move a lane by
// at most 2^17 per step, so 2^10 steps keep even the sum of all 8 lanes within 32 bits.
constexpr size_t kStep = 64;
constexpr size_t kBlock = kStep << 10;

__attribute__((target("avx2"))) int32_t SumLanes(__m256i v) {
  __m128i s = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
  return _mm_cvtsi128_si32(s);
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
  const int64_t sum = SumLanes(_mm256_add_epi32(a, b));
  return static_cast<uint64_t>(sum + static_cast<int64_t>(n / 2) * 0x8000);
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
