#include "ddpsim/wire/crc32c.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "ddpsim/base/rng.h"

namespace ddpsim {
namespace {

// The definition, bit by bit (RFC 3720 section 12.1, reflected).
uint32_t BitwiseCrc32c(ByteSpan bytes) {
  uint32_t state = 0xffffffff;
  for (uint8_t byte : bytes) {
    state ^= byte;
    for (int bit = 0; bit < 8; ++bit) {
      state = (state & 1) != 0 ? (state >> 1) ^ 0x82f63b78 : state >> 1;
    }
  }
  return ~state;
}

std::vector<uint8_t> RandomBytes(Rng* rng, size_t n) {
  std::vector<uint8_t> bytes(n);
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(rng->U64());
  return bytes;
}

TEST_CASE("CRC32C of 123456789 is the check value") {
  const std::string text = "123456789";
  CHECK(Crc32c(0, ByteSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size())) ==
        0xe3069283);
}

TEST_CASE("CRC32C gives the vectors of RFC 3720 B.4") {
  std::vector<uint8_t> zeros(32, 0x00);
  std::vector<uint8_t> ones(32, 0xff);
  std::vector<uint8_t> up(32);
  std::vector<uint8_t> down(32);
  for (uint8_t i = 0; i < 32; ++i) {
    up[i] = i;
    down[i] = static_cast<uint8_t>(31 - i);
  }
  // The RFC prints the bytes in wire order: aa 36 91 8a and so on.
  CHECK(Crc32c(0, zeros) == 0x8a9136aa);
  CHECK(Crc32c(0, ones) == 0x62a8ab43);
  CHECK(Crc32c(0, up) == 0x46dd794e);
  CHECK(Crc32c(0, down) == 0x113fdb5c);
}

TEST_CASE("CRC32C equals the bitwise definition for every length up to 300 and some long ones") {
  Rng rng(1, "crc");
  for (size_t n = 0; n <= 300; ++n) {
    const std::vector<uint8_t> bytes = RandomBytes(&rng, n);
    REQUIRE(Crc32c(0, bytes) == BitwiseCrc32c(bytes));
  }
  for (size_t n : {4096u, 65536u, 100001u}) {
    const std::vector<uint8_t> bytes = RandomBytes(&rng, n);
    REQUIRE(Crc32c(0, bytes) == BitwiseCrc32c(bytes));
  }
}

TEST_CASE("CRC32C continued over two parts is that of the whole") {
  Rng rng(2, "crc");
  const std::vector<uint8_t> bytes = RandomBytes(&rng, 1000);
  const ByteSpan all(bytes);
  for (size_t cut = 0; cut <= all.size(); ++cut) {
    REQUIRE(Crc32c(Crc32c(0, all.first(cut)), all.subspan(cut)) == Crc32c(0, all));
  }
}

TEST_CASE("CRC32C combined of two parts is that of the whole") {
  Rng rng(3, "crc");
  for (size_t length_b : {0u, 1u, 2u, 3u, 7u, 255u, 256u, 1448u, 4096u, 65535u, 131072u}) {
    const std::vector<uint8_t> bytes = RandomBytes(&rng, 77 + length_b);
    const ByteSpan all(bytes);
    const uint32_t a = Crc32c(0, all.first(77));
    const uint32_t b = Crc32c(0, all.subspan(77));
    CHECK(Crc32cCombine(a, b, length_b) == Crc32c(0, all));
  }
}

TEST_CASE("a combination over a length beyond 32 bits is that of its two halves") {
  const uint64_t half = (uint64_t{1} << 35) + 12345;
  const uint32_t zeros_between = Crc32cCombine(Crc32cCombine(0xdeadbeef, 0, half), 0, half);
  CHECK(Crc32cCombine(0xdeadbeef, 0, 2 * half) == zeros_between);
}

}  // namespace
}  // namespace ddpsim
