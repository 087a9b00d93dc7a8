// A capture from its first record to its last, with what is known of each of its NVMe/TCP
// connections so far. Left out: everything but the targets' ports. Invariants: memory is bounded
// whatever the capture holds; every record is either a connection's packet or counted under the
// reason why not.
#ifndef DDPSIM_MODELS_CAPTURE_CAPTURE_WALK_H_
#define DDPSIM_MODELS_CAPTURE_CAPTURE_WALK_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "models/capture/capture_clock.h"
#include "models/capture/capture_reader.h"
#include "models/capture/capture_scan.h"
#include "models/capture/captured_connection.h"
#include "models/capture/record_copies.h"

namespace ddpsim {

struct WalkOptions {
  std::vector<uint16_t> ports = {4420};
  // Told by a scan of the whole capture; null: it is being scanned, and copies are not dropped yet.
  std::shared_ptr<const CaptureScan> scan;
  ConnectionOptions connection;
};

// Connections of one capture that are followed: a guess that no host exceeds, and 60 MB.
inline constexpr size_t kMaxConnections = 16384;

struct WalkStep {
  const CaptureRecord* record = nullptr;
  const CapturedPacket* packet = nullptr;
  // Null: the record was skipped.
  CapturedConnection* connection = nullptr;
  size_t connection_index = 0;
  bool new_connection = false;
  std::optional<size_t> replaces;  // the connection that had its ports before
  StreamDirection direction = StreamDirection::kC2H;
  PacketSkip skip = PacketSkip::kNone;
  PacketSkip parsed = PacketSkip::kNone;  // `skip` as ParsePacket() had it
  int64_t elapsed_ns = 0;                 // since the first record; never goes back (CaptureClock)
};

class CaptureWalk {
 public:
  static absl::StatusOr<std::unique_ptr<CaptureWalk>> Open(const std::string& path,
                                                           const WalkOptions& options);

  // Reads the next record and finds its connection; Digest() must follow. False at the end.
  absl::StatusOr<bool> Next(WalkStep* step);
  // Lets the connection take the packet of `step`.
  void Digest(const WalkStep& step);
  // After the last record.
  void Finish();

  const std::vector<std::unique_ptr<CapturedConnection>>& connections() const {
    return connections_;
  }
  uint64_t records() const { return reader_->records(); }
  uint64_t bad_checksums() const { return bad_checksums_; }
  uint64_t skipped(PacketSkip reason) const { return skipped_[static_cast<size_t>(reason)]; }
  bool cut_short() const { return reader_->cut_short(); }
  bool gzip_cut_short() const { return reader_->gzip_cut_short(); }
  const CaptureClock& clock() const { return clock_; }
  // Records whose times were beyond what is believed.
  uint64_t repaired_times() const { return repaired_times_; }
  // From the first record to the last, by their stamps.
  int64_t duration_ns() const { return std::max<int64_t>(record_.time_ns - first_ns_, 0); }

 private:
  CaptureWalk(std::unique_ptr<CaptureReader> reader, const WalkOptions& options)
      : options_(options),
        reader_(std::move(reader)),
        copies_(options_.scan == nullptr ? nullptr : &options_.scan->doubled) {}
  bool IsCopy();
  void FindConnection(WalkStep* step);
  bool IsReplaced(size_t index, bool from_host, std::optional<CapturedPacket>* earlier_syn);

  WalkOptions options_;
  std::unique_ptr<CaptureReader> reader_;
  CaptureRecord record_;
  CapturedPacket packet_;
  CaptureClock clock_;
  RecordCopies copies_;
  int64_t budget_ = int64_t{64} << 20;  // of all reassembly
  std::vector<std::unique_ptr<CapturedConnection>> connections_;
  absl::btree_map<CapturedFlow, size_t> by_flow_;          // from the host; the newest of its ports
  absl::btree_map<size_t, CapturedPacket> doubtful_syns_;  // by connection
  uint64_t bad_checksums_ = 0;
  std::array<uint64_t, kPacketSkips> skipped_{};
  int64_t first_ns_ = 0;
  uint64_t repaired_times_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_CAPTURE_WALK_H_
