#include "sim/check/placement_ledger.h"

#include <algorithm>

namespace ddpsim {

void PlacementLedger::Start() {
  counting_ = true;
  payload_ = placed_ = packets_ = offloaded_packets_ = 0;
  reasons_.fill(0);
  samples_.clear();
}

void PlacementLedger::OnReceived(uint16_t host_port, const RxVerdict& verdict) {
  if (verdict.payload_size == 0) return;
  if (counting_) {
    ++packets_;
    if (verdict.placement.has_value()) ++offloaded_packets_;
  }
  Flow& flow = flows_[host_port];
  flow.has_context = flow.has_context || verdict.has_context;
  if (!flow.has_context) return;  // never offloaded: OnDelivered() knows the reason
  for (const NotPlacedSpan& span : verdict.not_placed) {
    if (span.reason == NotPlacedReason::kNotData) continue;
    const SeqNum begin = verdict.seq + span.offset;
    Insert(&flow, {begin, begin + span.size, static_cast<uint8_t>(span.reason)});
  }
}

void PlacementLedger::Insert(Flow* flow, Span span) {
  auto at = flow->spans.end();
  while (at != flow->spans.begin() && std::prev(at)->begin >= span.begin) --at;
  if (at != flow->spans.begin()) span.begin = SeqMax(span.begin, std::prev(at)->end);
  // What is known already stays; the rest of the newcomer fills the gaps.
  while (span.begin < span.end) {
    const bool has_next = at != flow->spans.end();
    const SeqNum end = has_next ? SeqMin(span.end, at->begin) : span.end;
    if (span.begin < end) at = std::next(flow->spans.insert(at, {span.begin, end, span.reason}));
    if (!has_next || at == flow->spans.end()) break;
    span.begin = SeqMax(span.begin, at->end);
    ++at;
  }
}

void PlacementLedger::OnDelivered(uint16_t host_port, SeqNum seq, uint32_t bytes, bool placed) {
  Flow& flow = flows_[host_port];
  while (!flow.spans.empty() && flow.spans.front().end <= seq) flow.spans.pop_front();
  if (counting_) {
    payload_ += bytes;
    if (placed) placed_ += bytes;
    if (payload_ / kSampleBytes > samples_.size()) samples_.emplace_back(payload_, placed_);
  }
  if (placed) return;
  const SeqNum end = seq + bytes;
  for (const Span& span : flow.spans) {
    if (span.begin >= end) break;
    const SeqNum begin = SeqMax(seq, span.begin);
    if (begin > seq) Count(begin - seq, flow.has_context ? kAliasLost : 0);
    seq = SeqMin(end, span.end);
    Count(seq - begin, span.reason);
  }
  if (seq < end) Count(end - seq, flow.has_context ? kAliasLost : 0);
}

void PlacementLedger::Count(uint32_t bytes, size_t reason) {
  if (!counting_) return;
  if (reason == static_cast<size_t>(NotPlacedReason::kNotMapped))
    reason = below_threshold_ ? kBelowThreshold : above_sgl_ ? kAboveSgl : reason;
  reasons_[reason] += bytes;
}

std::vector<std::pair<std::string, uint64_t>> PlacementLedger::NotPlaced() const {
  std::vector<std::pair<std::string, uint64_t>> out;
  for (size_t i = 0; i < kReasons; ++i) {
    if (reasons_[i] == 0) continue;
    const char* name = i == kAliasLost        ? "copied_after_placement"
                       : i == kBelowThreshold ? "below_io_threshold"
                       : i == kAboveSgl       ? "above_sgl_limit"
                                        : NotPlacedReasonName(static_cast<NotPlacedReason>(i));
    out.emplace_back(name, reasons_[i]);
  }
  return out;
}

uint64_t PlacementLedger::unoffloaded_by_resync() const {
  return reasons_[static_cast<size_t>(NotPlacedReason::kSearching)] +
         reasons_[static_cast<size_t>(NotPlacedReason::kTracking)];
}

std::array<double, 10> PlacementLedger::Intervals() const {
  std::array<double, 10> out{};
  uint64_t last_payload = 0;
  uint64_t last_placed = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    const uint64_t until = payload_ * (i + 1) / out.size();
    auto at =
        std::lower_bound(samples_.begin(), samples_.end(), std::make_pair(until, uint64_t{0}));
    const auto [payload, placed] =
        i + 1 == out.size() || at == samples_.end() ? std::make_pair(payload_, placed_) : *at;
    if (payload > last_payload) {
      out[i] =
          static_cast<double>(placed - last_placed) / static_cast<double>(payload - last_payload);
    } else if (i > 0) {
      out[i] = out[i - 1];
    }
    last_payload = payload;
    last_placed = placed;
  }
  return out;
}

}  // namespace ddpsim
