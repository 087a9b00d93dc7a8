#include "models/capture/pdu_walker.h"

#include <catch2/catch.hpp>
#include <functional>
#include <vector>

#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

using Bytes = std::vector<uint8_t>;

struct Sink : PduSink {
  std::vector<WalkedPdu> pdus;
  int headers = 0;
  std::function<Belief(ByteSpan)> belief = [](ByteSpan) { return Belief::kPerhaps; };
  Belief Believes(StreamDirection, ByteSpan header) override { return belief(header); }
  void OnPduHeader(StreamDirection, const WalkedPdu&) override { ++headers; }
  void OnPdu(StreamDirection, const WalkedPdu& pdu) override { pdus.push_back(pdu); }
};

Bytes Data(uint16_t cid, const Bytes& payload, bool header_digest, bool data_digest) {
  PduFraming framing;
  framing.header_digest = header_digest;
  framing.data_digest = data_digest;
  C2HDataRepr repr;
  repr.cccid = cid;
  repr.datal = static_cast<uint32_t>(payload.size());
  repr.last = true;
  Bytes out(kMaxPduHeader);
  out.resize(EmitC2HData(repr, framing, out.data()));
  out.insert(out.end(), payload.begin(), payload.end());
  if (data_digest) {
    uint8_t digest[4];
    StoreLe32(digest, Crc32c(0, payload));
    out.insert(out.end(), digest, digest + 4);
  }
  return out;
}

Bytes Stream(int pdus, bool header_digest, bool data_digest) {
  Bytes all;
  for (int i = 0; i < pdus; ++i) {
    const Bytes pdu = Data(static_cast<uint16_t>(i), Bytes(static_cast<size_t>(i) * 37 + 1, 3),
                           header_digest, data_digest);
    all.insert(all.end(), pdu.begin(), pdu.end());
  }
  return all;
}

FramingKnowledge Agreed(bool header_digest, bool data_digest) {
  return {header_digest, data_digest, true};
}

TEST_CASE("walk: however the stream is cut into pieces, the PDUs are the same") {
  for (bool hd : {false, true}) {
    for (bool dd : {false, true}) {
      const Bytes stream = Stream(20, hd, dd);
      for (size_t piece : {1, 2, 7, 23, 24, 29, 1000, 100000}) {
        FramingKnowledge framing = Agreed(hd, dd);
        Sink sink;
        PduWalker walker(StreamDirection::kC2H, &framing, &sink);
        walker.StartAtPdu();
        for (size_t at = 0; at < stream.size(); at += piece)
          walker.OnBytes(at, ByteSpan(stream).subspan(at, piece));
        REQUIRE(sink.pdus.size() == 20);
        CHECK(sink.headers == 20);
        CHECK(!walker.in_mid_pdu());
        CHECK(walker.skipped_bytes() == 0);
        for (const WalkedPdu& pdu : sink.pdus) {
          CHECK(pdu.header_digest == (hd ? DigestVerdict::kGood : DigestVerdict::kNone));
          CHECK(pdu.data_digest == (dd ? DigestVerdict::kGood : DigestVerdict::kNone));
        }
      }
    }
  }
}

TEST_CASE("walk: an altered byte of data or digest is one bad data digest, and the walk goes on") {
  Bytes stream = Stream(10, true, true);
  const size_t fifth = Stream(4, true, true).size();
  stream[fifth + 30] ^= 1;
  FramingKnowledge framing = Agreed(true, true);
  Sink sink;
  PduWalker walker(StreamDirection::kC2H, &framing, &sink);
  walker.StartAtPdu();
  walker.OnBytes(0, stream);
  REQUIRE(sink.pdus.size() == 10);
  CHECK(sink.pdus[4].data_digest == DigestVerdict::kBad);
  CHECK(sink.pdus[4].header_digest == DigestVerdict::kGood);
  CHECK(sink.pdus[5].data_digest == DigestVerdict::kGood);
}

TEST_CASE("walk: a C2HData of 65,536 blocks is one PDU, with header and digests") {
  FramingKnowledge framing = Agreed(true, true);
  Sink sink;
  PduWalker walker(StreamDirection::kC2H, &framing, &sink);
  walker.StartAtPdu();
  walker.SkipDigests();
  const Bytes whole = Data(1, Bytes(65'536 * 512, 3), true, true);
  walker.OnBytes(0, ByteSpan(whole));
  REQUIRE(sink.pdus.size() == 1);
  CHECK(sink.pdus[0].data_length == 65'536 * 512);
  CHECK(walker.skipped_bytes() == 0);
}

TEST_CASE("walk: past a bad header digest it goes on by PLEN, or searches if PLEN cannot be one") {
  const size_t fifth = Stream(4, true, true).size();
  Bytes offset_altered = Stream(10, true, true);
  offset_altered[fifth + 12] ^= 0x10;
  Bytes length_altered = Stream(10, true, true);
  length_altered[fifth + 7] ^= 0x80;  // 2 GiB
  for (const Bytes& stream : {offset_altered, length_altered}) {
    FramingKnowledge framing = Agreed(true, true);
    Sink sink;
    PduWalker walker(StreamDirection::kC2H, &framing, &sink);
    walker.StartAtPdu();
    walker.OnBytes(0, stream);
    REQUIRE(sink.pdus.size() == 10);
    CHECK(sink.pdus[4].header_digest == DigestVerdict::kBad);
    for (size_t i = 5; i < 10; ++i) CHECK(sink.pdus[i].header_digest == DigestVerdict::kGood);
    CHECK(walker.in_sync());
  }
}

TEST_CASE("walk: from the middle it finds the next header and learns the digests from it") {
  for (bool hd : {false, true}) {
    for (bool dd : {false, true}) {
      const Bytes stream = Stream(30, hd, dd);
      const size_t tenth = Stream(10, hd, dd).size();
      for (size_t start : {tenth - 1, tenth - 100, tenth - 333}) {
        FramingKnowledge framing;
        Sink sink;
        PduWalker walker(StreamDirection::kC2H, &framing, &sink);
        walker.OnBytes(start, ByteSpan(stream).subspan(start));
        CHECK(sink.pdus.size() >= 20);
        CHECK(sink.pdus.back().ch.plen + sink.pdus.back().offset == stream.size());
        CHECK(framing.header_digest == hd);
        CHECK(framing.data_digest == dd);
        CHECK(walker.first_pdu() == sink.pdus.front().offset);
      }
    }
  }
}

TEST_CASE(
    "walk: a gap within data leaves the digest unknown, a gap over a header is searched over") {
  const Bytes stream = Stream(10, true, true);
  const size_t fifth = Stream(4, true, true).size();
  const size_t sixth = Stream(5, true, true).size();
  FramingKnowledge framing = Agreed(true, true);
  Sink within;
  PduWalker walker(StreamDirection::kC2H, &framing, &within);
  walker.StartAtPdu();
  walker.OnBytes(0, ByteSpan(stream).subspan(0, fifth + 40));
  walker.OnGap(fifth + 40, 50);
  walker.OnBytes(fifth + 90, ByteSpan(stream).subspan(fifth + 90));
  REQUIRE(within.pdus.size() == 10);
  CHECK(within.pdus[4].data_digest == DigestVerdict::kUnknown);
  CHECK(within.pdus[5].data_digest == DigestVerdict::kGood);
  CHECK(walker.resyncs() == 0);

  Sink over;
  PduWalker other(StreamDirection::kC2H, &framing, &over);
  other.StartAtPdu();
  other.OnBytes(0, ByteSpan(stream).subspan(0, sixth - 10));
  other.OnGap(sixth - 10, 30);
  other.OnBytes(sixth + 20, ByteSpan(stream).subspan(sixth + 20));
  CHECK(over.pdus.size() == 8);  // without the one that ends and the one that begins in the gap
  CHECK(other.resyncs() == 1);
}

TEST_CASE("walk: payload that looks like a header does not lead a search without digests astray") {
  // Headers of 4 data bytes that do not chain: after each one comes noise.
  Bytes bait = Data(1, {1, 2, 3, 4}, false, false);
  bait.insert(bait.end(), 13, 0xee);
  Bytes stream;
  for (int i = 0; i < 20; ++i) stream.insert(stream.end(), bait.begin(), bait.end());
  const size_t real = stream.size();
  const Bytes tail = Stream(5, false, false);
  stream.insert(stream.end(), tail.begin(), tail.end());
  FramingKnowledge framing;
  Sink sink;
  PduWalker walker(StreamDirection::kC2H, &framing, &sink);
  walker.OnBytes(0, stream);
  REQUIRE(sink.pdus.size() == 5);
  CHECK(sink.pdus[0].offset == real);
}

TEST_CASE("walk: a search ends with the last byte of a header, not behind it") {
  PduFraming framing;
  for (const bool hd : {false, true}) {
    framing.header_digest = hd;
    Bytes stream(10, 0xff);
    stream.resize(10 + kMaxPduHeader);
    stream.resize(10 + EmitCapsuleResp(CapsuleRespRepr(), framing, &stream[10]));
    FramingKnowledge knowledge;
    Sink sink;
    sink.belief = [](ByteSpan) { return Belief::kCertain; };
    PduWalker walker(StreamDirection::kC2H, &knowledge, &sink);
    walker.OnBytes(0, stream);
    CHECK(sink.pdus.size() == 1);
    CHECK(walker.skipped_bytes() == 10);
  }
}

TEST_CASE("walk: the bytes before the first PDU are skipped, however they are cut") {
  const Bytes stream = Stream(30, true, true);
  const size_t start = Stream(10, true, true).size() - 100;
  for (size_t piece : {1, 2, 7, 23, 100000}) {
    FramingKnowledge framing;
    Sink sink;
    PduWalker walker(StreamDirection::kC2H, &framing, &sink);
    for (size_t at = start; at < stream.size(); at += piece)
      walker.OnBytes(at, ByteSpan(stream).subspan(at, piece));
    REQUIRE(walker.first_pdu().has_value());
    CHECK(walker.skipped_bytes() == *walker.first_pdu() - start);
  }
}

TEST_CASE("walk: a gap in a header skips what there was of it") {
  const Bytes stream = Stream(10, false, false);
  FramingKnowledge framing = Agreed(false, false);
  Sink sink;
  PduWalker walker(StreamDirection::kC2H, &framing, &sink);
  walker.StartAtPdu();
  const size_t fifth = Stream(4, false, false).size();
  walker.OnBytes(0, ByteSpan(stream).subspan(0, fifth + 10));
  walker.OnGap(fifth + 10, 7);
  CHECK(walker.skipped_bytes() == 17);
}

TEST_CASE("walk: a candidate that proves wrong makes the search no less choosy") {
  Bytes stream(5000, 0xff);
  Bytes wrong = Data(77, Bytes(8, 3), false, false);  // and nothing follows where it ends
  wrong.insert(wrong.end(), 100, 0xff);
  stream.insert(stream.end(), wrong.begin(), wrong.end());
  const Bytes rest = Stream(10, false, false);
  stream.insert(stream.end(), rest.begin(), rest.end());
  FramingKnowledge framing;
  Sink sink;
  sink.belief = [](ByteSpan header) {  // of all commands only 77 is under way
    return LoadLe16(&header[8]) == 77 ? Belief::kPerhaps : Belief::kNo;
  };
  PduWalker walker(StreamDirection::kC2H, &framing, &sink);
  walker.OnBytes(0, stream);
  CHECK(sink.pdus.empty());
}

TEST_CASE("walk: after a mebibyte any header will do") {
  for (const size_t junk : {(1u << 20) - 1, 1u << 20}) {
    Bytes stream(junk, 0xff);
    const Bytes rest = Stream(10, false, false);
    stream.insert(stream.end(), rest.begin(), rest.end());
    FramingKnowledge framing;
    Sink sink;
    sink.belief = [](ByteSpan) { return Belief::kNo; };
    PduWalker walker(StreamDirection::kC2H, &framing, &sink);
    walker.OnBytes(0, stream);
    CHECK((walker.first_pdu() == junk) == (junk == 1u << 20));
  }
}

TEST_CASE("walk: digests are learned from the first PDU of the chain that was believed") {
  Bytes stream(10, 0xff);
  for (const bool dd : {false, false, true, false}) {
    const Bytes pdu = Data(1, Bytes(8, 3), false, dd);
    stream.insert(stream.end(), pdu.begin(), pdu.end());
  }
  FramingKnowledge framing;
  Sink sink;
  PduWalker walker(StreamDirection::kC2H, &framing, &sink);
  walker.OnBytes(0, stream);
  REQUIRE(sink.pdus.size() >= 2);
  CHECK(framing.data_digest == false);
}

TEST_CASE("walk: a C2HData whose DATAL is not what PLEN leaves is told, and only that") {
  Bytes right = Data(1, Bytes(100, 3), true, true), wrong = Data(1, Bytes(100, 3), false, false);
  ++wrong[16];
  for (const Bytes& pdu : {right, wrong}) {
    FramingKnowledge framing = Agreed(pdu == right, pdu == right);
    Sink sink;
    PduWalker walker(StreamDirection::kC2H, &framing, &sink);
    walker.StartAtPdu();
    walker.OnBytes(0, pdu);
    REQUIRE(sink.pdus.size() == 1);
    CHECK(sink.pdus[0].lengths_agree == (pdu == right));
  }
}

TEST_CASE("walk: any bytes whatever are walked without harm") {
  uint64_t noise = 88172645463325252ull;
  for (int round = 0; round < 300; ++round) {
    FramingKnowledge framing;
    if (round % 3 == 0) framing = Agreed(round % 2 == 0, round % 4 < 2);
    Sink sink;
    PduWalker walker(round % 2 == 0 ? StreamDirection::kC2H : StreamDirection::kH2C, &framing,
                     &sink);
    if (round % 5 == 0) walker.StartAtPdu();
    uint64_t at = 0;
    for (int piece = 0; piece < 20; ++piece) {
      Bytes bytes(static_cast<size_t>(noise % 300));
      for (uint8_t& byte : bytes) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        static constexpr uint8_t kLikely[] = {0, 1, 4, 7, 5, 24, 72, 128, 28, 0x0f};
        byte = noise % 3 == 0 ? static_cast<uint8_t>(noise >> 8) : kLikely[(noise >> 8) % 10];
      }
      if (noise % 11 == 0) {
        walker.OnGap(at, bytes.size() + 1);
        at += bytes.size() + 1;
      } else {
        walker.OnBytes(at, bytes);
        at += bytes.size();
      }
    }
    uint64_t end = 0;
    for (const WalkedPdu& pdu : sink.pdus) {
      CHECK(pdu.offset >= end);
      end = pdu.offset + (pdu.header_good() ? pdu.ch.plen : 8);
    }
  }
}

}  // namespace
}  // namespace ddpsim
