// A capture from its first record to its last, with what is known of each of its NVMe/TCP
// connections so far. Left out: everything but one target port. Invariants: memory is bounded
// whatever the capture holds; every record is either a connection's packet or counted under the
// reason why not.
#ifndef DDPSIM_MODELS_CAPTURE_CAPTURE_WALK_H_
#define DDPSIM_MODELS_CAPTURE_CAPTURE_WALK_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "models/capture/capture_reader.h"
#include "models/capture/captured_connection.h"

namespace ddpsim {

struct WalkOptions {
  uint16_t port = 4420;
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
  StreamDirection direction = StreamDirection::kC2H;
  PacketSkip skip = PacketSkip::kNone;
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
  // Times of the first and the last record, 0 when there is none.
  int64_t first_ns() const { return std::max<int64_t>(first_ns_, 0); }
  int64_t last_ns() const { return record_.time_ns; }

 private:
  CaptureWalk(std::unique_ptr<CaptureReader> reader, const WalkOptions& options)
      : options_(options), reader_(std::move(reader)) {}
  void FindConnection(WalkStep* step);

  WalkOptions options_;
  std::unique_ptr<CaptureReader> reader_;
  CaptureRecord record_;
  CapturedPacket packet_;
  int64_t budget_ = int64_t{64} << 20;  // of all reassembly
  std::vector<std::unique_ptr<CapturedConnection>> connections_;
  absl::btree_map<CapturedFlow, size_t> by_flow_;  // from the host; the newest of its ports
  uint64_t bad_checksums_ = 0;
  std::array<uint64_t, kPacketSkips> skipped_{};
  int64_t first_ns_ = -1;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_CAPTURE_WALK_H_
