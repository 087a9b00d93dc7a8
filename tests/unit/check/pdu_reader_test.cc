#include "sim/check/pdu_reader.h"

#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/base/rng.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "models/nic/pdu_format.h"

namespace ddpsim {
namespace {

constexpr uint32_t kLongest = 1 << 20;

std::vector<uint8_t> Header(const PduFraming& framing) {
  uint8_t bytes[kMaxPduHeader];
  const uint32_t n = EmitC2HData({7, 4096, 512, true, false}, framing, bytes);
  return {bytes, bytes + n};
}

}  // namespace

TEST_CASE("a C2HData header tells sizes, command and place") {
  const PduFraming framing{true, true, 0};
  const PduReader reader(true, true, kLongest);
  const std::vector<uint8_t> header = Header(framing);
  PduFacts facts;
  CHECK(reader.Read(ByteSpan(header).subspan(0, 7), &facts) == HeaderReading::kIncomplete);
  CHECK(reader.Read(ByteSpan(header).subspan(0, 8), &facts) == HeaderReading::kSizes);
  CHECK(facts.size == 28 + 512 + 4);
  REQUIRE(reader.Read(header, &facts) == HeaderReading::kWhole);
  CHECK((facts.header_size == 28 && facts.data_at == 28 && facts.data_size == 512));
  CHECK((facts.digest_size == 4 && facts.ccid == 7 && facts.data_offset == 4096));
}

TEST_CASE("a header with any wrong bit under a header digest is none") {
  const PduReader reader(true, true, kLongest);
  std::vector<uint8_t> header = Header({true, true, 0});
  const size_t bit = GENERATE(range(0, 224, 5));
  header[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
  PduFacts facts;
  CHECK(reader.Read(header, &facts) == HeaderReading::kNone);
  CHECK(reader.Match(header) == HeaderReading::kNone);
}

TEST_CASE("flags other than negotiated, and lengths that cannot be, are no header") {
  const std::vector<uint8_t> good = Header({false, false, 0});
  PduFacts facts;
  CHECK(PduReader(false, false, kLongest).Read(good, &facts) == HeaderReading::kWhole);
  CHECK(PduReader(false, true, kLongest).Read(good, &facts) == HeaderReading::kNone);
  CHECK(PduReader(false, false, 535).Read(good, &facts) == HeaderReading::kNone);
  std::vector<uint8_t> bad = good;
  bad[16] ^= 1;  // DATAL against PLEN
  CHECK(PduReader(false, false, kLongest).Read(bad, &facts) == HeaderReading::kNone);
  CHECK(PduReader(false, false, kLongest).Match(bad) == HeaderReading::kWhole);  // common header
}

TEST_CASE("reader and NIC find the same patterns in any bytes") {
  Rng rng(1, "pdu_reader");
  uint64_t found = 0;
  for (int i = 0; i < 200'000; ++i) {
    const bool hdgst = rng.Bernoulli(0.3), ddgst = rng.Bernoulli(0.5);
    std::vector<uint8_t> bytes = Header({hdgst, ddgst, 0});
    bytes[0] = static_cast<uint8_t>(rng.Below(11));
    for (size_t at : {1u, 2u, 3u, 4u, 5u}) {
      if (rng.Bernoulli(0.3))
        bytes[at] = static_cast<uint8_t>(rng.Below(rng.Bernoulli(0.5) ? 16 : 256));
    }
    bytes.resize(rng.Below(bytes.size() + 1));
    const PduReader reader(hdgst, ddgst, kLongest);
    const PduMatch nic = PduFormat(hdgst, ddgst, kLongest).Match(bytes.data(), bytes.size());
    const HeaderReading own = reader.Match(bytes);
    REQUIRE((nic == PduMatch::kYes) == (own == HeaderReading::kWhole));
    REQUIRE((nic == PduMatch::kNo) == (own == HeaderReading::kNone));
    found += own == HeaderReading::kWhole;
  }
  CHECK(found > 1000);
}

}  // namespace ddpsim
