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
  if (!out || faults_ || fresh <= 0) return;
  flow.bytes += static_cast<uint64_t>(fresh);
  longest_ = std::max(longest_, flow.bytes);
  if (!promised_ || flow.excused || flow.told || flow.bytes <= bound_) return;
  flow.told = true;
  Violate(now, absl::StrCat("port ", port, " has not been offloading for ", flow.bytes,
                            " bytes since faults were over; promised: ", bound_));
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
