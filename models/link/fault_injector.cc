#include "models/link/fault_injector.h"

#include <algorithm>
#include <string>

#include "ddpsim/wire/nvme_tcp_layout.h"

namespace ddpsim {
namespace {

Rng Stream(uint64_t seed, LinkDirection direction, const char* fault) {
  return Rng(seed, std::string(direction == LinkDirection::kC2H ? "c2h." : "h2c.") + fault);
}

uint8_t DataPduOf(LinkDirection direction) {
  return static_cast<uint8_t>(direction == LinkDirection::kC2H ? PduType::kC2HData
                                                               : PduType::kH2CData);
}

}  // namespace

FaultInjector::FaultInjector(const LinkFaults& faults, LinkDirection direction, uint64_t seed,
                             FramePool* pool)
    : faults_(faults),
      needs_parse_(faults.needs_streams() || faults.loss.kind == LossKind::kList ||
                   !faults.reorder.packets.empty() || !faults.duplicate.packets.empty() ||
                   faults.corrupt.any()),
      loss_(MakeLossModel(faults.loss, DataPduOf(direction), Stream(seed, direction, "loss"))),
      reorder_list_(faults.reorder.packets),
      duplicate_list_(faults.duplicate.packets),
      corruptor_(faults.corrupt, DataPduOf(direction), pool, Stream(seed, direction, "corrupt")),
      script_(faults.script, pool),
      reorder_rng_(Stream(seed, direction, "reorder")),
      duplicate_rng_(Stream(seed, direction, "duplicate")) {}

FaultDecision FaultInjector::Decide(const Frame& frame, uint32_t burst_id, SimTime now) {
  FaultDecision decision;
  PacketFacts packet;
  ParsedFrame& parsed = parsed_;
  const bool is_tcp = needs_parse_ && ParseFrame(frame.bytes(), &parsed);
  if (is_tcp && faults_.needs_streams()) packet.place = locator_.OnFrame(parsed);
  if (!enabled_) return decision;
  const bool is_data = is_tcp && !parsed.payload.empty();
  if (is_data) packet.data_number = ++data_packets_;
  if (is_data && script_.Keep(frame, parsed, packet.place, now)) {
    decision.drop = LinkDropReason::kScript;
    return decision;
  }
  if (loss_ != nullptr && Lost(packet, burst_id)) {
    decision.drop = DropReasonOf(faults_.loss.kind);
    return decision;
  }
  decision.duplicate = duplicate_rng_.Bernoulli(faults_.duplicate.probability) ||
                       (is_data && duplicate_list_.Contains(packet.data_number));
  if (is_data && faults_.corrupt.any())
    decision.corrupted = corruptor_.Corrupt(frame, parsed, packet);
  if (reorder_rng_.Bernoulli(faults_.reorder.probability) ||
      (is_data && reorder_list_.Contains(packet.data_number))) {
    decision.hold = faults_.reorder.delay;
  }
  return decision;
}

UnmetFaults FaultInjector::Unmet() const {
  const auto beyond = [](const std::vector<int64_t>& numbers, uint64_t seen) {
    const auto next = std::upper_bound(numbers.begin(), numbers.end(), static_cast<int64_t>(seen));
    return static_cast<uint64_t>(numbers.end() - next);
  };
  UnmetFaults unmet;
  unmet.loss = beyond(faults_.loss.packets, faults_.loss.whole_skb ? bursts_ : data_packets_);
  unmet.reorder = beyond(faults_.reorder.packets, data_packets_);
  unmet.duplicate = beyond(faults_.duplicate.packets, data_packets_);
  unmet.corrupt = beyond(faults_.corrupt.packets, data_packets_);
  unmet.script_steps = script_.steps_not_sent();
  return unmet;
}

bool FaultInjector::Lost(const PacketFacts& packet, uint32_t burst_id) {
  if (!faults_.loss.whole_skb) return loss_->Drop(packet);
  const bool same = burst_id != 0 && burst_id == burst_id_;
  burst_id_ = burst_id;
  if (!same) burst_lost_ = false;
  const bool by_position =
      faults_.loss.kind == LossKind::kRanges || faults_.loss.kind == LossKind::kPdu;
  if (by_position) {  // whichever frame of the burst carries the byte
    if (loss_->Drop(packet)) burst_lost_ = true;
  } else if (!same) {  // one draw, one number, per skb
    PacketFacts skb = packet;
    if (packet.data_number != 0) skb.data_number = ++bursts_;
    burst_lost_ = loss_->Drop(skb);
  }
  return burst_lost_;
}

}  // namespace ddpsim
