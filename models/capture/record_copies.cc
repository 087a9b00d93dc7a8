#include "models/capture/record_copies.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "ddpsim/base/mix64.h"
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

RecordCopies::Fingerprint RecordCopies::FingerprintOf(const CapturedPacket& packet,
                                                      const Flow& flow) {
  const TcpHeader& tcp = packet.tcp;
  const uint32_t ts_val = tcp.options.has_timestamps ? tcp.options.ts_val : 0;
  const auto pair = [](uint64_t high, uint64_t low) { return high << 32 | low; };
  uint64_t print = pair(flow.number, Crc32c(0, packet.payload));
  print = Mix64(print) ^ pair(tcp.seq.value(), tcp.ack.value());
  print = Mix64(print) ^ pair(packet.payload_size, ts_val);
  print = Mix64(print) ^ pair(uint32_t{packet.ip_id} << 16 | tcp.window, tcp.flags);
  return Mix64(print);
}

RecordCopies::Entry& RecordCopies::EntryOf(Fingerprint fingerprint) {
  if (sets_.empty()) {
    sets_.resize(kSets);
    entries_.resize(kSets * kWays);
  }
  const size_t index = fingerprint % kSets;
  const auto tag = static_cast<uint32_t>(fingerprint >> 32);
  Set& set = sets_[index];
  Entry* const entries = &entries_[index * kWays];
  for (size_t way = 0; way < kWays; ++way) {
    if (set.tags[way] == tag && entries[way].fingerprint == fingerprint) return entries[way];
  }
  const size_t way = set.oldest;
  set.oldest = (set.oldest + 1) % kWays;
  set.tags[way] = tag;
  entries[way] = Entry();
  entries[way].fingerprint = fingerprint;
  return entries[way];
}

RecordCopies::Verdict RecordCopies::Judge(const CapturedPacket& packet, int64_t time_ns,
                                          Flow* flow) {
  Entry& entry = EntryOf(FingerprintOf(packet, *flow));
  // Pure ACKs without an identification may be equal for good reason.
  const bool told = packet.payload_size > 0 || packet.ip_id != 0;
  const auto place = static_cast<uint32_t>(Mix64(packet.place));
  const auto begin = [&] {
    entry.time_ns = time_ns;
    entry.places[0] = place;
    entry.place_count = 1;
    entry.repeated = false;
    if (told) ++flow->packets;
    return Verdict::kNew;
  };
  if (entry.place_count == 0) return begin();
  const bool soon = std::abs(time_ns - entry.time_ns) <= kCopyWindow;
  uint32_t* const end = entry.places + entry.place_count;
  const bool elsewhere = std::find(entry.places, end, place) == end;
  // The clocks of two probes may differ by anything; an identification tells all the same.
  if (!soon && !(elsewhere && packet.ip_id != 0)) return begin();
  if (elsewhere) {
    if (entry.place_count < kPlaces) entry.places[entry.place_count++] = place;
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
