#include "models/nic/pdu_format.h"

#include <catch2/catch.hpp>

#include "ddpsim/wire/crc32c.h"
#include "pdu_stream.h"

namespace ddpsim {
namespace {

constexpr uint32_t kMax = 1 << 20;

}  // namespace

TEST_CASE("the magic pattern matches every PDU type with its own HLEN and no other") {
  const PduFormat format(false, false, kMax);
  const uint8_t hlens[] = {128, 128, 24, 24, 72, 24, 24, 24, 0, 24};
  for (uint8_t type = 0; type < 12; ++type) {
    for (uint8_t hlen : {uint8_t{24}, uint8_t{72}, uint8_t{128}, uint8_t{0}}) {
      const bool data = type == 6 || type == 7;
      const uint8_t ch[8] = {type, 0, hlen, static_cast<uint8_t>(data ? hlen : 0), hlen, 0, 0, 0};
      const bool valid = type < 10 && hlen != 0 && hlens[type] == hlen;
      CHECK(format.Match(ch, 8) == (valid ? PduMatch::kYes : PduMatch::kNo));
    }
  }
}

TEST_CASE("too few bytes that agree are a partial match, and bytes that disagree are none") {
  SampleStream s;
  s.C2HData(1, 0, 100);
  const PduFormat format(false, false, kMax);
  for (uint32_t n = 0; n < 8; ++n) CHECK(format.Match(s.bytes.data(), n) == PduMatch::kPartial);
  CHECK(format.Match(s.bytes.data(), 8) == PduMatch::kYes);
  s.bytes[2] = 25;
  CHECK(format.Match(s.bytes.data(), 2) == PduMatch::kPartial);
  CHECK(format.Match(s.bytes.data(), 3) == PduMatch::kNo);
}

TEST_CASE("digest flags that were not negotiated do not match") {
  SampleStream plain;
  plain.C2HData(1, 0, 100);
  SampleStream digests({true, true, 0});
  digests.C2HData(1, 0, 100);
  CHECK(PduFormat(true, true, kMax).Match(plain.bytes.data(), 124) == PduMatch::kNo);
  CHECK(PduFormat(false, false, kMax).Match(digests.bytes.data(), 124) == PduMatch::kNo);
  CHECK(PduFormat(false, true, kMax).Match(digests.bytes.data(), 124) == PduMatch::kNo);
  CHECK(PduFormat(true, true, kMax).Match(digests.bytes.data(), 124) == PduMatch::kYes);
}

TEST_CASE("with header digests a match needs the whole header and the right digest") {
  SampleStream s({true, false, 0});
  s.C2HData(1, 0, 100);
  const PduFormat format(true, false, kMax);
  CHECK(format.Match(s.bytes.data(), 27) == PduMatch::kPartial);
  CHECK(format.Match(s.bytes.data(), 28) == PduMatch::kYes);
  s.bytes[12] ^= 1;
  CHECK(format.Match(s.bytes.data(), 28) == PduMatch::kNo);
}

TEST_CASE("a C2HData without data is walked over, whatever its PDO, with and without a digest") {
  for (const bool header_digest : {false, true}) {
    for (const bool data_digest : {false, true}) {
      const uint8_t size = header_digest ? 28 : 24;
      for (const uint8_t pdo : {0, 24, 28, 200}) {
        for (const uint8_t digest : {0, 4}) {
          if (digest > 0 && !data_digest) continue;
          uint8_t pdu[28] = {7, 0, 24, pdo, static_cast<uint8_t>(size + digest)};
          pdu[1] = static_cast<uint8_t>((header_digest ? 1 : 0) | (data_digest ? 2 : 0));
          if (header_digest) StoreLe32(pdu + 24, Crc32c(0, ByteSpan(pdu, 24)));
          const PduFormat format(header_digest, data_digest, kMax);
          PduLayout layout;
          REQUIRE(format.ParseCommonHeader(pdu, &layout));
          REQUIRE(format.ParseHeader(pdu, &layout));
          CHECK(layout.data_size == 0);
          CHECK(layout.data_at == size);
          CHECK(layout.digest_size == digest);
          CHECK(layout.pdu_size == size + digest);
        }
      }
    }
  }
}

TEST_CASE("a C2HData without data has a digest of four bytes or none") {
  for (const uint8_t plen : {25, 26, 27, 29}) {
    const uint8_t pdu[24] = {7, 2, 24, 24, plen};
    const PduFormat format(false, true, kMax);
    PduLayout layout;
    CHECK_FALSE((format.ParseCommonHeader(pdu, &layout) && format.ParseHeader(pdu, &layout)));
  }
}

TEST_CASE("a PDU longer than the knob allows is none") {
  SampleStream s;
  s.C2HData(1, 0, 5000);
  CHECK(PduFormat(false, false, 4096).Match(s.bytes.data(), 24) == PduMatch::kNo);
  CHECK(PduFormat(false, false, 8192).Match(s.bytes.data(), 24) == PduMatch::kYes);
}

TEST_CASE("the layout of a C2HData PDU with both digests and padding") {
  SampleStream s({true, true, 7});  // data at a multiple of 32
  s.bytes.clear();
  s.C2HData(0x123, 4096, 100);
  const PduFormat format(true, true, kMax);
  PduLayout layout;
  REQUIRE(format.ParseCommonHeader(s.bytes.data(), &layout));
  REQUIRE(format.ParseHeader(s.bytes.data(), &layout));
  CHECK(layout.header_size == 28);
  CHECK(layout.data_at == 32);
  CHECK(layout.data_size == 100);
  CHECK(layout.digest_size == 4);
  CHECK(layout.pdu_size == s.size());
  CHECK(layout.ccid == 0x123);
  CHECK(layout.data_offset == 4096);
}

TEST_CASE("a C2HData header whose lengths contradict each other is refused") {
  SampleStream s;
  s.C2HData(1, 0, 100);
  s.bytes[16] = 99;  // DATAL
  const PduFormat format(false, false, kMax);
  PduLayout layout;
  REQUIRE(format.ParseCommonHeader(s.bytes.data(), &layout));
  CHECK_FALSE(format.ParseHeader(s.bytes.data(), &layout));
}

}  // namespace ddpsim
