#include "ddpsim/wire/checksum.h"

#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/base/rng.h"

namespace ddpsim {
namespace {

// RFC 1071 section 4.1, big-endian words, written down naively.
uint16_t NaiveChecksum(ByteSpan bytes) {
  uint32_t sum = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    sum += (i & 1) != 0 ? bytes[i] : uint32_t{bytes[i]} << 8;
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<uint16_t>(~sum);
}

uint16_t Checksum(ByteSpan bytes) {
  InternetChecksum sum;
  sum.Add(bytes, 0);
  return sum.Finish();
}

std::vector<uint8_t> RandomBytes(Rng* rng, size_t n) {
  std::vector<uint8_t> bytes(n);
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(rng->U64());
  return bytes;
}

TEST_CASE("the checksum of RFC 1071's example is the complement of ddf2") {
  const std::vector<uint8_t> example = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  CHECK(Checksum(example) == static_cast<uint16_t>(~0xddf2));
}

TEST_CASE("the checksum equals the naive one for every length and alignment") {
  Rng rng(1, "checksum");
  const std::vector<uint8_t> bytes = RandomBytes(&rng, 700);
  for (size_t start = 0; start < 9; ++start) {
    for (size_t n = 0; n <= 600; ++n) {
      const ByteSpan part = ByteSpan(bytes).subspan(start, n);
      REQUIRE(Checksum(part) == NaiveChecksum(part));
    }
  }
}

TEST_CASE("the checksum of extreme bytes equals the naive one however long they are") {
  // More than one vector block of 1 MiB, all lanes at their extremes.
  for (uint8_t value : {0x00, 0x7f, 0x80, 0xff}) {
    const std::vector<uint8_t> bytes((3u << 20) + 77, value);
    CHECK(Checksum(bytes) == NaiveChecksum(bytes));
  }
}

TEST_CASE("the sum is zero only for all-zero bytes") {
  CHECK(OnesSum(std::vector<uint8_t>(1000, 0)) == 0);
  CHECK(OnesSum(std::vector<uint8_t>(1000, 0xff)) == 0xffff);
  CHECK(OnesSum(std::vector<uint8_t>(2, 0xff)) == 0xffff);
}

TEST_CASE("copy and sum copies every byte, no more, and returns the plain sum") {
  Rng rng(2, "checksum");
  const std::vector<uint8_t> source = RandomBytes(&rng, 400);
  for (size_t n = 0; n <= 390; ++n) {
    std::vector<uint8_t> destination(n + 16, 0xa5);
    const ByteSpan part = ByteSpan(source).subspan(n % 7, n);
    REQUIRE(CopyAndSum(destination.data() + 8, part.data(), n) == OnesSum(part));
    REQUIRE(ByteSpan(destination).subspan(8, n) == part);
    for (size_t i = 0; i < 8; ++i) {
      REQUIRE(destination[i] == 0xa5);
      REQUIRE(destination[n + 8 + i] == 0xa5);
    }
  }
}

TEST_CASE("sums of parts that begin at odd offsets combine to the sum of the whole") {
  Rng rng(3, "checksum");
  for (int round = 0; round < 500; ++round) {
    const std::vector<uint8_t> bytes = RandomBytes(&rng, 1 + rng.Below(500));
    InternetChecksum sum;
    for (size_t at = 0; at < bytes.size();) {
      const size_t n = 1 + rng.Below(bytes.size() - at);
      sum.Add(ByteSpan(bytes).subspan(at, n), at);
      at += n;
    }
    REQUIRE(sum.Finish() == NaiveChecksum(bytes));
  }
}

TEST_CASE("a field in host order counts as its bytes on the wire") {
  const std::vector<uint8_t> bytes = {0x12, 0x34, 0xde, 0xad, 0xbe, 0xef};
  InternetChecksum sum;
  sum.AddField16(0x1234);
  sum.AddField32(0xdeadbeef);
  CHECK(sum.Finish() == NaiveChecksum(bytes));
}

}  // namespace
}  // namespace ddpsim
