#include "models/nic/pdu_tracker.h"

#include <catch2/catch.hpp>

#include "pdu_stream.h"

namespace ddpsim {
namespace {

using Part = PduRun::Part;

// Walks the stream in pieces of `step` bytes; returns the data bytes seen, as (ccid, buffer offset)
// in order.
std::vector<std::pair<uint16_t, uint32_t>> WalkData(const SampleStream& s, const PduFormat& format,
                                                    uint32_t step) {
  std::vector<std::pair<uint16_t, uint32_t>> seen;
  PduTracker tracker;
  for (uint32_t at = 0; at < s.size(); at += step) {
    ByteSpan rest = s.Slice(at, std::min(step, s.size() - at));
    while (!rest.empty()) {
      const PduRun run = tracker.Next(rest, format);
      REQUIRE_FALSE(run.bad);
      REQUIRE(run.size > 0);
      if (run.part == Part::kData) {
        const PduLayout& pdu = tracker.layout();
        for (uint32_t i = 0; i < run.size; ++i) {
          seen.push_back({pdu.ccid, pdu.data_offset + run.pdu_offset - pdu.data_at + i});
          REQUIRE(rest[i] == DataByte(seen.back().first, seen.back().second));
        }
      }
      rest.remove_prefix(run.size);
    }
  }
  CHECK(tracker.at_boundary());
  return seen;
}

}  // namespace

TEST_CASE("the walk finds the same data however the stream is cut") {
  for (const PduFraming framing : {PduFraming{false, false, 0}, PduFraming{true, true, 0},
                                   PduFraming{true, false, 7}, PduFraming{false, true, 0}}) {
    SampleStream s(framing);
    s.C2HData(1, 0, 300);
    s.CapsuleResp(1);
    s.C2HData(2, 512, 1);
    s.C2HData(3, 0, 77);
    const PduFormat format(framing.header_digest, framing.data_digest, 1 << 20);
    const auto whole = WalkData(s, format, s.size());
    REQUIRE(whole.size() == 378);
    for (uint32_t step = 1; step < 60; ++step) CHECK(WalkData(s, format, step) == whole);
  }
}

TEST_CASE("the next PDU's place is known once the common header was seen") {
  SampleStream s;
  s.C2HData(1, 0, 100);
  PduTracker tracker;
  const PduFormat format(false, false, 1 << 20);
  tracker.Next(s.Slice(0, 7), format);
  CHECK_FALSE(tracker.length_known());
  tracker.Next(s.Slice(7, 1), format);
  CHECK(tracker.length_known());
  CHECK_FALSE(tracker.header_known());
  CHECK(tracker.remaining() == 116);
  tracker.Next(s.Slice(8, 116), format);
  CHECK(tracker.header_known());
}

TEST_CASE("skipped bytes move the place within the PDU") {
  SampleStream s;
  s.C2HData(1, 0, 100);
  PduTracker tracker;
  const PduFormat format(false, false, 1 << 20);
  tracker.Next(s.Slice(0, 24), format);
  tracker.Skip(40);
  const PduRun run = tracker.Next(s.Slice(64, 60), format);
  CHECK(run.part == Part::kData);
  CHECK(run.pdu_offset == 64);
  CHECK(run.size == 60);
  CHECK(run.pdu_complete);
}

TEST_CASE("a header of invalid type or length is bad as soon as the common header is there") {
  const PduFormat format(false, false, 1 << 20);
  const uint8_t unknown[8] = {8, 0, 24, 0, 24, 0, 0, 0};
  PduTracker tracker;
  CHECK(tracker.Next(ByteSpan(unknown, 8), format).bad);
  const uint8_t too_short[8] = {7, 0, 24, 24, 23, 0, 0, 0};
  tracker.StartPdu();
  CHECK(tracker.Next(ByteSpan(too_short, 8), format).bad);
}

TEST_CASE("behind a common header that is bad nothing is taken for its PDU") {
  const PduFormat format(false, false, 1 << 20);
  for (const uint8_t hlen : {uint8_t{24}, uint8_t{8}}) {
    for (const uint8_t type : {uint8_t{7}, uint8_t{8}}) {
      std::vector<uint8_t> bytes = {type, 0, hlen, 24, 23, 0, 0, 0};  // PLEN below every header
      bytes.resize(100);
      PduTracker tracker;
      const PduRun run = tracker.Next(bytes, format);
      CHECK(run.bad);
      CHECK(run.size == 8);
    }
  }
}

TEST_CASE("a header whose digest is wrong is bad, and nothing is complete") {
  SampleStream s({true, false, 0});
  s.C2HData(1, 0, 100);
  s.bytes[24] ^= 1;
  PduTracker tracker;
  const PduRun run = tracker.Next(s.Slice(0, s.size()), PduFormat(true, false, 1 << 20));
  CHECK(run.bad);
  CHECK_FALSE(run.header_complete);
  CHECK_FALSE(run.pdu_complete);
}

TEST_CASE("an ICResp, whose header is longer than what is kept, is walked over") {
  uint8_t pdu[kMaxPduHeader];
  const uint32_t n = EmitIcResp({0, 0, false, false, 4096}, pdu);
  PduTracker tracker;
  const PduFormat format(true, true, 1 << 20);
  const PduRun first = tracker.Next(ByteSpan(pdu, 100), format);
  CHECK((first.size == 100 && !first.bad));
  const PduRun second = tracker.Next(ByteSpan(pdu + 100, n - 100), format);
  CHECK((second.pdu_complete && !second.bad));
}

}  // namespace ddpsim
