#include "models/capture/capture_scan.h"

#include <algorithm>

namespace ddpsim {
namespace {

// Clients take ports from above this (ip_local_port_range of Linux).
constexpr uint16_t kFirstEphemeral = 32768;

uint16_t ServerPort(const CapturedFlow& flow) {
  const uint16_t low = std::min(flow.source_port, flow.destination_port);
  return low < kFirstEphemeral ? low : std::max(flow.source_port, flow.destination_port);
}

}  // namespace

void CaptureScanner::OnRecord(const CaptureRecord& record, const CapturedPacket& packet,
                              PacketSkip skip) {
  ++scan_.records;
  ++scan_.skipped[static_cast<size_t>(skip)];
  if (skip == PacketSkip::kNotEthernet) ++scan_.unread_link_types[record.link_type];
  if (skip == PacketSkip::kOtherPort) ++scan_.other_ports[ServerPort(packet.flow)];
  if (skip == PacketSkip::kNone && !packet.checksums_good()) ++scan_.bad_checksums;
  if (skip != PacketSkip::kNone && !packet.cut) return;
  ++scan_.of_ports;
  copies_.IsCopy(packet, record.time_ns);
}

CaptureScan CaptureScanner::Finish() {
  scan_.doubled = copies_.Doubled();
  scan_.has_copies = copies_.seen_elsewhere() > 0 || !scan_.doubled.empty();
  return scan_;
}

}  // namespace ddpsim
