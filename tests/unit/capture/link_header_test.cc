#include "models/capture/link_header.h"

#include <catch2/catch.hpp>

#include "models/capture/captured_packet.h"
#include "tests/support/capture_builder.h"

namespace ddpsim {
namespace {

Bytes IpPacket() {
  const Bytes frame = MakeFrame({false, 1000, 0, kTcpAck, 1, Bytes(100, 7)});
  return Bytes(frame.begin() + 14, frame.end());
}

struct Parsed {
  PacketSkip skip;
  CapturedPacket packet;
};

Parsed Parse(uint32_t link_type, const Bytes& bytes) {
  CaptureRecord record;
  record.link_type = link_type;
  record.bytes = bytes;
  record.original_length = static_cast<uint32_t>(bytes.size());
  Parsed parsed;
  parsed.skip = ParsePacket(record, {4420}, &parsed.packet);
  return parsed;
}

void CheckFound(uint32_t link_type, const Bytes& header) {
  INFO(LinkTypeName(link_type) << " " << link_type);
  const Parsed parsed = Parse(link_type, Join({header, IpPacket()}));
  CHECK(parsed.skip == PacketSkip::kNone);
  CHECK(parsed.packet.payload_size == 100);
  CHECK(parsed.packet.l3_offset == header.size());
  CHECK(parsed.packet.checksums_good());
  // Every shorter record is told from a whole one.
  for (size_t size = 0; size < header.size() + 40; ++size) {
    Bytes cut = Join({header, IpPacket()});
    cut.resize(size);
    CHECK(Parse(link_type, cut).skip != PacketSkip::kNone);
  }
}

Bytes Sll(const Bytes& tail) { return Join({{0, 0, 0, 1, 0, 6}, Bytes(8, 2), tail}); }
Bytes Sll2(uint8_t high, uint8_t low) {
  return Join({{high, low, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6}, Bytes(8, 2)});
}

TEST_CASE("link headers: cooked captures, loopback and raw IP are read as Ethernet is") {
  CheckFound(113, Sll({8, 0}));
  CheckFound(113, Sll({0x81, 0, 0, 5, 8, 0}));
  CheckFound(276, Sll2(8, 0));
  CheckFound(276, Join({Sll2(0x81, 0), {0, 5, 8, 0}}));
  for (uint32_t raw : {12u, 14u, 101u, 228u}) CheckFound(raw, {});
  CheckFound(0, {2, 0, 0, 0});
  CheckFound(0, {0, 0, 0, 2});
  CheckFound(108, {0, 0, 0, 2});
  CheckFound(1, Join({Bytes(12, 2), {8, 0}}));
}

TEST_CASE("link headers: what is not IP, or of another link type, is told so") {
  CHECK(Parse(113, Join({Sll({8, 6}), Bytes(40)})).skip == PacketSkip::kNotIp);
  CHECK(Parse(0, Join({{7, 0, 0, 0}, IpPacket()})).skip == PacketSkip::kNotIp);
  CHECK(Parse(101, Bytes(40, 0x55)).skip == PacketSkip::kNotIp);
  CHECK(Parse(105, IpPacket()).skip == PacketSkip::kNotEthernet);
  for (const uint8_t cast : {0x47, 0x48})
    CHECK(Parse(1, Join({Bytes(12, 2), {0x88, cast}, Bytes(4), IpPacket()})).skip ==
          PacketSkip::kMpls);
  CHECK(Parse(1, Join({Bytes(12, 2), {0x88, 0x64}, Bytes(8), IpPacket()})).skip ==
        PacketSkip::kPppoe);
  CHECK(LinkTypeName(105) == "IEEE802_11");
  CHECK(LinkTypeName(9999) == "link type 9999");
}

// Where a packet was seen: the same frame between other MAC addresses is another hop's.
TEST_CASE("link headers: the place of a packet is told by its MAC addresses and its TTL") {
  const auto place = [](uint8_t mac, uint8_t ttl) {
    Bytes packet = IpPacket();
    packet[8] = ttl;
    return Parse(1, Join({Bytes(12, mac), {8, 0}, packet})).packet.place;
  };
  CHECK(place(2, 64) == place(2, 64));
  CHECK(place(2, 64) != place(3, 64));
  CHECK(place(2, 64) != place(2, 63));
}

TEST_CASE("link headers: an IPv6 header gives both addresses, and has no checksum to be wrong") {
  const Bytes ipv4 = IpPacket();
  Bytes ipv6 = {0x6b, 0x80, 0, 0, 0, 0, 6, 64};
  StoreBe16(&ipv6[4], static_cast<uint16_t>(ipv4.size() - 20));
  for (uint8_t i = 0; i < 32; ++i) ipv6.push_back(i);
  ipv6.insert(ipv6.end(), ipv4.begin() + 20, ipv4.end());
  const Parsed parsed = Parse(101, ipv6);
  REQUIRE(parsed.skip == PacketSkip::kNone);
  CHECK(parsed.packet.flow.ipv6);
  for (uint8_t i = 0; i < 16; ++i) {
    CHECK(parsed.packet.flow.source[i] == i);
    CHECK(parsed.packet.flow.destination[i] == 16 + i);
  }
  CHECK(parsed.packet.tos == 0xb8);
  CHECK(parsed.packet.ip_checksum_good);
  CHECK_FALSE(parsed.packet.has_ip_id);
  CHECK(Parse(101, ipv4).packet.has_ip_id);
}

// A frame within an outer IPv4 packet.
Bytes Outer(uint8_t protocol, const Bytes& content) {
  Bytes header = {0x45, 0, 0, 0, 0, 9, 0, 0, 64, protocol, 0, 0, 10, 1, 1, 1, 10, 1, 1, 2};
  StoreBe16(&header[2], static_cast<uint16_t>(header.size() + content.size()));
  return Join({Bytes(12, 4), {8, 0}, header, content});
}
Bytes Udp(uint16_t port, const Bytes& content) {
  Bytes header = {0x30, 0, 0, 0, 0, 0, 0, 0};
  StoreBe16(&header[2], port);
  StoreBe16(&header[4], static_cast<uint16_t>(8 + content.size()));
  return Join({header, content});
}

TEST_CASE("link headers: VXLAN is looked into, other tunnels are named") {
  const Bytes inner = MakeFrame({false, 1000, 0, kTcpAck, 1, Bytes(100, 7)});
  const Bytes vxlan = Join({{8, 0, 0, 0, 0, 0, 42, 0}, inner});
  for (uint16_t port : {uint16_t{4789}, uint16_t{8472}}) {
    const Parsed parsed = Parse(1, Outer(17, Udp(port, vxlan)));
    CHECK(parsed.skip == PacketSkip::kNone);
    CHECK(parsed.packet.payload_size == 100);
    CHECK(parsed.packet.tunnels == 1);
    CHECK(parsed.packet.l3_offset == 14 + 20 + 8 + 8 + 14);
  }
  CHECK(Parse(1, Outer(17, Udp(53, vxlan))).skip == PacketSkip::kNotTcp);
  CHECK(Parse(1, Outer(17, Udp(4789, Bytes(4)))).skip == PacketSkip::kNotTcp);
  CHECK(Parse(1, Outer(17, Udp(6081, vxlan))).skip == PacketSkip::kGeneve);
  CHECK(Parse(1, Outer(47, vxlan)).skip == PacketSkip::kGre);
  CHECK(Parse(1, Outer(4, IpPacket())).skip == PacketSkip::kIpInIp);
  CHECK(Parse(1, Outer(41, IpPacket())).skip == PacketSkip::kIpInIp);
  CHECK(Parse(1, Outer(50, vxlan)).skip == PacketSkip::kIpsec);
  // A tunnel within a tunnel within a tunnel: nobody builds that.
  Bytes deep = inner;
  for (int i = 0; i < 3; ++i) deep = Outer(17, Udp(4789, Join({{8, 0, 0, 0, 0, 0, 42, 0}, deep})));
  CHECK(Parse(1, deep).skip == PacketSkip::kMalformed);
}

}  // namespace
}  // namespace ddpsim
