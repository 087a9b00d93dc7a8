#include "sim/check/tcp_frame.h"

namespace ddpsim {
namespace {

constexpr size_t kEthernet = 14;
constexpr size_t kVlanTag = 4;
constexpr size_t kLeastIp = 20;
constexpr size_t kLeastTcp = 20;
constexpr uint16_t kEthertypeIpv4 = 0x0800;
constexpr uint16_t kEthertypeVlan = 0x8100;
constexpr uint16_t kMoreFragmentsAndOffset = 0x3fff;
constexpr uint8_t kProtocolTcp = 6;

}  // namespace

bool ReadTcpFrame(ByteSpan frame, TcpFrame* tcp) {
  if (frame.size() < kEthernet + kVlanTag) return false;
  if (LoadBe16(&frame[kEthernet - 2]) == kEthertypeVlan) frame.remove_prefix(kVlanTag);
  if (frame.size() < kEthernet + kLeastIp + kLeastTcp) return false;
  const uint8_t* const ip = frame.data() + kEthernet;
  if (LoadBe16(ip - 2) != kEthertypeIpv4 || ip[0] >> 4 != 4 || ip[9] != kProtocolTcp) return false;
  const size_t ip_header = size_t{4} * (ip[0] & 0xf);
  const size_t total = LoadBe16(ip + 2);
  if (ip_header < kLeastIp || total < ip_header + kLeastTcp || kEthernet + total > frame.size() ||
      (LoadBe16(ip + 6) & kMoreFragmentsAndOffset) != 0)
    return false;
  const uint8_t* const header = ip + ip_header;
  const size_t tcp_header = size_t{4} * (header[12] >> 4);
  if (tcp_header < kLeastTcp || ip_header + tcp_header > total) return false;
  tcp->source_port = LoadBe16(header);
  tcp->destination_port = LoadBe16(header + 2);
  tcp->seq = SeqNum(LoadBe32(header + 4));
  tcp->flags = header[13];
  tcp->payload = ByteSpan(header + tcp_header, total - ip_header - tcp_header);
  return true;
}

}  // namespace ddpsim
