#include "sim/check/liveness_law.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace ddpsim {

void LivenessLaw::OnFaultsOver() {
  faults_ = false;
  for (auto& [port, flow] : flows_) {
    flow.bytes = 0;
    flow.told = false;
  }
}

void LivenessLaw::OnFrame(uint16_t port, const RxVerdict& verdict, SimTime now) {
  Looked();
  Flow& flow = flows_[port];
  if (verdict.payload_size > 0) CheckSync(port, verdict, &flow, now);
  const SeqNum end = verdict.seq + verdict.payload_size;
  const int32_t fresh = flow.known ? end - flow.end : static_cast<int32_t>(verdict.payload_size);
  if (!flow.known || fresh > 0) flow.end = end;
  flow.known = true;
  const bool out = verdict.state != OffloadState::kOffloading;
  if (out != flow.out) {
    flow.out = out;
    flow.excused = flow.told = false;
    flow.bytes = 0;
  }
  if (!out || faults_ || fresh <= 0 || now < flow.answer_due) return;
  flow.bytes += static_cast<uint64_t>(fresh);
  longest_ = std::max(longest_, flow.bytes);
  if (!promised_ || flow.excused || flow.told || flow.bytes <= bound_) return;
  flow.told = true;
  Violate(now, absl::StrCat("port ", port, " has not been offloading for ", flow.bytes,
                            " bytes since faults were over; promised: ", bound_));
}

void LivenessLaw::OnAnswerPosted(uint16_t port, uint32_t wqes, uint32_t klms, SimTime now) {
  const SimTime due = now + wqe_latency_ * wqes + klm_latency_ * klms;
  Flow& flow = flows_[port];
  flow.answer_due = std::max(flow.answer_due, due);
}

void LivenessLaw::CheckSync(uint16_t port, const RxVerdict& verdict, Flow* flow, SimTime now) {
  const bool offloading = verdict.state == OffloadState::kOffloading;
  if (keeps_sync_ && flow->in_sync && verdict.seq == flow->expected && !offloading) {
    Violate(now, absl::StrCat("port ", port, " loses its place on the segment that it expects, at ",
                              "seq ", verdict.seq.value()));
  }
  if (verdict.offloaded && offloading) {
    flow->in_sync = true;
    flow->expected = verdict.seq + verdict.payload_size;
    return;
  }
  // Neither of these moves the context.
  const bool passed_by = offloading && !verdict.not_placed.empty() &&
                         (verdict.not_placed.front().reason == NotPlacedReason::kRetransmission ||
                          verdict.not_placed.front().reason == NotPlacedReason::kBadChecksum);
  if (!passed_by) flow->in_sync = false;
}

void LivenessLaw::Excuse(uint16_t port) {
  Flow& flow = flows_[port];
  flow.excused = flow.out;
}

uint64_t LivenessLaw::open() const {
  return static_cast<uint64_t>(
      std::count_if(flows_.begin(), flows_.end(), [](const auto& f) { return f.second.out; }));
}

}  // namespace ddpsim
