#include "models/nic/rss.h"

namespace ddpsim {
namespace {

// Microsoft, "Verifying the RSS hash calculation".
constexpr std::array<uint8_t, ToeplitzHash::kKeySize> kVerificationKey = {
    0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
    0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
    0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa};

// The 32 key bits that start `bit` bits into the key.
uint32_t KeyWindow(const std::array<uint8_t, ToeplitzHash::kKeySize>& key, size_t bit) {
  uint64_t window = 0;
  for (size_t i = 0; i < 5; ++i) window = window << 8 | key[bit / 8 + i];
  return static_cast<uint32_t>(window >> (8 - bit % 8));
}

}  // namespace

ToeplitzHash::ToeplitzHash() : ToeplitzHash(kVerificationKey) {}

ToeplitzHash::ToeplitzHash(const std::array<uint8_t, kKeySize>& key) {
  for (size_t byte = 0; byte < kInputSize; ++byte) {
    for (uint32_t value = 0; value < 256; ++value) {
      uint32_t sum = 0;
      for (size_t bit = 0; bit < 8; ++bit) {
        if ((value & (0x80u >> bit)) != 0) sum ^= KeyWindow(key, byte * 8 + bit);
      }
      table_[byte][value] = sum;
    }
  }
}

uint32_t ToeplitzHash::Hash(const FourTuple& t) const {
  uint8_t input[kInputSize];
  StoreBe32(input, t.source_ip);
  StoreBe32(input + 4, t.destination_ip);
  StoreBe16(input + 8, t.source_port);
  StoreBe16(input + 10, t.destination_port);
  uint32_t hash = 0;
  for (size_t i = 0; i < kInputSize; ++i) hash ^= table_[i][input[i]];
  return hash;
}

}  // namespace ddpsim
