// One record of a capture taken apart down to its TCP segment: Ethernet with any VLAN tags, IPv4
// (options skipped) or IPv6 (extension headers skipped), TCP. Left out: tunnels, jumbograms' own
// length option (what the frame holds counts), reassembly of IP fragments. Invariants: every span
// lies within the record; a packet that the snapshot length cut is never taken for a whole one; the
// payload ends where IP says, so that Ethernet padding is never data.
#ifndef DDPSIM_MODELS_CAPTURE_CAPTURED_PACKET_H_
#define DDPSIM_MODELS_CAPTURE_CAPTURED_PACKET_H_

#include <array>
#include <cstdint>
#include <string>
#include <tuple>

#include "ddpsim/base/bytes.h"
#include "ddpsim/wire/tcp_segment.h"
#include "models/capture/capture_reader.h"

namespace ddpsim {

// Why a record is no packet of ours.
enum class PacketSkip : uint8_t {
  kNone,
  kNotEthernet,
  kNotIp,
  kNotTcp,
  kOtherPort,
  kFragment,
  kCutBySnaplen,
  kMalformed,           // a length does not fit, or a header contradicts itself
  kTooManyConnections,  // more than are followed
};
inline constexpr int kPacketSkips = 9;
// As in results: "cut_by_snaplen".
const char* PacketSkipName(PacketSkip skip);

// Network order; an IPv4 address has the first 4 bytes.
using CapturedAddress = std::array<uint8_t, 16>;

// One direction of a connection.
struct CapturedFlow {
  bool ipv6 = false;
  CapturedAddress source{};
  CapturedAddress destination{};
  uint16_t source_port = 0;
  uint16_t destination_port = 0;

  CapturedFlow Reversed() const {
    return {ipv6, destination, source, destination_port, source_port};
  }
  friend bool operator==(const CapturedFlow& a, const CapturedFlow& b) {
    return a.Key() == b.Key();
  }
  friend bool operator<(const CapturedFlow& a, const CapturedFlow& b) { return a.Key() < b.Key(); }
  // "10.9.0.2:40000 -> 10.9.0.1:4420", "[fe80::1]:40000 -> ..."
  std::string ToString() const;

 private:
  std::tuple<bool, const CapturedAddress&, const CapturedAddress&, uint16_t, uint16_t> Key() const {
    return {ipv6, source, destination, source_port, destination_port};
  }
};

enum class ChecksumState : uint8_t {
  kGood,
  kBad,
  kOffloaded,  // holds the pseudo-header's sum: the device that sends it was to complete it
};

struct CapturedPacket {
  CapturedFlow flow;
  bool has_ip_id = false;
  uint16_t ip_id = 0;
  uint8_t tos = 0;
  uint8_t vlan_tags = 0;
  bool ip_options = false;  // of IPv4
  uint32_t l3_offset = 0;
  TcpHeader tcp;
  uint32_t payload_size = 0;                      // by IP's length
  ByteSpan payload;                               // empty when cut
  bool cut = false;                               // the snapshot length took payload away
  ChecksumState checksum = ChecksumState::kGood;  // of TCP; kGood when cut: nobody can say
  bool ip_checksum_good = true;
};

// Takes the record apart. On kCutBySnaplen `packet->cut` says whether the TCP header is whole, so
// that sequence number and size are known. `port` is the target's.
PacketSkip ParsePacket(const CaptureRecord& record, uint16_t port, CapturedPacket* packet);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_CAPTURED_PACKET_H_
