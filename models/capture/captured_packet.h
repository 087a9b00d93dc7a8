// One record of a capture taken apart down to its TCP segment: link header, IPv4 (options skipped)
// or IPv6 (extension headers skipped), VXLAN (RFC 7348) around another such packet, TCP. Left out:
// other tunnels, which are named; jumbograms' own length option (what the frame holds counts);
// reassembly of IP fragments. Invariants: every span lies within the record; a packet that the
// snapshot length cut is never taken for a whole one; the payload ends where IP says, so that
// Ethernet padding is never data.
#ifndef DDPSIM_MODELS_CAPTURE_CAPTURED_PACKET_H_
#define DDPSIM_MODELS_CAPTURE_CAPTURED_PACKET_H_

#include <cstdint>

#include "ddpsim/base/bytes.h"
#include "ddpsim/wire/tcp_segment.h"
#include "models/capture/capture_reader.h"
#include "models/capture/captured_flow.h"
#include "models/capture/packet_skip.h"

namespace ddpsim {

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
  uint8_t ttl = 0;
  uint8_t vlan_tags = 0;
  uint8_t tunnels = 0;
  uint32_t l3_offset = 0;  // of the innermost IP
  uint64_t place = 0;      // where it was seen: equal for packets that one probe saw on one path
  TcpHeader tcp;
  uint32_t payload_size = 0;                      // by IP's length
  ByteSpan payload;                               // empty when cut
  bool cut = false;                               // the snapshot length took payload away
  ChecksumState checksum = ChecksumState::kGood;  // of TCP; kGood when cut: nobody can say
  bool ip_checksum_good = true;
  bool believed = false;  // whatever its checksums are: it crossed no cable before it was captured

  bool checksums_good() const { return ip_checksum_good && checksum != ChecksumState::kBad; }
  bool credible() const { return believed || checksums_good(); }
};

// Takes the record apart. On kCutBySnaplen `packet->cut` says whether the TCP header is whole, so
// that sequence number and size are known; on kOtherPort the flow is. `ports` are those of targets.
PacketSkip ParsePacket(const CaptureRecord& record, absl::Span<const uint16_t> ports,
                       CapturedPacket* packet);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_CAPTURED_PACKET_H_
