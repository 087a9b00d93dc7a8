#include "models/capture/packet_skip.h"

#include <cstddef>

namespace ddpsim {

const char* PacketSkipName(PacketSkip skip) {
  static constexpr const char* kNames[kPacketSkips] = {
      "none",           "not_ethernet",  "not_ip",
      "not_tcp",        "other_port",    "fragment",
      "cut_by_snaplen", "malformed",     "too_many_connections",
      "duplicate_copy", "gre",           "ip_in_ip",
      "geneve",         "ipsec",         "mpls",
      "pppoe",          "many_vlan_tags"};
  return kNames[static_cast<size_t>(skip)];
}

}  // namespace ddpsim
