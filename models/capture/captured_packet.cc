#include "models/capture/captured_packet.h"

#include <algorithm>

#include "ddpsim/wire/checksum.h"
#include "ddpsim/wire/ip.h"
#include "models/capture/link_header.h"

namespace ddpsim {
namespace {

constexpr uint32_t kIpv6Header = 40;
constexpr int kMaxExtensions = 8;
constexpr int kMaxTunnels = 2;  // a guest's overlay within its host's

// IPv6 next headers (RFC 8200) and IPv4 protocols.
constexpr uint8_t kHopByHop = 0;
constexpr uint8_t kIpv4 = 4;
constexpr uint8_t kUdp = 17;
constexpr uint8_t kIpv6 = 41;
constexpr uint8_t kRouting = 43;
constexpr uint8_t kFragment = 44;
constexpr uint8_t kGre = 47;
constexpr uint8_t kEncapsulatingSecurity = 50;
constexpr uint8_t kAuthentication = 51;
constexpr uint8_t kDestinationOptions = 60;

constexpr uint32_t kUdpHeader = 8;
constexpr uint32_t kVxlanHeader = 8;
constexpr uint8_t kVxlanHasVni = 0x08;
constexpr uint16_t kVxlanPort = 4789;
constexpr uint16_t kOldVxlanPort = 8472;  // Linux's, before IANA gave one
constexpr uint16_t kGenevePort = 6081;

// From the record's first byte to TCP's.
class HeaderParser {
 public:
  HeaderParser(const CaptureRecord& record, CapturedPacket* packet)
      : record_(record), packet_(packet), end_(record.original_length) {}

  PacketSkip Run() {
    PacketSkip skip = ParseLink(record_.link_type);
    while (skip == PacketSkip::kNone && protocol_ != kIpProtocolTcp) skip = EnterTunnel();
    return skip;
  }
  uint32_t l4_offset() const { return at_; }
  uint32_t l4_size() const { return end_ - at_; }
  // Header bytes that are not there: cut by the snapshot length, or missing on the wire already?
  PacketSkip Short() const { return cut() ? PacketSkip::kCutBySnaplen : PacketSkip::kMalformed; }

 private:
  bool cut() const { return record_.bytes.size() < record_.original_length; }
  bool Has(uint32_t size) const { return record_.bytes.size() >= at_ + size; }
  void MixPlace(ByteSpan bytes) {
    for (uint8_t byte : bytes) packet_->place = (packet_->place ^ byte) * 0x100000001b3u;  // FNV-1a
  }

  PacketSkip ParseLink(uint32_t link_type) {
    LinkHeader link;
    const ByteSpan rest = record_.bytes.subspan(std::min<size_t>(at_, record_.bytes.size()));
    const PacketSkip skip = ParseLinkHeader(link_type, rest, cut(), &link);
    if (skip != PacketSkip::kNone) return skip;
    at_ += link.size;
    packet_->l3_offset = at_;
    packet_->vlan_tags = link.vlan_tags;
    packet_->place = record_.interface_id * 64u + at_;
    MixPlace(link.place);
    if (end_ < at_) return PacketSkip::kMalformed;
    const PacketSkip ip = link.ipv6 ? ParseIpv6() : ParseIpv4();
    MixPlace(absl::MakeConstSpan(&packet_->ttl, 1));
    return ip;
  }

  PacketSkip ParseIpv4() {
    if (!Has(kIpv4Header)) return Short();
    const uint8_t* p = &record_.bytes[at_];
    const uint32_t header = (p[0] & 0xf) * 4u;
    // 0 in super-segments beyond 64 KiB (Linux BIG TCP): all of the frame.
    uint32_t total = LoadBe16(p + 2);
    if (total == 0) total = end_ - at_;
    if (p[0] >> 4 != 4 || header < kIpv4Header || total < header) return PacketSkip::kMalformed;
    if (total > end_ - at_) return PacketSkip::kMalformed;
    if (!Has(header)) return Short();
    protocol_ = p[9];
    const PacketSkip named = NamedProtocol();
    if (named != PacketSkip::kNone) return named;
    if ((LoadBe16(p + 6) & 0x3fff) != 0) return PacketSkip::kFragment;
    InternetChecksum sum;
    sum.Add(record_.bytes.subspan(at_, header), 0);
    // 0: left to the device that sends it.
    packet_->ip_checksum_good = sum.Finish() == 0 || LoadBe16(p + 10) == 0;
    packet_->has_ip_id = true;
    packet_->ip_id = LoadBe16(p + 4);
    packet_->tos = p[1];
    packet_->ttl = p[8];
    packet_->flow = CapturedFlow();
    std::copy(p + 12, p + 16, packet_->flow.source.begin());
    std::copy(p + 16, p + 20, packet_->flow.destination.begin());
    end_ = at_ + total;
    at_ += header;
    return PacketSkip::kNone;
  }

  PacketSkip ParseIpv6() {
    if (!Has(kIpv6Header)) return Short();
    const uint8_t* p = &record_.bytes[at_];
    if (p[0] >> 4 != 6) return PacketSkip::kMalformed;
    if (end_ - at_ < kIpv6Header) return PacketSkip::kMalformed;
    uint32_t size = LoadBe16(p + 4);
    if (size == 0) size = end_ - at_ - kIpv6Header;
    if (size > end_ - at_ - kIpv6Header) return PacketSkip::kMalformed;
    packet_->has_ip_id = false;
    packet_->ip_checksum_good = true;
    packet_->flow = CapturedFlow();
    packet_->flow.ipv6 = true;
    packet_->tos = static_cast<uint8_t>(LoadBe16(p) >> 4);
    packet_->ttl = p[7];
    std::copy(p + 8, p + 24, packet_->flow.source.begin());
    std::copy(p + 24, p + 40, packet_->flow.destination.begin());
    protocol_ = p[6];
    at_ += kIpv6Header;
    end_ = at_ + size;
    return SkipExtensions();
  }

  PacketSkip SkipExtensions() {
    for (int i = 0;; ++i) {
      const bool extension = protocol_ == kHopByHop || protocol_ == kRouting ||
                             protocol_ == kFragment || protocol_ == kAuthentication ||
                             protocol_ == kDestinationOptions;
      if (!extension) return NamedProtocol();
      if (i == kMaxExtensions) return PacketSkip::kMalformed;
      if (!Has(8)) return Short();
      const uint8_t* p = &record_.bytes[at_];
      uint32_t length = p[1] * 8u + 8;
      if (protocol_ == kAuthentication) length = p[1] * 4u + 8;
      if (protocol_ == kFragment) {
        if ((LoadBe16(p + 2) & 0xfff9) != 0) return PacketSkip::kFragment;
        length = 8;
      }
      if (length > end_ - at_) return PacketSkip::kMalformed;
      at_ += length;
      protocol_ = p[0];
    }
  }

  // kNone: it is looked into.
  PacketSkip NamedProtocol() const {
    switch (protocol_) {
      case kIpProtocolTcp:
      case kUdp:
        return PacketSkip::kNone;
      case kGre:
        return PacketSkip::kGre;
      case kIpv4:
      case kIpv6:
        return PacketSkip::kIpInIp;
      case kEncapsulatingSecurity:
        return PacketSkip::kIpsec;
      default:
        return PacketSkip::kNotTcp;
    }
  }

  // UDP: VXLAN, or nothing of ours.
  PacketSkip EnterTunnel() {
    if (!Has(kUdpHeader + kVxlanHeader)) return cut() ? Short() : PacketSkip::kNotTcp;
    const uint8_t* p = &record_.bytes[at_];
    const uint16_t port = LoadBe16(p + 2);
    if (port == kGenevePort) return PacketSkip::kGeneve;
    const bool vxlan =
        (port == kVxlanPort || port == kOldVxlanPort) && p[kUdpHeader] == kVxlanHasVni;
    if (!vxlan) return PacketSkip::kNotTcp;
    if (++packet_->tunnels > kMaxTunnels || end_ - at_ < kUdpHeader + kVxlanHeader)
      return PacketSkip::kMalformed;
    at_ += kUdpHeader + kVxlanHeader;
    return ParseLink(kLinkTypeEthernet);
  }

  const CaptureRecord& record_;
  CapturedPacket* packet_;
  uint32_t at_ = 0;
  uint32_t end_;  // of what the headers so far say there is
  uint8_t protocol_ = 0;
};

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

}  // namespace

PacketSkip ParsePacket(const CaptureRecord& record, absl::Span<const uint16_t> ports,
                       CapturedPacket* packet) {
  *packet = CapturedPacket();
  HeaderParser headers(record, packet);
  if (const PacketSkip skip = headers.Run(); skip != PacketSkip::kNone) return skip;
  if (record.bytes.size() < headers.l4_offset() + 4) return headers.Short();
  const ByteSpan rest = record.bytes.subspan(headers.l4_offset());
  packet->flow.source_port = LoadBe16(&rest[0]);
  packet->flow.destination_port = LoadBe16(&rest[2]);
  const auto is_target = [&](uint16_t port) {
    return std::find(ports.begin(), ports.end(), port) != ports.end();
  };
  if (is_target(packet->flow.source_port) == is_target(packet->flow.destination_port))
    return PacketSkip::kOtherPort;
  const ByteSpan segment = rest.subspan(0, std::min<size_t>(rest.size(), headers.l4_size()));
  const bool cut = segment.size() < headers.l4_size();
  const size_t header = ParseTcpHeader(segment, &packet->tcp);
  if (header == 0) return cut ? headers.Short() : PacketSkip::kMalformed;
  packet->payload_size = headers.l4_size() - static_cast<uint32_t>(header);
  packet->cut = cut;
  if (cut) return PacketSkip::kCutBySnaplen;
  packet->payload = segment.subspan(header);
  packet->checksum = JudgeChecksum(segment, *packet);
  return PacketSkip::kNone;
}

}  // namespace ddpsim
