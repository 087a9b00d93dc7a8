#include "models/nic/pdu_searcher.h"

#include <catch2/catch.hpp>

#include "pdu_stream.h"

namespace ddpsim {
namespace {

const PduFormat kFormat(false, false, 1 << 20);

// 50 data bytes, then a header.
SampleStream HeaderAt50() {
  SampleStream s;
  for (uint32_t i = 0; i < 50; ++i) s.bytes.push_back(DataByte(9, i));
  s.C2HData(1, 0, 200);
  return s;
}

}  // namespace

TEST_CASE("packet_start looks at the first byte of a packet only") {
  PduSearcher searcher;
  const SampleStream s = HeaderAt50();
  CHECK_FALSE(searcher.Search(SeqNum(0), s.Slice(0, 100), 0, SearchMode::kPacketStart, kFormat));
  CHECK_FALSE(searcher.Search(SeqNum(49), s.Slice(49, 100), 0, SearchMode::kPacketStart, kFormat));
  CHECK(searcher.Search(SeqNum(50), s.Slice(50, 100), 0, SearchMode::kPacketStart, kFormat) == 0);
}

TEST_CASE("any_offset finds a header anywhere in a packet") {
  PduSearcher searcher;
  const SampleStream s = HeaderAt50();
  CHECK(searcher.Search(SeqNum(0), s.Slice(0, 100), 0, SearchMode::kAnyOffset, kFormat) == 50);
}

TEST_CASE("a header split at any byte over two packets in sequence is found") {
  const SampleStream s = HeaderAt50();
  for (uint32_t cut = 51; cut < 58; ++cut) {
    PduSearcher searcher;
    CHECK_FALSE(searcher.Search(SeqNum(0), s.Slice(0, cut), 0, SearchMode::kAnyOffset, kFormat));
    const auto match =
        searcher.Search(SeqNum(cut), s.Slice(cut, 60), 0, SearchMode::kAnyOffset, kFormat);
    REQUIRE(match.has_value());
    CHECK(*match == 50 - static_cast<int32_t>(cut));
    CHECK(searcher.Held(*match) == s.Slice(50, cut - 50));
  }
}

TEST_CASE("a header split over two packets is not found when another packet comes between") {
  const SampleStream s = HeaderAt50();
  PduSearcher searcher;
  searcher.Search(SeqNum(0), s.Slice(0, 54), 0, SearchMode::kAnyOffset, kFormat);
  CHECK_FALSE(searcher.Search(SeqNum(200), s.Slice(110, 60), 0, SearchMode::kAnyOffset, kFormat));
  CHECK_FALSE(searcher.Search(SeqNum(54), s.Slice(54, 60), 0, SearchMode::kAnyOffset, kFormat));
}

TEST_CASE("a header spread over packets of one byte is found") {
  const SampleStream s = HeaderAt50();
  PduSearcher searcher;
  for (uint32_t at = 40; at < 57; ++at) {
    CHECK_FALSE(searcher.Search(SeqNum(at), s.Slice(at, 1), 0, SearchMode::kAnyOffset, kFormat));
  }
  CHECK(searcher.Search(SeqNum(57), s.Slice(57, 1), 0, SearchMode::kAnyOffset, kFormat) == -7);
}

TEST_CASE("a false start whose continuation disagrees does not hide a true header in it") {
  SampleStream s;
  s.bytes = {0x07, 0x04};  // like the first two bytes of a C2HData
  s.C2HData(1, 0, 64);
  PduSearcher searcher;
  CHECK_FALSE(searcher.Search(SeqNum(0), s.Slice(0, 2), 0, SearchMode::kAnyOffset, kFormat));
  CHECK(searcher.Search(SeqNum(2), s.Slice(2, 60), 0, SearchMode::kAnyOffset, kFormat) == 0);
  searcher.Reset();
  CHECK_FALSE(searcher.Search(SeqNum(0), s.Slice(0, 5), 0, SearchMode::kAnyOffset, kFormat));
  CHECK(searcher.Search(SeqNum(5), s.Slice(5, 60), 0, SearchMode::kAnyOffset, kFormat) == -3);
}

TEST_CASE("the held bytes of a match are its own, not those of a false start before it") {
  SampleStream s;
  s.bytes = {0x07, 0x04, 24, 24};  // like the first four bytes of a C2HData
  s.C2HData(1, 0, 64);
  PduSearcher searcher;
  CHECK_FALSE(searcher.Search(SeqNum(0), s.Slice(0, 6), 0, SearchMode::kAnyOffset, kFormat));
  REQUIRE(searcher.Search(SeqNum(6), s.Slice(6, 60), 0, SearchMode::kAnyOffset, kFormat) == -2);
  CHECK(searcher.Held(-2) == s.Slice(4, 2));
}

TEST_CASE("with header digests the split may be anywhere in header and digest") {
  SampleStream s({true, false, 0});
  s.C2HData(1, 0, 200);
  const PduFormat format(true, false, 1 << 20);
  for (uint32_t cut = 1; cut < 28; ++cut) {
    PduSearcher searcher;
    CHECK_FALSE(searcher.Search(SeqNum(0), s.Slice(0, cut), 0, SearchMode::kPacketStart, format));
    CHECK(searcher.Search(SeqNum(cut), s.Slice(cut, 100), 0, SearchMode::kPacketStart, format) ==
          -static_cast<int32_t>(cut));
  }
}

}  // namespace ddpsim
