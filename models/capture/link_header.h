// What lies below IP in a record, by the capture's link type (the registry is
// draft-ietf-opsawg-pcaplinktype): Ethernet with any VLAN tags, Linux cooked captures (SLL, SLL2,
// of `tcpdump -i any`), BSD's loopback, raw IP. Left out: every other link type, which has a name
// at least. Invariant: nothing is read beyond the bytes given.
#ifndef DDPSIM_MODELS_CAPTURE_LINK_HEADER_H_
#define DDPSIM_MODELS_CAPTURE_LINK_HEADER_H_

#include <cstdint>
#include <string>

#include "ddpsim/base/bytes.h"
#include "models/capture/packet_skip.h"

namespace ddpsim {

inline constexpr uint32_t kLinkTypeNull = 0;
inline constexpr uint32_t kLinkTypeEthernet = 1;
inline constexpr uint32_t kLinkTypeLoop = 108;
inline constexpr uint32_t kLinkTypeLinuxSll = 113;
inline constexpr uint32_t kLinkTypeLinuxSll2 = 276;

inline constexpr uint16_t kEtherTypeIpv6 = 0x86dd;

struct LinkHeader {
  uint32_t size = 0;  // IP begins behind it
  bool ipv6 = false;
  uint8_t vlan_tags = 0;
  ByteSpan place;  // what tells where the packet was seen: addresses, interface, packet type
};

// `cut`: the snapshot length took bytes away.
PacketSkip ParseLinkHeader(uint32_t link_type, ByteSpan bytes, bool cut, LinkHeader* header);
// "LINUX_SLL", "link type 147"
std::string LinkTypeName(uint32_t link_type);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_LINK_HEADER_H_
