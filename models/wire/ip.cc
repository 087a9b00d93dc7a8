#include "ddpsim/wire/ip.h"

#include "absl/strings/str_cat.h"
#include "ddpsim/wire/checksum.h"

namespace ddpsim {
namespace {

// RFC 791: more-fragments flag and the 13 bits of fragment offset.
constexpr uint16_t kFragmentBits = 0x3fff;

// Returns the offset of the IPv4 header, or 0.
uint32_t ParseEthernet(ByteSpan frame, ParsedFrame* parsed) {
  if (frame.size() < kEthernetHeader + kIpv4Header) return 0;
  const uint16_t ether_type = LoadBe16(&frame[12]);
  parsed->has_vlan = ether_type == kEtherTypeVlan;
  if (!parsed->has_vlan) return ether_type == kEtherTypeIpv4 ? kEthernetHeader : 0;
  if (frame.size() < kEthernetHeader + kVlanTag + kIpv4Header) return 0;
  parsed->vlan_tci = LoadBe16(&frame[14]);
  return LoadBe16(&frame[16]) == kEtherTypeIpv4 ? kEthernetHeader + kVlanTag : 0;
}

// Returns the size of the IPv4 header, or 0.
uint32_t ParseIpv4(ByteSpan packet, ParsedFrame* parsed) {
  const uint8_t* p = packet.data();
  const uint32_t header = (p[0] & 0xf) * 4u;
  const uint16_t total = LoadBe16(p + 2);
  if (p[0] >> 4 != 4 || header < kIpv4Header || total < header || total > packet.size()) return 0;
  if ((LoadBe16(p + 6) & kFragmentBits) != 0 || p[9] != kIpProtocolTcp) return 0;
  parsed->tos = p[1];
  parsed->ip_total_length = total;
  parsed->ip_id = LoadBe16(p + 4);
  parsed->tuple.protocol = p[9];
  parsed->tuple.flow.source_ip = LoadBe32(p + 12);
  parsed->tuple.flow.destination_ip = LoadBe32(p + 16);
  return header;
}

}  // namespace

bool ParseFrame(ByteSpan frame, ParsedFrame* parsed) {
  const uint32_t l3 = ParseEthernet(frame, parsed);
  if (l3 == 0) return false;
  const ByteSpan packet(frame.data() + l3, frame.size() - l3);
  const uint32_t ip_header = ParseIpv4(packet, parsed);
  if (ip_header == 0) return false;
  const ByteSpan segment(packet.data() + ip_header, parsed->ip_total_length - ip_header);
  const uint32_t tcp_header = static_cast<uint32_t>(ParseTcpHeader(segment, &parsed->tcp));
  if (tcp_header == 0) return false;
  parsed->tuple.flow.source_port = parsed->tcp.source_port;
  parsed->tuple.flow.destination_port = parsed->tcp.destination_port;
  parsed->l3_offset = l3;
  parsed->l4_offset = l3 + ip_header;
  parsed->payload_offset = l3 + ip_header + tcp_header;
  parsed->payload = ByteSpan(segment.data() + tcp_header, segment.size() - tcp_header);
  return true;
}

bool VerifyIpv4Checksum(ByteSpan frame, const ParsedFrame& parsed) {
  // Straight, as ip_fast_csum() of the kernels: a header is a few whole 32-bit words (IHL).
  uint64_t sum = 0;
  const uint8_t* const end = frame.data() + parsed.l4_offset;
  for (const uint8_t* p = frame.data() + parsed.l3_offset; p != end; p += 4) sum += LoadLe32(p);
  return InternetChecksum(sum).Finish() == 0;
}

bool TcpChecksumIsRight(ByteSpan frame, const ParsedFrame& parsed) {
  const uint32_t ip_header = parsed.l4_offset - parsed.l3_offset;
  const uint16_t length = static_cast<uint16_t>(parsed.ip_total_length - ip_header);
  InternetChecksum sum;
  sum.AddField32(parsed.tuple.flow.source_ip);
  sum.AddField32(parsed.tuple.flow.destination_ip);
  sum.AddField16(kIpProtocolTcp);
  sum.AddField16(length);
  sum.Add(frame.subspan(parsed.l4_offset, length), 0);
  return sum.Finish() == 0;
}

std::string Ipv4ToString(Ipv4Address a) {
  return absl::StrCat(a >> 24, ".", a >> 16 & 0xff, ".", a >> 8 & 0xff, ".", a & 0xff);
}

}  // namespace ddpsim
