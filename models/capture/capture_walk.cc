#include "models/capture/capture_walk.h"

#include <utility>

namespace ddpsim {

absl::StatusOr<std::unique_ptr<CaptureWalk>> CaptureWalk::Open(const std::string& path,
                                                               const WalkOptions& options) {
  auto reader = CaptureReader::Open(path);
  if (!reader.ok()) return reader.status();
  return std::unique_ptr<CaptureWalk>(new CaptureWalk(*std::move(reader), options));
}

absl::StatusOr<bool> CaptureWalk::Next(WalkStep* step) {
  absl::StatusOr<bool> more = reader_->Next(&record_);
  if (!more.ok() || !*more) return more;
  if (first_ns_ < 0) first_ns_ = record_.time_ns;
  *step = WalkStep();
  step->record = &record_;
  step->packet = &packet_;
  step->skip = ParsePacket(record_, options_.port, &packet_);
  const bool usable =
      step->skip == PacketSkip::kNone || (step->skip == PacketSkip::kCutBySnaplen && packet_.cut);
  if (usable) FindConnection(step);
  if (step->skip != PacketSkip::kNone) ++skipped_[static_cast<size_t>(step->skip)];
  return true;
}

void CaptureWalk::FindConnection(WalkStep* step) {
  const bool from_host = packet_.flow.destination_port == options_.port;
  step->direction = from_host ? StreamDirection::kH2C : StreamDirection::kC2H;
  const CapturedFlow flow = from_host ? packet_.flow : packet_.flow.Reversed();
  const auto found = by_flow_.find(flow);
  const bool believable = packet_.ip_checksum_good && packet_.checksum != ChecksumState::kBad;
  if (found != by_flow_.end()) {
    const bool syn = (packet_.tcp.flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
    const bool replaced = from_host && syn && believable &&
                          connections_[found->second]->IsReplacedBySyn(packet_.tcp.seq);
    if (!replaced) {
      step->connection_index = found->second;
      step->connection = connections_[found->second].get();
      return;
    }
  }
  if (!believable) {
    // Its ports are as doubtful as the rest; a flow that is known has been found above.
    ++bad_checksums_;
    return;
  }
  if (connections_.size() == kMaxConnections) {
    step->skip = PacketSkip::kTooManyConnections;
    return;
  }
  by_flow_[flow] = connections_.size();
  step->connection_index = connections_.size();
  connections_.push_back(std::make_unique<CapturedConnection>(flow, options_.connection, &budget_));
  step->connection = connections_.back().get();
  step->new_connection = true;
}

void CaptureWalk::Digest(const WalkStep& step) {
  if (step.connection == nullptr) return;
  if (step.skip == PacketSkip::kCutBySnaplen) {
    step.connection->OnCutPacket(step.direction, *step.packet);
    return;
  }
  const bool bad = !step.packet->ip_checksum_good || step.packet->checksum == ChecksumState::kBad;
  if (bad) ++bad_checksums_;
  step.connection->OnPacket(step.direction, *step.packet, step.record->time_ns);
}

void CaptureWalk::Finish() {
  for (const auto& connection : connections_) connection->Finish();
}

}  // namespace ddpsim
