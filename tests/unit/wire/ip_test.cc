#include "ddpsim/wire/ip.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "ddpsim/wire/segment_writer.h"

namespace ddpsim {
namespace {

const uint8_t kText[] = "payload";

std::vector<uint8_t> MakeFrame() {
  FramePool pool;
  const EthIpAddresses addresses = {{}, {}, 0x0a090001, 0x0a090002};
  TcpHeader header;
  header.source_port = 4420;
  header.destination_port = 40000;
  const Payload payload = {kText, 7, 0, nullptr};
  const FramePtr frame = WriteSegment(pool, addresses, 5, header, {&payload, 1}, 0, 7);
  return {frame->bytes().begin(), frame->bytes().end()};
}

TEST_CASE("a frame is taken apart into tuple, lengths, offsets and payload") {
  const std::vector<uint8_t> frame = MakeFrame();
  ParsedFrame parsed;
  REQUIRE(ParseFrame(frame, &parsed));
  CHECK(parsed.tuple == FiveTuple{{0x0a090001, 0x0a090002, 4420, 40000}, 6});
  CHECK(parsed.ip_id == 5);
  CHECK(parsed.ip_total_length == 47);
  CHECK(parsed.l3_offset == 14);
  CHECK(parsed.l4_offset == 34);
  CHECK(parsed.payload_offset == 54);
  CHECK(parsed.payload == ByteSpan(kText, 7));
  CHECK_FALSE(parsed.has_vlan);
}

TEST_CASE(
    "the type of service, options of IP, and the last of a header's words are taken apart too") {
  std::vector<uint8_t> frame = MakeFrame();
  frame[15] = 0x2a;
  ParsedFrame parsed;
  REQUIRE(ParseFrame(frame, &parsed));
  CHECK(parsed.tos == 0x2a);
  CHECK(parsed.tcp.source_port == parsed.tuple.flow.source_port);
  // Four bytes of options behind the IP header move what follows.
  const uint8_t nops[] = {1, 1, 1, 1};
  frame.insert(frame.begin() + 34, nops, nops + 4);
  frame[14] = 0x46;
  StoreBe16(&frame[16], 51);
  REQUIRE(ParseFrame(frame, &parsed));
  CHECK(parsed.l3_offset == 14);
  CHECK(parsed.l4_offset == 38);
  CHECK(parsed.payload_offset == 58);
  CHECK(parsed.payload == ByteSpan(kText, 7));
}

TEST_CASE("Ethernet padding is not payload") {
  std::vector<uint8_t> frame = MakeFrame();
  frame.resize(frame.size() + 20, 0xee);
  ParsedFrame parsed;
  REQUIRE(ParseFrame(frame, &parsed));
  CHECK(parsed.payload.size() == 7);
  CHECK(TcpChecksumIsRight(frame, parsed));
}

TEST_CASE("a VLAN tag moves every offset by four") {
  std::vector<uint8_t> frame = MakeFrame();
  const uint8_t tag[] = {0x81, 0x00, 0x20, 0x64};
  frame.insert(frame.begin() + 12, tag, tag + 4);
  ParsedFrame parsed;
  REQUIRE(ParseFrame(frame, &parsed));
  CHECK(parsed.has_vlan);
  CHECK(parsed.vlan_tci == 0x2064);
  CHECK(parsed.payload_offset == 58);
  CHECK(VerifyIpv4Checksum(frame, parsed));
  CHECK(TcpChecksumIsRight(frame, parsed));
}

TEST_CASE("every prefix of a frame is refused without reading beyond it") {
  const std::vector<uint8_t> frame = MakeFrame();
  for (size_t n = 0; n < frame.size(); ++n) {
    const std::vector<uint8_t> prefix(frame.begin(), frame.begin() + static_cast<long>(n));
    ParsedFrame parsed;
    REQUIRE_FALSE(ParseFrame(prefix, &parsed));
  }
}

TEST_CASE("what is not a whole TCP/IPv4 packet is refused") {
  ParsedFrame parsed;
  const auto with = [](size_t at, uint8_t value) {
    std::vector<uint8_t> frame = MakeFrame();
    frame[at] = value;
    return frame;
  };
  CHECK_FALSE(ParseFrame(with(12, 0x86), &parsed));  // another EtherType
  CHECK_FALSE(ParseFrame(with(14, 0x65), &parsed));  // IP version 6
  CHECK_FALSE(ParseFrame(with(14, 0x44), &parsed));  // header length below 20
  CHECK_FALSE(ParseFrame(with(17, 19), &parsed));    // total length below the header
  CHECK_FALSE(ParseFrame(with(20, 0x60), &parsed));  // more fragments
  CHECK_FALSE(ParseFrame(with(21, 0x01), &parsed));  // fragment offset
  CHECK_FALSE(ParseFrame(with(23, 17), &parsed));    // UDP
  CHECK_FALSE(ParseFrame(with(46, 0x40), &parsed));  // TCP data offset
}

TEST_CASE("a fragment is refused whatever its bytes and the packet before it were") {
  ParsedFrame parsed;
  std::vector<uint8_t> frame = MakeFrame();
  REQUIRE(ParseFrame(frame, &parsed));
  for (int octet = 0; octet < 256; ++octet) {
    frame[27] = static_cast<uint8_t>(octet);  // of the source address
    frame[20] = 0x20;                         // more fragments
    CHECK_FALSE(ParseFrame(frame, &parsed));
    frame[20] = 0;
    CHECK(ParseFrame(frame, &parsed));
  }
}

TEST_CASE("any flipped bit from the TCP header on spoils the TCP checksum") {
  const std::vector<uint8_t> frame = MakeFrame();
  ParsedFrame parsed;
  REQUIRE(ParseFrame(frame, &parsed));
  for (size_t bit = 34 * 8; bit < frame.size() * 8; ++bit) {
    std::vector<uint8_t> bad = frame;
    bad[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    REQUIRE_FALSE(TcpChecksumIsRight(bad, parsed));
  }
}

TEST_CASE("the writer's memo is believed, a copy's bytes are summed") {
  FramePool pool;
  const std::vector<uint8_t> bytes = MakeFrame();
  RefPtr<Frame> frame = pool.Allocate(static_cast<uint32_t>(bytes.size()));
  std::copy(bytes.begin(), bytes.end(), frame->mutable_data());
  frame->mutable_data()[60] ^= 1;
  ParsedFrame parsed;
  REQUIRE(ParseFrame(frame->bytes(), &parsed));
  CHECK_FALSE(VerifyTcpChecksum(*frame, parsed));
  frame->set_l4_checksum_known_good(true);
  CHECK(VerifyTcpChecksum(*frame, parsed));
  CHECK_FALSE(VerifyTcpChecksum(*pool.Copy(*frame), parsed));
}

TEST_CASE("tuples order, reverse and hash by all of their fields") {
  const FourTuple t = {1, 2, 3, 4};
  CHECK(t.Reversed() == FourTuple{2, 1, 4, 3});
  CHECK(t.Reversed().Reversed() == t);
  const std::vector<FourTuple> sorted = {
      {1, 2, 3, 4}, {1, 2, 3, 5}, {1, 2, 4, 0}, {1, 3, 0, 0}, {2, 0, 0, 0}};
  CHECK(std::is_sorted(sorted.begin(), sorted.end()));
  absl::flat_hash_set<FiveTuple> set;
  for (const FourTuple& flow : sorted) {
    CHECK(set.insert({flow, 6}).second);
    CHECK(set.insert({flow, 17}).second);
    CHECK_FALSE(set.insert({flow, 6}).second);
  }
}

TEST_CASE("an address prints as four decimal bytes") {
  CHECK(Ipv4ToString(0x0a0900ff) == "10.9.0.255");
}

}  // namespace
}  // namespace ddpsim
