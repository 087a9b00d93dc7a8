#include "sim/check/payload_digest.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <utility>
#include <vector>

namespace ddpsim {
namespace {

std::vector<uint8_t> Bytes(size_t size) {
  std::vector<uint8_t> bytes(size);
  uint32_t x = 1;
  for (uint8_t& byte : bytes) {
    x = x * 1664525 + 1013904223;
    byte = static_cast<uint8_t>(x >> 24);
  }
  return bytes;
}

uint64_t DigestOf(const std::vector<uint8_t>& bytes) {
  PayloadDigest digest;
  digest.Add(ByteSpan(bytes));
  return digest.Finish();
}

TEST_CASE("how the bytes are cut into pieces does not show") {
  const std::vector<uint8_t> bytes = Bytes(1448);
  const uint64_t whole = DigestOf(bytes);
  for (size_t a = 0; a <= bytes.size(); a += 37) {
    for (size_t b = a; b <= bytes.size(); b += 61) {
      PayloadDigest digest;
      digest.Add(ByteSpan(bytes.data(), a));
      digest.Add(ByteSpan(bytes.data() + a, b - a));
      digest.Add(ByteSpan(bytes.data() + b, bytes.size() - b));
      REQUIRE(digest.Finish() == whole);
    }
  }
  PayloadDigest one_by_one;
  for (const uint8_t& byte : bytes) one_by_one.Add(ByteSpan(&byte, 1));
  CHECK(one_by_one.Finish() == whole);
}

TEST_CASE("the same bytes have the same digest on every machine") {
  CHECK(DigestOf(Bytes(0)) == DigestOf({}));
  CHECK(DigestOf(Bytes(200)) == 0xc9f79766d11d06f1);
  CHECK(DigestOf(Bytes(9000)) == 0x7d5797b5231b2dfa);
}

TEST_CASE("each single bit shows") {
  std::vector<uint8_t> bytes = Bytes(1448);
  std::set<uint64_t> seen = {DigestOf(bytes)};
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    REQUIRE(seen.insert(DigestOf(bytes)).second);
    bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
  }
}

TEST_CASE("each single bit shows among zeros") {
  std::vector<uint8_t> bytes(256, 0);
  std::set<uint64_t> seen = {DigestOf(bytes)};
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = static_cast<uint8_t>(1 << bit % 8);
    REQUIRE(seen.insert(DigestOf(bytes)).second);
    bytes[bit / 8] = 0;
  }
}

TEST_CASE("words and blocks that change places show") {
  const std::vector<uint8_t> bytes = Bytes(512);
  std::set<uint64_t> seen = {DigestOf(bytes)};
  for (size_t size : {8, 16, 32, 64, 128}) {
    for (size_t a = 0; a + size <= bytes.size(); a += size) {
      for (size_t b = a + size; b + size <= bytes.size(); b += size) {
        std::vector<uint8_t> swapped = bytes;
        std::swap_ranges(swapped.begin() + a, swapped.begin() + a + size, swapped.begin() + b);
        REQUIRE(seen.insert(DigestOf(swapped)).second);
      }
    }
  }
}

TEST_CASE("a run is not the same run with zeros behind it") {
  std::set<uint64_t> seen;
  for (size_t size = 0; size < 300; ++size) {
    REQUIRE(seen.insert(DigestOf(std::vector<uint8_t>(size, 0))).second);
  }
}

}  // namespace
}  // namespace ddpsim
