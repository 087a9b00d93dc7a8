#include "models/nic/crc_engine.h"

#include <catch2/catch.hpp>

#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

const uint8_t kData[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

std::vector<uint8_t> Digest() {
  std::vector<uint8_t> d(4);
  StoreLe32(d.data(), Crc32c(0, kData));
  return d;
}

}  // namespace

TEST_CASE("a digest over data that came in pieces is right") {
  CrcEngine crc;
  crc.OnData(ByteSpan(kData, 4));
  crc.OnData(ByteSpan(kData + 4, 5));
  CHECK(crc.OnDigest(Digest()) == DigestCheck::kRight);
}

TEST_CASE("a digest field split over packets is judged with its last byte") {
  CrcEngine crc;
  crc.OnData(kData);
  const auto d = Digest();
  CHECK(crc.OnDigest(ByteSpan(d).subspan(0, 1)) == DigestCheck::kPending);
  CHECK(crc.OnDigest(ByteSpan(d).subspan(1, 3)) == DigestCheck::kRight);
}

TEST_CASE("one flipped bit makes the digest wrong") {
  CrcEngine crc;
  crc.OnData(kData);
  auto d = Digest();
  d[2] ^= 0x10;
  CHECK(crc.OnDigest(d) == DigestCheck::kWrong);
}

TEST_CASE("after a break nothing is known until the next PDU") {
  CrcEngine crc;
  crc.OnData(ByteSpan(kData, 4));
  crc.Break();
  crc.OnData(ByteSpan(kData + 4, 5));
  CHECK_FALSE(crc.covered());
  CHECK(crc.OnDigest(Digest()) == DigestCheck::kUnknown);
  crc.StartPdu();
  crc.OnData(kData);
  CHECK(crc.OnDigest(Digest()) == DigestCheck::kRight);
}

}  // namespace ddpsim
