#include "ddpsim/wire/segment_writer.h"

#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/base/check.h"
#include "ddpsim/base/rng.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {
namespace {

const EthIpAddresses kAddresses = {{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}, 0x0a090001, 0x0a090002};

TcpHeader Header() {
  TcpHeader header;
  header.source_port = 4420;
  header.destination_port = 40000;
  header.seq = SeqNum(0xfffffa00);  // wraps on the way
  header.ack = SeqNum(7);
  header.flags = kTcpAck | kTcpPsh | kTcpFin | kTcpCwr;
  header.window = 501;
  header.options.has_timestamps = true;
  header.options.ts_val = 11;
  header.options.ts_ecr = 22;
  return header;
}

std::vector<uint8_t> RandomBytes(size_t n) {
  Rng rng(1, "segment");
  std::vector<uint8_t> bytes(n);
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(rng.U64());
  return bytes;
}

// Cuts `bytes` at the given places.
std::vector<Payload> Gather(const std::vector<uint8_t>& bytes, std::vector<uint32_t> cuts) {
  std::vector<Payload> gather;
  uint32_t from = 0;
  cuts.push_back(static_cast<uint32_t>(bytes.size()));
  for (uint32_t to : cuts) {
    gather.push_back({bytes.data() + from, to - from, 0, nullptr});
    from = to;
  }
  return gather;
}

ParsedFrame Parse(const Frame& frame) {
  ParsedFrame parsed;
  REQUIRE(ParseFrame(frame.bytes(), &parsed));
  REQUIRE(VerifyIpv4Checksum(frame.bytes(), parsed));
  REQUIRE(TcpChecksumIsRight(frame.bytes(), parsed));
  return parsed;
}

TEST_CASE("a bare ACK is the hand-computed frame") {
  FramePool pool;
  TcpHeader header;
  header.source_port = 4420;
  header.destination_port = 40000;
  header.seq = SeqNum(1);
  header.ack = SeqNum(2);
  header.flags = kTcpAck;
  header.window = 256;
  const FramePtr frame = WriteSegment(pool, kAddresses, 0x1234, header, {}, 0, 0);
  // RFC 1071 by hand: the words of the IP header, of the pseudo-header and of the TCP header.
  uint32_t ip = 0x4500 + 0x0028 + 0x1234 + 0x4000 + 0x4006 + 0x0a09 + 0x0001 + 0x0a09 + 0x0002;
  ip = ~((ip & 0xffff) + (ip >> 16)) & 0xffff;
  uint32_t tcp = 0x0a09 + 0x0001 + 0x0a09 + 0x0002 + 6 + 20 + 4420 + 40000 + 1 + 2 + 0x5010 + 256;
  tcp = ~((tcp & 0xffff) + (tcp >> 16)) & 0xffff;
  const std::vector<uint8_t> expected = {2,
                                         0,
                                         0,
                                         0,
                                         0,
                                         2,
                                         2,
                                         0,
                                         0,
                                         0,
                                         0,
                                         1,
                                         8,
                                         0,  //
                                         0x45,
                                         0,
                                         0,
                                         40,
                                         0x12,
                                         0x34,
                                         0x40,
                                         0,
                                         64,
                                         6,
                                         static_cast<uint8_t>(ip >> 8),
                                         static_cast<uint8_t>(ip),
                                         10,
                                         9,
                                         0,
                                         1,
                                         10,
                                         9,
                                         0,
                                         2,  //
                                         0x11,
                                         0x44,
                                         0x9c,
                                         0x40,
                                         0,
                                         0,
                                         0,
                                         1,
                                         0,
                                         0,
                                         0,
                                         2,
                                         0x50,
                                         0x10,
                                         1,
                                         0,
                                         static_cast<uint8_t>(tcp >> 8),
                                         static_cast<uint8_t>(tcp),
                                         0,
                                         0};
  CHECK(std::vector<uint8_t>(frame->bytes().begin(), frame->bytes().end()) == expected);
  CHECK(frame->l4_checksum_known_good());
}

TEST_CASE("any range of any gather list arrives with right checksums") {
  FramePool pool;
  const std::vector<uint8_t> bytes = RandomBytes(1400);
  const std::vector<Payload> gather = Gather(bytes, {24, 25, 25, 252, 1001, 1304});
  Rng rng(2, "segment");
  for (int round = 0; round < 2000; ++round) {
    const uint32_t offset = static_cast<uint32_t>(rng.Below(1400));
    const uint32_t length = static_cast<uint32_t>(rng.Below(1400 - offset + 1));
    const FramePtr frame = WriteSegment(pool, kAddresses, 1, Header(), gather, offset, length);
    const ParsedFrame parsed = Parse(*frame);
    REQUIRE(parsed.payload == ByteSpan(bytes).subspan(offset, length));
    REQUIRE(parsed.tcp.flags == Header().flags);
  }
}

TEST_CASE("a large send is cut as TSO hardware cuts it") {
  FramePool pool;
  const std::vector<uint8_t> bytes = RandomBytes(64 * 1024);
  const std::vector<Payload> gather = Gather(bytes, {24, 4096 + 24, 9001, 60000});
  const TcpHeader header = Header();
  SegmentCutter cutter(kAddresses, 0xfffe, header, gather, 100, 10000, 1448);
  REQUIRE(cutter.segments() == 7);
  uint32_t at = 0;
  for (uint32_t i = 0; i < 7; ++i) {
    REQUIRE_FALSE(cutter.done());
    const FramePtr frame = cutter.Next(pool);
    const ParsedFrame parsed = Parse(*frame);
    const uint32_t length = i < 6 ? 1448 : 10000 - 6 * 1448;
    CHECK(parsed.payload == ByteSpan(bytes).subspan(100 + at, length));
    CHECK(parsed.tcp.seq == header.seq + at);
    CHECK(parsed.tcp.ack == header.ack);
    CHECK(parsed.ip_id == static_cast<uint16_t>(0xfffe + i));
    CHECK(((parsed.tcp.flags & kTcpCwr) != 0) == (i == 0));
    CHECK(((parsed.tcp.flags & kTcpPsh) != 0) == (i == 6));
    CHECK(((parsed.tcp.flags & kTcpFin) != 0) == (i == 6));
    CHECK((parsed.tcp.flags & kTcpAck) != 0);
    CHECK(parsed.tcp.options.ts_val == 11);
    CHECK(parsed.tcp.options.ts_ecr == 22);
    at += length;
  }
  CHECK(cutter.done());
  CHECK_THROWS_AS(cutter.Next(pool), ModelBug);
}

TEST_CASE("a send of whole segments has no empty one at its end") {
  const std::vector<uint8_t> bytes = RandomBytes(2896);
  const std::vector<Payload> gather = Gather(bytes, {});
  CHECK(SegmentCutter(kAddresses, 0, Header(), gather, 0, 2896, 1448).segments() == 2);
  CHECK(SegmentCutter(kAddresses, 0, Header(), gather, 0, 0, 1448).segments() == 1);
}

TEST_CASE("a gather list that is too short is a model bug") {
  FramePool pool;
  const std::vector<uint8_t> bytes = RandomBytes(100);
  const std::vector<Payload> gather = Gather(bytes, {});
  CHECK_THROWS_AS(WriteSegment(pool, kAddresses, 0, Header(), gather, 1, 100), ModelBug);
}

}  // namespace
}  // namespace ddpsim
