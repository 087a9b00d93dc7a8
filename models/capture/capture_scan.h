// What must be known of all of a capture before its streams can be told: link types, TCP ports, and
// which records are copies of others. Told each record once, in the order of the file. Invariant:
// memory is bounded by the number of ports and link types, and by RecordCopies.
#ifndef DDPSIM_MODELS_CAPTURE_CAPTURE_SCAN_H_
#define DDPSIM_MODELS_CAPTURE_CAPTURE_SCAN_H_

#include <array>
#include <cstdint>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "models/capture/capture_reader.h"
#include "models/capture/captured_flow.h"
#include "models/capture/captured_packet.h"
#include "models/capture/packet_skip.h"
#include "models/capture/record_copies.h"

namespace ddpsim {

struct CaptureScan {
  uint64_t records = 0;
  // Records of the ports asked for, whole or cut, and those of them with a wrong checksum.
  uint64_t of_ports = 0;
  uint64_t bad_checksums = 0;
  std::array<uint64_t, kPacketSkips> skipped{};           // by reason
  absl::btree_map<uint32_t, uint64_t> unread_link_types;  // records of each
  // Other TCP ports: of a connection the one that was connected to, as far as that can be told.
  absl::btree_map<uint16_t, uint64_t> other_ports;
  bool has_copies = false;
  absl::btree_set<CapturedFlow> doubled;  // directions that a span port mirrored twice
};

class CaptureScanner {
 public:
  // `skip`: as ParsePacket() has it.
  void OnRecord(const CaptureRecord& record, const CapturedPacket& packet, PacketSkip skip);
  CaptureScan Finish();

 private:
  CaptureScan scan_;
  RecordCopies copies_{nullptr};
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_CAPTURE_SCAN_H_
