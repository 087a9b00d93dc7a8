// Ethernet II (with or without one 802.1Q tag), IPv4 (RFC 791) and the way from a frame to its TCP
// segment. Addresses are host-order integers, so that tuples compare and print the same everywhere.
// Left out: IPv6, IP options and fragments (ParseFrame() refuses fragments; Linux sends NVMe/TCP
// with DF set), QinQ. Invariant: every offset of a ParsedFrame lies within its frame; the payload
// ends where the IP total length says, so that Ethernet padding of short frames is never taken for
// data.
#ifndef DDPSIM_WIRE_IP_H_
#define DDPSIM_WIRE_IP_H_

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>

#include "ddpsim/base/bytes.h"
#include "ddpsim/wire/frame.h"
#include "ddpsim/wire/tcp_segment.h"

namespace ddpsim {

using MacAddress = std::array<uint8_t, 6>;
using Ipv4Address = uint32_t;

inline constexpr uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr uint16_t kEtherTypeVlan = 0x8100;        // IEEE 802.1Q
inline constexpr uint16_t kEtherTypeMacControl = 0x8808;  // IEEE 802.3 annex 31A, pause frames
inline constexpr uint8_t kIpProtocolTcp = 6;

inline constexpr uint32_t kEthernetHeader = 14;
inline constexpr uint32_t kVlanTag = 4;
inline constexpr uint32_t kIpv4Header = 20;

// One direction of a TCP connection.
struct FourTuple {
  Ipv4Address source_ip = 0;
  Ipv4Address destination_ip = 0;
  uint16_t source_port = 0;
  uint16_t destination_port = 0;

  // The tuple of the opposite direction.
  FourTuple Reversed() const { return {destination_ip, source_ip, destination_port, source_port}; }
  friend bool operator==(const FourTuple& a, const FourTuple& b) {
    return a.source_ip == b.source_ip && a.destination_ip == b.destination_ip &&
           a.source_port == b.source_port && a.destination_port == b.destination_port;
  }
  friend bool operator!=(const FourTuple& a, const FourTuple& b) { return !(a == b); }
  friend bool operator<(const FourTuple& a, const FourTuple& b) { return a.Key() < b.Key(); }
  template <typename H>
  friend H AbslHashValue(H h, const FourTuple& t) {
    return H::combine(std::move(h), t.source_ip, t.destination_ip, t.source_port,
                      t.destination_port);
  }

 private:
  std::tuple<uint32_t, uint32_t, uint32_t> Key() const {
    return {source_ip, destination_ip, uint32_t{source_port} << 16 | destination_port};
  }
};

// What a NIC steers by.
struct FiveTuple {
  FourTuple flow;
  uint8_t protocol = kIpProtocolTcp;

  friend bool operator==(const FiveTuple& a, const FiveTuple& b) {
    return a.flow == b.flow && a.protocol == b.protocol;
  }
  friend bool operator!=(const FiveTuple& a, const FiveTuple& b) { return !(a == b); }
  friend bool operator<(const FiveTuple& a, const FiveTuple& b) {
    return a.flow != b.flow ? a.flow < b.flow : a.protocol < b.protocol;
  }
  template <typename H>
  friend H AbslHashValue(H h, const FiveTuple& t) {
    return H::combine(std::move(h), t.flow, t.protocol);
  }
};

// Addresses of one direction, below TCP's ports.
struct EthIpAddresses {
  MacAddress source_mac{};
  MacAddress destination_mac{};
  Ipv4Address source_ip = 0;
  Ipv4Address destination_ip = 0;
  uint8_t tos = 0;
  uint8_t ttl = 64;  // Linux 6.1 IPDEFTTL
};

// A TCP/IPv4 frame taken apart. Points into the frame's bytes.
struct ParsedFrame {
  FiveTuple tuple;
  uint16_t ip_id = 0;
  uint16_t ip_total_length = 0;
  uint8_t tos = 0;
  bool has_vlan = false;
  uint16_t vlan_tci = 0;
  uint32_t l3_offset = 0;
  uint32_t l4_offset = 0;
  uint32_t payload_offset = 0;
  TcpHeader tcp;
  ByteSpan payload;  // of TCP
};

// Takes a frame apart. False when it is no whole, well-formed TCP/IPv4 packet: another protocol, a
// fragment, a length that does not fit. Checksums are not looked at.
bool ParseFrame(ByteSpan frame, ParsedFrame* parsed);

// REQUIRES (both): `parsed` comes from ParseFrame(frame.bytes()).
bool VerifyIpv4Checksum(ByteSpan frame, const ParsedFrame& parsed);
// Sums header, payload and pseudo-header (RFC 9293 section 3.1).
bool TcpChecksumIsRight(ByteSpan frame, const ParsedFrame& parsed);
// The same, believing the frame's memo when it has one.
inline bool VerifyTcpChecksum(const Frame& frame, const ParsedFrame& parsed) {
  return frame.l4_checksum_known_good() || TcpChecksumIsRight(frame.bytes(), parsed);
}

// "10.9.0.2"
std::string Ipv4ToString(Ipv4Address address);

}  // namespace ddpsim

#endif  // DDPSIM_WIRE_IP_H_
