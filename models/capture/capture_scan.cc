#include "models/capture/capture_scan.h"

#include <algorithm>

#include "models/capture/capture_reader.h"
#include "models/capture/captured_packet.h"
#include "models/capture/record_copies.h"

namespace ddpsim {
namespace {

// Clients take ports from above this (ip_local_port_range of Linux).
constexpr uint16_t kFirstEphemeral = 32768;

uint16_t ServerPort(const CapturedFlow& flow) {
  const uint16_t low = std::min(flow.source_port, flow.destination_port);
  return low < kFirstEphemeral ? low : std::max(flow.source_port, flow.destination_port);
}

void CountOne(const CaptureRecord& record, const CapturedPacket& packet, PacketSkip skip,
              CaptureScan* scan) {
  ++scan->records;
  ++scan->skipped[static_cast<size_t>(skip)];
  if (skip == PacketSkip::kNotEthernet) ++scan->unread_link_types[record.link_type];
  if (skip == PacketSkip::kOtherPort) ++scan->other_ports[ServerPort(packet.flow)];
  if (skip == PacketSkip::kNone || packet.cut) ++scan->of_ports;
  if (skip == PacketSkip::kNone && !packet.checksums_good()) ++scan->bad_checksums;
}

}  // namespace

absl::StatusOr<CaptureScan> ScanCapture(const std::string& path, const std::vector<uint16_t>& ports,
                                        const volatile std::sig_atomic_t* interrupt) {
  auto reader = CaptureReader::Open(path);
  if (!reader.ok()) return reader.status();
  CaptureScan scan;
  RecordCopies copies(nullptr);
  CaptureRecord record;
  CapturedPacket packet;
  for (;;) {
    const absl::StatusOr<bool> more = (*reader)->Next(&record);
    if (!more.ok()) return more.status();
    if (!*more || (interrupt != nullptr && *interrupt != 0)) break;
    const PacketSkip skip = ParsePacket(record, ports, &packet);
    CountOne(record, packet, skip, &scan);
    if (skip == PacketSkip::kNone || packet.cut) copies.IsCopy(packet, record.time_ns);
  }
  scan.doubled = copies.Doubled();
  scan.has_copies = copies.seen_elsewhere() > 0 || !scan.doubled.empty();
  return scan;
}

}  // namespace ddpsim
