// The first look at a capture, before its streams are walked: what must be known of all of it.
// Link types, TCP ports, and which records are copies of others. Invariant: memory is bounded by
// the number of ports and link types, and by RecordCopies.
#ifndef DDPSIM_MODELS_CAPTURE_CAPTURE_SCAN_H_
#define DDPSIM_MODELS_CAPTURE_CAPTURE_SCAN_H_

#include <array>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/status/statusor.h"
#include "models/capture/captured_flow.h"
#include "models/capture/packet_skip.h"

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

// `interrupt` may be null; when it becomes other than 0 the scan ends with what it has.
absl::StatusOr<CaptureScan> ScanCapture(const std::string& path, const std::vector<uint16_t>& ports,
                                        const volatile std::sig_atomic_t* interrupt);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_CAPTURE_SCAN_H_
