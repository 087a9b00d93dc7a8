#include "ddpsim/net/content.h"

#include <algorithm>
#include <cstring>

#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/nvme_tcp_layout.h"

namespace ddpsim {
namespace {

// Weyl sequence: the golden ratio in 64 bits, odd, so that index -> index * kStep is a bijection
// (Knuth, TAOCP 6.4).
constexpr uint64_t kStep = 0x9e3779b97f4a7c15;
// Any odd step of its own keeps noise apart from the pattern.
constexpr uint64_t kNoiseStep = 0xd1342543de82ef95;

constexpr size_t kBlockWords = 64;

// Xorshifts are bijections; shifts and xors only, because SSE and AVX2 have no 64-bit multiply.
inline uint64_t MixPattern(uint64_t x) {
  x ^= x >> 32;
  return x ^ x << 17;
}

inline uint64_t MixNoise(uint64_t x) {
  x ^= x >> 29;
  x += x << 21;
  x ^= x >> 37;
  x += x << 13;
  return x ^ x >> 31;
}

struct Pattern {
  static constexpr uint64_t kAdvance = kStep;
  static uint64_t Mix(uint64_t x) { return MixPattern(x); }
};

struct Noise {
  static constexpr uint64_t kAdvance = kNoiseStep;
  static uint64_t Mix(uint64_t x) { return MixNoise(x); }
};

template <class Kind>
inline __attribute__((always_inline)) void FillLoop(uint64_t x, size_t words, uint8_t* out) {
  for (size_t i = 0; i < words; ++i, x += Kind::kAdvance) {
    const uint64_t word = Kind::Mix(x);
    std::memcpy(out + i * 8, &word, 8);
  }
}

// Or of all differences, block by block, so that a wrong byte ends it early.
template <class Kind>
inline __attribute__((always_inline)) bool EqualLoop(uint64_t x, size_t words, const uint8_t* got) {
  while (words > 0) {
    const size_t n = std::min(words, kBlockWords);
    uint64_t difference = 0;
    for (size_t i = 0; i < n; ++i, x += Kind::kAdvance) {
      uint64_t word;
      std::memcpy(&word, got + i * 8, 8);
      difference |= word ^ Kind::Mix(x);
    }
    if (difference != 0) return false;
    got += n * 8;
    words -= n;
  }
  return true;
}

// The same loops compiled for AVX2; which one runs never changes the bytes.
#if defined(__x86_64__)
#define DDPSIM_AVX2 __attribute__((target("avx2")))
bool HasAvx2() {
  static const bool has = __builtin_cpu_supports("avx2");
  return has;
}
#else
#define DDPSIM_AVX2
bool HasAvx2() { return false; }
#endif

template <class Kind>
DDPSIM_AVX2 void FillAvx2(uint64_t x, size_t words, uint8_t* out) {
  FillLoop<Kind>(x, words, out);
}
template <class Kind>
DDPSIM_AVX2 bool EqualAvx2(uint64_t x, size_t words, const uint8_t* got) {
  return EqualLoop<Kind>(x, words, got);
}

template <class Kind>
void FillBest(uint64_t x, size_t words, uint8_t* out) {
  HasAvx2() ? FillAvx2<Kind>(x, words, out) : FillLoop<Kind>(x, words, out);
}
template <class Kind>
bool EqualBest(uint64_t x, size_t words, const uint8_t* got) {
  return HasAvx2() ? EqualAvx2<Kind>(x, words, got) : EqualLoop<Kind>(x, words, got);
}

bool AllZero(ByteSpan bytes) {
  return bytes.empty() ||
         (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace

Content::Content(ContentKind kind, uint64_t seed, bool header_digest, bool data_digest)
    : kind_(kind),
      header_digest_(header_digest),
      data_digest_(data_digest),
      base_(MixNoise(seed + kStep)),
      record_size_(sizeof(DataPduLayout) + 4 + (header_digest ? kDigestSize : 0) +
                   (data_digest ? kDigestSize : 0)) {}

uint64_t Content::Word(uint64_t index) const {
  return kind_ == ContentKind::kPattern ? MixPattern(base_ + index * kStep)
                                        : MixNoise(base_ + index * kNoiseStep);
}

void Content::FillWords(uint64_t index, size_t words, uint8_t* out) const {
  kind_ == ContentKind::kPattern ? FillBest<Pattern>(base_ + index * kStep, words, out)
                                 : FillBest<Noise>(base_ + index * kNoiseStep, words, out);
}

bool Content::EqualWords(uint64_t index, size_t words, const uint8_t* got) const {
  return kind_ == ContentKind::kPattern ? EqualBest<Pattern>(base_ + index * kStep, words, got)
                                        : EqualBest<Noise>(base_ + index * kNoiseStep, words, got);
}

void Content::EmitRecord(uint64_t number, uint8_t* out) const {
  DataPduLayout pdu;
  pdu.ch.type = static_cast<uint8_t>(PduType::kC2HData);
  pdu.ch.flags = static_cast<uint8_t>(kPduLast | (header_digest_ ? kPduHdgst : 0) |
                                      (data_digest_ ? kPduDdgst : 0));
  pdu.ch.hlen = sizeof(pdu);
  pdu.ch.pdo = static_cast<uint8_t>(sizeof(pdu) + (header_digest_ ? kDigestSize : 0));
  pdu.ch.plen = record_size_;
  pdu.cccid = static_cast<uint16_t>(
      number % 128);  // tags of a default queue (NVMF_DEF_QUEUE_SIZE): likely in use
  pdu.datal = 4;
  std::memcpy(out, &pdu, sizeof(pdu));
  if (header_digest_) StoreLe32(out + sizeof(pdu), Crc32c(0, ByteSpan(out, sizeof(pdu))));
  uint8_t* data = out + pdu.ch.pdo;
  StoreLe32(data, static_cast<uint32_t>(MixPattern(base_ + number * kStep)));
  if (data_digest_) StoreLe32(data + 4, Crc32c(0, ByteSpan(data, 4)));
}

void Content::FillRecords(uint64_t offset, MutableByteSpan out) const {
  uint64_t number = offset / record_size_;
  size_t skip = offset % record_size_;
  size_t done = 0;
  while (done < out.size()) {
    uint8_t record[kMaxRecord];
    EmitRecord(number++, record);
    const size_t take = std::min<size_t>(record_size_ - skip, out.size() - done);
    std::memcpy(out.data() + done, record + skip, take);
    done += take;
    skip = 0;
  }
}

void Content::Fill(uint64_t device_offset, MutableByteSpan out) const {
  if (out.empty()) return;
  if (kind_ == ContentKind::kZero) {
    std::memset(out.data(), 0, out.size());
    return;
  }
  if (kind_ == ContentKind::kFakeHeaders) return FillRecords(device_offset, out);
  uint64_t index = device_offset / 8;
  if (const size_t skip = device_offset % 8; skip != 0) {
    const uint64_t word = Word(index++);
    const size_t take = std::min(8 - skip, out.size());
    std::memcpy(out.data(), reinterpret_cast<const uint8_t*>(&word) + skip, take);
    out.remove_prefix(take);
  }
  const size_t words = out.size() / 8;
  FillWords(index, words, out.data());
  if (const size_t rest = out.size() % 8; rest != 0) {
    const uint64_t word = Word(index + words);
    std::memcpy(out.data() + words * 8, &word, rest);
  }
}

bool Content::Equals(uint64_t device_offset, ByteSpan got, size_t* first_bad) const {
  const bool words = kind_ == ContentKind::kPattern || kind_ == ContentKind::kRandom;
  if (words && device_offset % 8 == 0 && got.size() % 8 == 0) {
    if (EqualWords(device_offset / 8, got.size() / 8, got.data())) return true;
  } else if (kind_ == ContentKind::kZero && AllZero(got)) {
    return true;
  }
  uint8_t expected[512];
  for (size_t done = 0; done < got.size(); done += sizeof(expected)) {
    const size_t n = std::min(sizeof(expected), got.size() - done);
    Fill(device_offset + done, MutableByteSpan(expected, n));
    if (std::memcmp(expected, got.data() + done, n) == 0) continue;
    size_t at = 0;
    while (expected[at] == got[done + at]) ++at;
    if (first_bad != nullptr) *first_bad = done + at;
    return false;
  }
  return true;
}

}  // namespace ddpsim
