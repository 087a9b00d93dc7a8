#include "ddpsim/wire/tcp_segment.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/base/check.h"
#include "ddpsim/base/rng.h"

namespace ddpsim {
namespace {

std::vector<uint8_t> Emit(const TcpHeader& header) {
  std::vector<uint8_t> bytes(TcpHeaderSize(header));
  CHECK(EmitTcpHeader(header, absl::MakeSpan(bytes)) == bytes.size());
  return bytes;
}

// A 20-byte header with data offset for `options`, then the options.
std::vector<uint8_t> WithOptions(const std::vector<uint8_t>& options) {
  std::vector<uint8_t> bytes(20 + options.size());
  bytes[12] = static_cast<uint8_t>(bytes.size() / 4 << 4);
  std::copy(options.begin(), options.end(), bytes.begin() + 20);
  return bytes;
}

TEST_CASE("a SYN has Linux's options in Linux's order") {
  TcpHeader header;
  header.source_port = 0x9c40;
  header.destination_port = 4420;
  header.seq = SeqNum(0x01020304);
  header.flags = kTcpSyn;
  header.window = 64240;
  header.options.mss = 1460;
  header.options.sack_permitted = true;
  header.options.has_timestamps = true;
  header.options.ts_val = 0xaabbccdd;
  header.options.window_scale = 7;
  CHECK(Emit(header) == std::vector<uint8_t>{0x9c, 0x40, 0x11, 0x44, 1,    2,    3,
                                             4,    0,    0,    0,    0,    0xa0, 0x02,
                                             0xfa, 0xf0, 0,    0,    0,    0,  // checksum, urgent
                                             2,    4,    0x05, 0xb4,           // MSS
                                             4,    2,    8,    10,   0xaa, 0xbb, 0xcc,
                                             0xdd, 0,    0,    0,    0,  // SACK-perm, TS
                                             1,    3,    3,    7});      // window scale
}

TEST_CASE("an ACK with timestamps and SACK pads each option with two NOPs") {
  TcpHeader header;
  header.flags = kTcpAck;
  header.options.has_timestamps = true;
  header.options.ts_val = 1;
  header.options.ts_ecr = 2;
  header.options.sack_count = 1;
  header.options.sack[0] = {SeqNum(0x10), SeqNum(0x20)};
  const std::vector<uint8_t> bytes = Emit(header);
  REQUIRE(bytes.size() == 44);
  CHECK(std::vector<uint8_t>(bytes.begin() + 20, bytes.end()) ==
        std::vector<uint8_t>{1, 1, 8, 10, 0, 0, 0, 1,    0, 0, 0, 2,
                             1, 1, 5, 10, 0, 0, 0, 0x10, 0, 0, 0, 0x20});
}

TEST_CASE("what is emitted is parsed back") {
  Rng rng(1, "tcp");
  for (int round = 0; round < 2000; ++round) {
    TcpHeader h;
    h.source_port = static_cast<uint16_t>(rng.U64());
    h.destination_port = static_cast<uint16_t>(rng.U64());
    h.seq = SeqNum(static_cast<uint32_t>(rng.U64()));
    h.ack = SeqNum(static_cast<uint32_t>(rng.U64()));
    h.flags = static_cast<uint8_t>(rng.U64());
    h.window = static_cast<uint16_t>(rng.U64());
    h.options.has_timestamps = rng.Below(2) != 0;
    if (h.options.has_timestamps) h.options.ts_val = static_cast<uint32_t>(rng.U64());
    if (h.options.has_timestamps) h.options.ts_ecr = static_cast<uint32_t>(rng.U64());
    if (rng.Below(2) != 0) {
      h.options.mss = static_cast<uint16_t>(rng.U64());
      h.options.sack_permitted = rng.Below(2) != 0;
      if (rng.Below(2) != 0) h.options.window_scale = static_cast<uint8_t>(rng.Below(15));
    } else {
      h.options.sack_count = static_cast<uint8_t>(rng.Below(h.options.has_timestamps ? 4 : 5));
      for (int i = 0; i < h.options.sack_count; ++i) {
        h.options.sack[i] = {SeqNum(static_cast<uint32_t>(rng.U64())),
                             SeqNum(static_cast<uint32_t>(rng.U64()))};
      }
    }
    std::vector<uint8_t> bytes = Emit(h);
    const size_t size = bytes.size();
    bytes.resize(size + 5, 0xee);  // payload
    TcpHeader p;
    p.options.mss = 1;  // stale values of an earlier packet
    p.options.sack_count = 3;
    REQUIRE(ParseTcpHeader(bytes, &p) == size);
    REQUIRE(p.source_port == h.source_port);
    REQUIRE(p.destination_port == h.destination_port);
    REQUIRE(p.seq == h.seq);
    REQUIRE(p.ack == h.ack);
    REQUIRE(p.flags == h.flags);
    REQUIRE(p.window == h.window);
    REQUIRE(p.options.mss == h.options.mss);
    REQUIRE(p.options.window_scale == h.options.window_scale);
    REQUIRE(p.options.sack_permitted == h.options.sack_permitted);
    REQUIRE(p.options.has_timestamps == h.options.has_timestamps);
    REQUIRE(p.options.ts_val == h.options.ts_val);
    REQUIRE(p.options.ts_ecr == h.options.ts_ecr);
    REQUIRE(p.options.sack_count == h.options.sack_count);
    for (int i = 0; i < h.options.sack_count; ++i) REQUIRE(p.options.sack[i] == h.options.sack[i]);
  }
}

TEST_CASE("unknown options are skipped and options after END ignored") {
  TcpHeader h;
  CHECK(ParseTcpHeader(WithOptions({30, 4, 9, 9, 2, 4, 0x05, 0xb4}), &h) == 28);
  CHECK(h.options.mss == 1460);
  CHECK(ParseTcpHeader(WithOptions({0, 99, 2, 4}), &h) == 24);
  CHECK_FALSE(h.options.mss.has_value());
}

TEST_CASE("a known option of the wrong length is void, the others count") {
  TcpHeader h;
  CHECK(ParseTcpHeader(WithOptions({2, 3, 9, 4, 2, 5, 4, 0, 0, 1, 1, 1}), &h) == 32);
  CHECK_FALSE(h.options.mss.has_value());
  CHECK(h.options.sack_permitted);
  CHECK(h.options.sack_count == 0);
}

TEST_CASE("nothing of the segment before stays in a header that is used again") {
  TcpHeader full;
  full.source_port = 1;
  full.destination_port = 2;
  full.seq = SeqNum(3);
  full.ack = SeqNum(4);
  full.flags = 0xff;
  full.window = 5;
  full.options.mss = 1460;
  full.options.window_scale = 7;
  full.options.sack_permitted = true;
  full.options.has_timestamps = true;
  full.options.ts_val = 8;
  full.options.ts_ecr = 9;
  full.options.sack_count = 1;
  TcpHeader bare, parsed = full;
  bare.source_port = 10;
  bare.destination_port = 11;
  bare.seq = SeqNum(12);
  bare.ack = SeqNum(13);
  bare.flags = kTcpAck;
  bare.window = 14;
  REQUIRE(ParseTcpHeader(Emit(bare), &parsed) == 20);
  CHECK((parsed.source_port == 10 && parsed.destination_port == 11));
  CHECK((parsed.seq == SeqNum(12) && parsed.ack == SeqNum(13)));
  CHECK((parsed.flags == kTcpAck && parsed.window == 14));
  CHECK_FALSE(parsed.options.mss.has_value());
  CHECK_FALSE(parsed.options.window_scale.has_value());
  CHECK_FALSE(parsed.options.sack_permitted);
  CHECK_FALSE(parsed.options.has_timestamps);
  CHECK((parsed.options.ts_val == 0 && parsed.options.ts_ecr == 0));
  CHECK(parsed.options.sack_count == 0);
}

TEST_CASE("timestamps are read aligned as Linux sends them, and anywhere else") {
  TcpHeader parsed;
  const std::vector<uint8_t> stamps = {8, 10, 0, 0, 0, 1, 0, 0, 0, 2};
  for (const std::vector<uint8_t>& before : {std::vector<uint8_t>{1, 1}, {}}) {
    std::vector<uint8_t> options = before;
    options.insert(options.end(), stamps.begin(), stamps.end());
    options.resize(12);
    parsed.options = TcpOptions();
    REQUIRE(ParseTcpHeader(WithOptions(options), &parsed) == 32);
    CHECK(parsed.options.has_timestamps);
    CHECK((parsed.options.ts_val == 1 && parsed.options.ts_ecr == 2));
  }
}

TEST_CASE("one to four SACK blocks are written and read in their order") {
  for (uint8_t count = 1; count <= 4; ++count) {
    TcpHeader header, parsed;
    header.options.sack_count = count;
    for (uint32_t i = 0; i < count; ++i)
      header.options.sack[i] = {SeqNum(100 * i + 1), SeqNum(100 * i + 50)};
    const std::vector<uint8_t> bytes = Emit(header);
    REQUIRE(bytes.size() == 20 + 4 + 8u * count);
    REQUIRE(ParseTcpHeader(bytes, &parsed) == bytes.size());
    REQUIRE(parsed.options.sack_count == count);
    for (uint32_t i = 0; i < count; ++i) {
      CHECK(parsed.options.sack[i].start == SeqNum(100 * i + 1));
      CHECK(parsed.options.sack[i].end == SeqNum(100 * i + 50));
    }
  }
}

TEST_CASE("a header that does not fit is refused") {
  TcpHeader h;
  CHECK(ParseTcpHeader(std::vector<uint8_t>(19), &h) == 0);
  std::vector<uint8_t> low(20);
  low[12] = 0x40;
  CHECK(ParseTcpHeader(low, &h) == 0);
  std::vector<uint8_t> beyond(20);
  beyond[12] = 0x60;
  CHECK(ParseTcpHeader(beyond, &h) == 0);
  CHECK(ParseTcpHeader(WithOptions({1, 1, 8, 10}), &h) == 0);  // option overruns the header
  CHECK(ParseTcpHeader(WithOptions({1, 1, 8, 1}), &h) == 0);   // length below 2
  CHECK(ParseTcpHeader(WithOptions({1, 1, 1, 8}), &h) == 0);   // length byte missing
}

TEST_CASE("more options than a header holds are a model bug") {
  TcpHeader header;
  header.options.has_timestamps = true;
  header.options.sack_count = 4;
  std::vector<uint8_t> bytes(100);
  CHECK_THROWS_AS(EmitTcpHeader(header, absl::MakeSpan(bytes)), ModelBug);
}

}  // namespace
}  // namespace ddpsim
