#include "models/capture/captured_packet.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ddpsim/wire/checksum.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {
namespace {

constexpr uint16_t kEtherTypeIpv6 = 0x86dd;
constexpr uint16_t kEtherTypeQinQ = 0x88a8;  // IEEE 802.1ad
constexpr uint16_t kEtherTypeOldQinQ = 0x9100;
constexpr int kMaxVlanTags = 4;
constexpr uint32_t kIpv6Header = 40;
constexpr int kMaxExtensions = 8;

// IPv6 next headers (RFC 8200).
constexpr uint8_t kHopByHop = 0;
constexpr uint8_t kRouting = 43;
constexpr uint8_t kFragment = 44;
constexpr uint8_t kAuthentication = 51;
constexpr uint8_t kDestinationOptions = 60;

// What lies below TCP.
struct Layers {
  uint32_t l4_offset = 0;
  uint32_t l4_size = 0;  // TCP header and payload, by IP's length
};

bool IsVlan(uint16_t type) {
  return type == kEtherTypeVlan || type == kEtherTypeQinQ || type == kEtherTypeOldQinQ;
}

// Header bytes that are not there: cut by the snapshot length, or missing on the wire already?
PacketSkip Short(const CaptureRecord& record) {
  return record.bytes.size() < record.original_length ? PacketSkip::kCutBySnaplen
                                                      : PacketSkip::kMalformed;
}

PacketSkip ParseIpv4(const CaptureRecord& record, CapturedPacket* packet, Layers* layers) {
  const uint32_t l3 = packet->l3_offset;
  if (record.bytes.size() < l3 + kIpv4Header) return Short(record);
  const uint8_t* p = &record.bytes[l3];
  const uint32_t header = (p[0] & 0xf) * 4u;
  // 0 in super-segments beyond 64 KiB (Linux BIG TCP): all of the frame.
  uint32_t total = LoadBe16(p + 2);
  if (total == 0) total = record.original_length - l3;
  if (p[0] >> 4 != 4 || header < kIpv4Header || total < header) return PacketSkip::kMalformed;
  if (l3 + total > record.original_length) return PacketSkip::kMalformed;
  if (record.bytes.size() < l3 + header) return Short(record);
  if (p[9] != kIpProtocolTcp) return PacketSkip::kNotTcp;
  if ((LoadBe16(p + 6) & 0x3fff) != 0) return PacketSkip::kFragment;
  InternetChecksum sum;
  sum.Add(record.bytes.subspan(l3, header), 0);
  // 0: left to the device that sends it.
  packet->ip_checksum_good = sum.Finish() == 0 || LoadBe16(p + 10) == 0;
  packet->ip_options = header > kIpv4Header;
  packet->has_ip_id = true;
  packet->ip_id = LoadBe16(p + 4);
  packet->tos = p[1];
  std::copy(p + 12, p + 16, packet->flow.source.begin());
  std::copy(p + 16, p + 20, packet->flow.destination.begin());
  *layers = {l3 + header, total - header};
  return PacketSkip::kNone;
}

PacketSkip ParseIpv6(const CaptureRecord& record, CapturedPacket* packet, Layers* layers) {
  const uint32_t l3 = packet->l3_offset;
  if (record.bytes.size() < l3 + kIpv6Header) return Short(record);
  const uint8_t* p = &record.bytes[l3];
  if (p[0] >> 4 != 6) return PacketSkip::kMalformed;
  uint32_t size = LoadBe16(p + 4);
  if (size == 0) size = record.original_length - l3 - kIpv6Header;
  if (l3 + kIpv6Header + size > record.original_length) return PacketSkip::kMalformed;
  packet->flow.ipv6 = true;
  packet->tos = static_cast<uint8_t>(LoadBe16(p) >> 4);
  std::copy(p + 8, p + 24, packet->flow.source.begin());
  std::copy(p + 24, p + 40, packet->flow.destination.begin());
  uint8_t next = p[6];
  uint32_t at = l3 + kIpv6Header;
  for (int i = 0; next != kIpProtocolTcp; ++i) {
    const bool known = next == kHopByHop || next == kRouting || next == kFragment ||
                       next == kAuthentication || next == kDestinationOptions;
    if (!known) return PacketSkip::kNotTcp;
    if (i == kMaxExtensions) return PacketSkip::kMalformed;
    if (record.bytes.size() < at + 8) return Short(record);
    const uint8_t* extension = &record.bytes[at];
    uint32_t length = extension[1] * 8u + 8;
    if (next == kAuthentication) length = extension[1] * 4u + 8;
    if (next == kFragment) {
      if ((LoadBe16(extension + 2) & 0xfff9) != 0) return PacketSkip::kFragment;
      length = 8;
    }
    if (length > size) return PacketSkip::kMalformed;
    size -= length;
    at += length;
    next = extension[0];
  }
  *layers = {at, size};
  return PacketSkip::kNone;
}

PacketSkip ParseEthernet(const CaptureRecord& record, CapturedPacket* packet, Layers* layers) {
  const ByteSpan frame = record.bytes;
  if (frame.size() < kEthernetHeader) return Short(record);
  uint32_t at = 12;
  uint16_t type = LoadBe16(&frame[at]);
  while (IsVlan(type)) {
    if (packet->vlan_tags == kMaxVlanTags) return PacketSkip::kMalformed;
    at += kVlanTag;
    if (frame.size() < at + 2) return Short(record);
    ++packet->vlan_tags;
    type = LoadBe16(&frame[at]);
  }
  packet->l3_offset = at + 2;
  if (type == kEtherTypeIpv4) return ParseIpv4(record, packet, layers);
  if (type == kEtherTypeIpv6) return ParseIpv6(record, packet, layers);
  return PacketSkip::kNotIp;
}

InternetChecksum PseudoHeader(const CapturedPacket& packet, uint32_t length) {
  const size_t size = packet.flow.ipv6 ? 16 : 4;
  InternetChecksum sum;
  sum.Add(ByteSpan(packet.flow.source.data(), size), 0);
  sum.Add(ByteSpan(packet.flow.destination.data(), size), 0);
  sum.AddField32(length);
  sum.AddField16(kIpProtocolTcp);
  return sum;
}

ChecksumState JudgeChecksum(ByteSpan segment, const CapturedPacket& packet) {
  const auto length = static_cast<uint32_t>(segment.size());
  InternetChecksum sum = PseudoHeader(packet, length);
  sum.Add(segment, 0);
  if (sum.Finish() == 0) return ChecksumState::kGood;
  // CHECKSUM_PARTIAL of Linux: the sum of the pseudo-header, with its length or, for devices that
  // cut, without.
  const uint16_t field = LoadBe16(&segment[16]);
  for (uint32_t with : {length, 0u}) {
    const auto partial = static_cast<uint16_t>(~PseudoHeader(packet, with).Finish());
    if (field == partial) return ChecksumState::kOffloaded;
  }
  return ChecksumState::kBad;
}

std::string AddressText(const CapturedAddress& a, bool ipv6) {
  if (!ipv6) return Ipv4ToString(LoadBe32(a.data()));
  // RFC 5952: the longest run of zero groups becomes "::".
  int best = -1;
  int best_size = 1;
  for (int i = 0; i < 8;) {
    int end = i;
    while (end < 8 && LoadBe16(&a[static_cast<size_t>(end) * 2]) == 0) ++end;
    if (end - i > best_size) {
      best = i;
      best_size = end - i;
    }
    i = std::max(end, i + 1);
  }
  std::string text;
  for (int i = 0; i < 8; ++i) {
    if (i == best) {
      text += "::";
      i += best_size - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ":";
    absl::StrAppend(&text, absl::Hex(LoadBe16(&a[static_cast<size_t>(i) * 2])));
  }
  return absl::StrCat("[", text, "]");
}

}  // namespace

const char* PacketSkipName(PacketSkip skip) {
  static constexpr const char* kNames[kPacketSkips] = {
      "none",           "not_ethernet", "not_ip",
      "not_tcp",        "other_port",   "fragment",
      "cut_by_snaplen", "malformed",    "too_many_connections"};
  return kNames[static_cast<size_t>(skip)];
}

std::string CapturedFlow::ToString() const {
  return absl::StrCat(AddressText(source, ipv6), ":", source_port, " -> ",
                      AddressText(destination, ipv6), ":", destination_port);
}

PacketSkip ParsePacket(const CaptureRecord& record, uint16_t port, CapturedPacket* packet) {
  *packet = CapturedPacket();
  if (record.link_type != kLinkTypeEthernet) return PacketSkip::kNotEthernet;
  Layers layers;
  if (const PacketSkip skip = ParseEthernet(record, packet, &layers); skip != PacketSkip::kNone)
    return skip;
  if (record.bytes.size() < layers.l4_offset + 4) return Short(record);
  const ByteSpan rest = record.bytes.subspan(layers.l4_offset);
  packet->flow.source_port = LoadBe16(&rest[0]);
  packet->flow.destination_port = LoadBe16(&rest[2]);
  if ((packet->flow.source_port == port) == (packet->flow.destination_port == port))
    return PacketSkip::kOtherPort;
  const ByteSpan segment = rest.subspan(0, std::min<size_t>(rest.size(), layers.l4_size));
  const bool cut = segment.size() < layers.l4_size;
  const size_t header = ParseTcpHeader(segment, &packet->tcp);
  if (header == 0) return cut ? Short(record) : PacketSkip::kMalformed;
  packet->payload_size = layers.l4_size - static_cast<uint32_t>(header);
  packet->cut = cut;
  if (cut) return PacketSkip::kCutBySnaplen;
  packet->payload = segment.subspan(header);
  packet->checksum = JudgeChecksum(segment, *packet);
  return PacketSkip::kNone;
}

}  // namespace ddpsim
