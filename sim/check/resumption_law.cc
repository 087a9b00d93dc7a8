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
  if (resumed) OnResumed(verdict, &flow);
  if (verdict.state != OffloadState::kOffloading) flow.awaits_first = false;
  if (flow.awaits_first && verdict.offloaded) {
    flow.awaits_first = false;
    flow.resumed.push_back({verdict.seq, verdict.seq});
  }
  flow.state = verdict.state;
  if (verdict.state != OffloadState::kTracking) flow.confirmed = false;
  if (!verdict.resync_request.has_value()) return;
  flow.candidate = *verdict.resync_request;
  flow.confirmed = false;
}

// A packet that was followed and holds a boundary, or the first that is offloaded after the answer.
void ResumptionLaw::OnResumed(const RxVerdict& verdict, Flow* flow) {
  const bool followed = !verdict.offloaded && !verdict.not_placed.empty() &&
                        verdict.not_placed.front().reason == NotPlacedReason::kTracking;
  flow->awaits_first = !followed;
  if (followed) flow->resumed.push_back({verdict.seq, verdict.seq + verdict.payload_size});
}

void ResumptionLaw::OnRequest(uint16_t port, const Frame& frame, const RxVerdict& verdict,
                              SimTime now) {
  if (!format_.has_value() || !verdict.resync_request.has_value()) return;
  const int32_t offset = *verdict.resync_request - verdict.seq;
  if (offset < 0 || !ParseFrame(frame.bytes(), &parsed_)) return;
  const ByteSpan payload = parsed_.payload;
  const auto at = static_cast<size_t>(offset);
  if (at < payload.size() &&
      format_->Match(payload.data() + at, payload.size() - at) != PduMatch::kNo) {
    return;
  }
  Violate(now, absl::StrCat("port ", port, " asks about seq ", verdict.resync_request->value(),
                            ", where no header's pattern is"));
}

void ResumptionLaw::OnPduHeader(uint16_t port, SeqNum seq, SimTime now) {
  Flow& flow = flows_[port];
  flow.header = seq;
  while (!flow.resumed.empty() && flow.resumed.front().from <= seq) {
    const Resumed resumed = flow.resumed.front();
    flow.resumed.pop_front();
    if (seq <= resumed.to) continue;
    Violate(now, absl::StrCat("port ", port, " offloads again at seq ", resumed.from.value(),
                              ", where no PDU begins; the next one begins at ", seq.value()));
  }
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
