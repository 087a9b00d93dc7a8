#include "models/capture/capture_walk.h"

#include <algorithm>
#include <optional>
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
  if (reader_->records() == 1) first_ns_ = record_.time_ns;
  if (record_.time_repaired) ++repaired_times_;
  *step = WalkStep();
  step->record = &record_;
  step->packet = &packet_;
  step->elapsed_ns = clock_.Take(record_.time_ns);
  step->skip = step->parsed = ParsePacket(record_, options_.ports, &packet_);
  const bool usable =
      step->skip == PacketSkip::kNone || (step->skip == PacketSkip::kCutBySnaplen && packet_.cut);
  if (usable && IsCopy()) {
    step->skip = PacketSkip::kDuplicateCopy;
  } else if (usable) {
    FindConnection(step);
  }
  if (step->skip != PacketSkip::kNone) ++skipped_[static_cast<size_t>(step->skip)];
  return true;
}

bool CaptureWalk::IsCopy() {
  if (options_.scan == nullptr || !options_.scan->has_copies) return false;
  return copies_.IsCopy(packet_, record_.time_ns);
}

void CaptureWalk::FindConnection(WalkStep* step) {
  const auto& ports = options_.ports;
  const bool from_host =
      std::find(ports.begin(), ports.end(), packet_.flow.destination_port) != ports.end();
  // It has not crossed a cable: what is on the wire the device fills in behind the capture.
  packet_.believed = from_host;
  step->direction = from_host ? StreamDirection::kH2C : StreamDirection::kC2H;
  const CapturedFlow flow = from_host ? packet_.flow : packet_.flow.Reversed();
  const auto found = by_flow_.find(flow);
  const bool believable = packet_.credible();
  std::optional<CapturedPacket> earlier_syn;
  if (found != by_flow_.end()) {
    const bool replaced = believable && IsReplaced(found->second, from_host, &earlier_syn);
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
  if (found != by_flow_.end()) step->replaces = found->second;
  by_flow_[flow] = connections_.size();
  step->connection_index = connections_.size();
  connections_.push_back(std::make_unique<CapturedConnection>(flow, options_.connection, &budget_));
  step->connection = connections_.back().get();
  step->new_connection = true;
  if (earlier_syn.has_value()) step->connection->BeginWith(*earlier_syn);
}

// Whether the packet begins another connection of the same ports, by itself or, with
// `*earlier_syn`, as the answer to a SYN before.
bool CaptureWalk::IsReplaced(size_t index, bool from_host,
                             std::optional<CapturedPacket>* earlier_syn) {
  const uint8_t handshake = packet_.tcp.flags & (kTcpSyn | kTcpAck | kTcpRst);
  if (from_host && handshake == kTcpSyn) {
    const SynMeaning meaning = connections_[index]->MeaningOfSyn(packet_.tcp.seq);
    if (meaning == SynMeaning::kDoubtful) {
      CapturedPacket& syn = doubtful_syns_[index];
      syn = packet_;
      syn.payload = {};
    }
    return meaning == SynMeaning::kOfAnother;
  }
  if (from_host || handshake != (kTcpSyn | kTcpAck)) return false;
  const auto doubtful = doubtful_syns_.find(index);
  if (doubtful == doubtful_syns_.end() || packet_.tcp.ack != doubtful->second.tcp.seq + 1)
    return false;
  *earlier_syn = doubtful->second;
  doubtful_syns_.erase(doubtful);
  return true;
}

void CaptureWalk::Digest(const WalkStep& step) {
  if (step.connection == nullptr) return;
  if (step.skip == PacketSkip::kCutBySnaplen) {
    step.connection->OnCutPacket(step.direction, *step.packet);
    return;
  }
  if (!step.packet->checksums_good()) ++bad_checksums_;
  step.connection->OnPacket(step.direction, *step.packet, step.record->time_ns);
}

void CaptureWalk::Finish() {
  for (const auto& connection : connections_) connection->Finish();
}

}  // namespace ddpsim
