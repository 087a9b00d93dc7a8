#include "models/capture/record_copies.h"

#include <algorithm>
#include <cstdlib>

#include "ddpsim/wire/crc32c.h"

namespace ddpsim {

RecordCopies::Flow* RecordCopies::FlowOf(const CapturedFlow& flow) {
  const auto found = flows_.find(flow);
  if (found != flows_.end()) return &found->second;
  if (flows_.size() == kMaxFlows) return nullptr;
  Flow& made = flows_[flow];
  made.number = static_cast<uint32_t>(flows_.size());
  made.doubled = doubled_ != nullptr && doubled_->contains(flow);
  return &made;
}

bool RecordCopies::IsCopy(const CapturedPacket& packet, int64_t time_ns) {
  // A damaged header tells nothing of places.
  if (!packet.ip_checksum_good) return false;
  Flow* flow = FlowOf(packet.flow);
  if (flow == nullptr) return false;
  switch (Judge(packet, time_ns, flow)) {
    case Verdict::kSeenElsewhere:
      ++seen_elsewhere_;
      return true;
    case Verdict::kRepeated:
      return flow->doubled;
    default:
      return false;
  }
}

RecordCopies::Verdict RecordCopies::Judge(const CapturedPacket& packet, int64_t time_ns,
                                          Flow* flow) {
  const TcpHeader& tcp = packet.tcp;
  const uint32_t crc = Crc32c(0, packet.payload);
  const uint32_t ts_val = tcp.options.has_timestamps ? tcp.options.ts_val : 0;
  const Key key{flow->number, tcp.seq.value(), tcp.ack.value(), packet.payload_size, crc, ts_val,
                packet.ip_id, tcp.window,      tcp.flags};
  const auto [it, is_new] = entries_.try_emplace(key);
  Entry& entry = it->second;
  // Pure ACKs without an identification may be equal for good reason.
  const bool told = packet.payload_size > 0 || packet.ip_id != 0;
  const auto begin = [&] {
    entry = Entry();
    entry.time_ns = time_ns;
    entry.places[entry.place_count++] = packet.place;
    if (told) ++flow->packets;
    return Verdict::kNew;
  };
  if (is_new) {
    order_.push_back(key);
    const Verdict verdict = begin();
    if (order_.size() > kRemembered) {
      entries_.erase(order_.front());
      order_.pop_front();
    }
    return verdict;
  }
  if (std::abs(time_ns - entry.time_ns) > kCopyWindow) return begin();
  uint64_t* const end = entry.places + entry.place_count;
  if (std::find(entry.places, end, packet.place) == end) {
    if (entry.place_count < kPlaces) entry.places[entry.place_count++] = packet.place;
    return Verdict::kSeenElsewhere;
  }
  if (told && !std::exchange(entry.repeated, true)) ++flow->repeated;
  if (flow->doubled || doubled_ == nullptr) return Verdict::kRepeated;
  return begin();
}

absl::btree_set<CapturedFlow> RecordCopies::Doubled() const {
  absl::btree_set<CapturedFlow> doubled;
  for (const auto& [flow, counts] : flows_) {
    if (counts.repeated > 0 && counts.repeated * 2 >= counts.packets) doubled.insert(flow);
  }
  return doubled;
}

}  // namespace ddpsim
