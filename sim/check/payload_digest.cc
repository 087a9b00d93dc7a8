#include "sim/check/payload_digest.h"

#include <algorithm>
#include <cstring>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "ddpsim/base/mix64.h"

namespace ddpsim {
namespace {

using Lanes = PayloadDigest::Lanes;
constexpr size_t kLanes = PayloadDigest::kLanes;
constexpr size_t kBlock = PayloadDigest::kBlock;

// Keys advance as a Weyl sequence: the golden ratio in 64 bits.
constexpr uint64_t kStep = 0x9e3779b97f4a7c15;

uint64_t FoldedProduct(uint64_t a, uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

constexpr Lanes MakeStart() {
  Lanes start{};
  for (size_t i = 0; i < kLanes; ++i) start.key[i] = Mix64((i + 1) * kStep);
  return start;
}
constexpr Lanes kStart = MakeStart();

// The word itself goes to the neighbour's sum, so that it shows even where the other factor is 0.
void AddBlocksScalar(Lanes* lanes, const uint8_t* p, size_t blocks) {
  for (; blocks > 0; --blocks, p += kBlock) {
    for (size_t i = 0; i < kLanes; ++i) {
      const uint64_t word = LoadLe64(p + 8 * i);
      const uint64_t mixed = word ^ lanes->key[i];
      lanes->sum[i] += (mixed & 0xffffffff) * (mixed >> 32);
      lanes->sum[i ^ 1] += word;
      lanes->key[i] += kStep;
    }
  }
}

#if defined(__x86_64__)
#define DDPSIM_AVX2 __attribute__((target("avx2")))

DDPSIM_AVX2 inline __m256i Load(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

DDPSIM_AVX2 inline void AddVector(__m256i words, __m256i key, __m256i* sum) {
  const __m256i mixed = _mm256_xor_si256(words, key);
  *sum = _mm256_add_epi64(*sum, _mm256_mul_epu32(mixed, _mm256_srli_epi64(mixed, 32)));
  *sum = _mm256_add_epi64(*sum, _mm256_shuffle_epi32(words, 0x4e));
}

// The same sums, four lanes at a time.
DDPSIM_AVX2 void AddBlocksAvx2(Lanes* lanes, const uint8_t* p, size_t blocks) {
  const __m256i step = _mm256_set1_epi64x(static_cast<int64_t>(kStep));
  __m256i sum_a = Load(lanes->sum);
  __m256i sum_b = Load(lanes->sum + 4);
  __m256i key_a = Load(lanes->key);
  __m256i key_b = Load(lanes->key + 4);
  for (; blocks > 0; --blocks, p += kBlock) {
    AddVector(Load(p), key_a, &sum_a);
    AddVector(Load(p + 32), key_b, &sum_b);
    key_a = _mm256_add_epi64(key_a, step);
    key_b = _mm256_add_epi64(key_b, step);
  }
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes->sum), sum_a);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes->sum + 4), sum_b);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes->key), key_a);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes->key + 4), key_b);
}

const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;

void AddBlocks(Lanes* lanes, const uint8_t* p, size_t blocks) {
  kHasAvx2 ? AddBlocksAvx2(lanes, p, blocks) : AddBlocksScalar(lanes, p, blocks);
}
#else
void AddBlocks(Lanes* lanes, const uint8_t* p, size_t blocks) { AddBlocksScalar(lanes, p, blocks); }
#endif

}  // namespace

PayloadDigest::PayloadDigest() : lanes_(kStart) {}

void PayloadDigest::Add(ByteSpan bytes) {
  if (bytes.empty()) return;
  const size_t have = size_ % kBlock;
  size_ += bytes.size();
  if (have > 0) {
    const size_t take = std::min(kBlock - have, bytes.size());
    std::memcpy(partial_ + have, bytes.data(), take);
    if (have + take < kBlock) return;
    AddBlocks(&lanes_, partial_, 1);
    bytes.remove_prefix(take);
  }
  const size_t blocks = bytes.size() / kBlock;
  AddBlocks(&lanes_, bytes.data(), blocks);
  bytes.remove_prefix(blocks * kBlock);
  if (!bytes.empty()) std::memcpy(partial_, bytes.data(), bytes.size());
}

uint64_t PayloadDigest::Finish() {
  if (const size_t have = size_ % kBlock; have > 0) {
    std::memset(partial_ + have, 0, kBlock - have);
    AddBlocks(&lanes_, partial_, 1);
  }
  uint64_t digest = size_;
  for (size_t i = 0; i < kLanes; i += 2) {
    digest += FoldedProduct(lanes_.sum[i] ^ kStart.key[i], lanes_.sum[i + 1] ^ kStart.key[i + 1]);
  }
  return Mix64(digest);
}

}  // namespace ddpsim
