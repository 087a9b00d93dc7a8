#include "models/capture/link_header.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {
namespace {

constexpr uint16_t kEtherTypeQinQ = 0x88a8;  // IEEE 802.1ad
constexpr uint16_t kEtherTypeOldQinQ = 0x9100;
constexpr uint16_t kEtherTypeMpls = 0x8847;   // RFC 5332; multicast is one more
constexpr uint16_t kEtherTypePppoe = 0x8864;  // RFC 2516: the session stage
constexpr int kMaxVlanTags = 4;
constexpr uint32_t kMacAddresses = 12;
constexpr uint32_t kSllHeader = 16;
constexpr uint32_t kSll2Header = 20;
constexpr uint32_t kFamily = 4;  // of LINKTYPE_NULL and LINKTYPE_LOOP

struct NamedLinkType {
  uint32_t value;
  const char* name;
};
// Read ones, and those that a storage network or a guest may bring.
constexpr NamedLinkType kNames[] = {{kLinkTypeNull, "NULL"},
                                    {kLinkTypeEthernet, "ETHERNET"},
                                    {6, "IEEE802_5"},
                                    {9, "PPP"},
                                    {10, "FDDI"},
                                    {12, "RAW"},
                                    {14, "RAW"},
                                    {101, "RAW"},
                                    {105, "IEEE802_11"},
                                    {kLinkTypeLoop, "LOOP"},
                                    {kLinkTypeLinuxSll, "LINUX_SLL"},
                                    {127, "IEEE802_11_RADIOTAP"},
                                    {189, "USB_LINUX"},
                                    {220, "USB_LINUX_MMAPPED"},
                                    {224, "FC_2"},
                                    {225, "FC_2_WITH_FRAME_DELIMS"},
                                    {228, "IPV4"},
                                    {229, "IPV6"},
                                    {242, "IPOIB"},
                                    {247, "INFINIBAND"},
                                    {253, "NETLINK"},
                                    {kLinkTypeLinuxSll2, "LINUX_SLL2"}};

PacketSkip Short(bool cut) { return cut ? PacketSkip::kCutBySnaplen : PacketSkip::kMalformed; }

bool IsVlan(uint16_t type) {
  return type == kEtherTypeVlan || type == kEtherTypeQinQ || type == kEtherTypeOldQinQ;
}

// `type` at `*at` - 2, or, for SLL2, elsewhere: tags and the type behind them follow at `*at`.
PacketSkip FollowTags(ByteSpan bytes, bool cut, uint16_t type, LinkHeader* header) {
  while (IsVlan(type)) {
    if (header->vlan_tags == kMaxVlanTags) return PacketSkip::kManyVlanTags;
    if (bytes.size() < header->size + kVlanTag) return Short(cut);
    ++header->vlan_tags;
    header->size += kVlanTag;
    type = LoadBe16(&bytes[header->size - 2]);
  }
  if (type == kEtherTypeMpls || type == kEtherTypeMpls + 1) return PacketSkip::kMpls;
  if (type == kEtherTypePppoe) return PacketSkip::kPppoe;
  header->ipv6 = type == kEtherTypeIpv6;
  return header->ipv6 || type == kEtherTypeIpv4 ? PacketSkip::kNone : PacketSkip::kNotIp;
}

PacketSkip ByVersion(ByteSpan bytes, bool cut, LinkHeader* header) {
  if (bytes.size() <= header->size) return Short(cut);
  const int version = bytes[header->size] >> 4;
  header->ipv6 = version == 6;
  return version == 4 || version == 6 ? PacketSkip::kNone : PacketSkip::kNotIp;
}

// AF_INET is 2 everywhere, AF_INET6 10, 24, 28 or 30; in the capturing machine's byte order for
// LINKTYPE_NULL. The packet's own version tells as well.
PacketSkip ParseFamily(ByteSpan bytes, bool cut, LinkHeader* header) {
  if (bytes.size() < kFamily) return Short(cut);
  header->size = kFamily;
  const uint32_t little = LoadLe32(bytes.data());
  const uint32_t family = little > 0xffff ? LoadBe32(bytes.data()) : little;
  const bool ip = family == 2 || family == 10 || family == 24 || family == 28 || family == 30;
  return ip ? ByVersion(bytes, cut, header) : PacketSkip::kNotIp;
}

PacketSkip ParseFixed(ByteSpan bytes, bool cut, uint32_t size, uint32_t type_at,
                      LinkHeader* header) {
  if (bytes.size() < size) return Short(cut);
  header->size = size;
  return FollowTags(bytes, cut, LoadBe16(&bytes[type_at]), header);
}

}  // namespace

PacketSkip ParseLinkHeader(uint32_t link_type, ByteSpan bytes, bool cut, LinkHeader* header) {
  *header = LinkHeader();
  switch (link_type) {
    case kLinkTypeEthernet:
      header->place = bytes.subspan(0, kMacAddresses);
      return ParseFixed(bytes, cut, kEthernetHeader, kMacAddresses, header);
    case kLinkTypeLinuxSll:
      header->place = bytes.subspan(0, kSllHeader - 2);
      return ParseFixed(bytes, cut, kSllHeader, kSllHeader - 2, header);
    case kLinkTypeLinuxSll2: {
      const PacketSkip skip = ParseFixed(bytes, cut, kSll2Header, 0, header);
      header->place = bytes.subspan(std::min<size_t>(2, bytes.size()), kSll2Header - 2);
      return skip;
    }
    case kLinkTypeNull:
    case kLinkTypeLoop:
      return ParseFamily(bytes, cut, header);
    case 12:  // DLT_RAW of most systems, found in files all the same
    case 14:  // of OpenBSD
    case 101:
      return ByVersion(bytes, cut, header);
    case 228:
    case 229:
      header->ipv6 = link_type == 229;
      return PacketSkip::kNone;
    default:
      return PacketSkip::kNotEthernet;
  }
}

std::string LinkTypeName(uint32_t link_type) {
  for (const NamedLinkType& one : kNames) {
    if (one.value == link_type) return one.name;
  }
  return absl::StrCat("link type ", link_type);
}

}  // namespace ddpsim
