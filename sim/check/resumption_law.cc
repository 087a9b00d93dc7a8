#include "sim/check/resumption_law.h"

#include "absl/strings/str_cat.h"

namespace ddpsim {

void ResumptionLaw::OnFrame(uint16_t port, const RxVerdict& verdict, SimTime now) {
  Looked();
  Flow& flow = flows_[port];
  const bool resumed =
      verdict.state == OffloadState::kOffloading && flow.state != OffloadState::kOffloading;
  if (resumed && !flow.confirmed) {
    Violate(now, absl::StrCat("port ", port, " offloads again at seq ", verdict.seq.value(),
                              " without an answer for its candidate ", flow.candidate.value()));
  }
  flow.state = verdict.state;
  if (verdict.state != OffloadState::kTracking) flow.confirmed = false;
  if (!verdict.resync_request.has_value()) return;
  flow.candidate = *verdict.resync_request;
  flow.confirmed = false;
}

void ResumptionLaw::OnResyncResponse(uint16_t port, SeqNum seq, SimTime now) {
  Looked();
  Flow& flow = flows_[port];
  if (!last_byte_ && seq != flow.header) {
    Violate(now, absl::StrCat("port ", port, ": the answer names seq ", seq.value(),
                              ", the header that software met is at ", flow.header.value()));
  }
  if (seq == flow.candidate) flow.confirmed = true;
}

}  // namespace ddpsim
