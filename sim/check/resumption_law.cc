#include "sim/check/resumption_law.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "sim/check/tcp_frame.h"

namespace ddpsim {

void ResumptionLaw::OnFrame(uint16_t port, const RxVerdict& verdict, SimTime now) {
  Looked();
  Flow& flow = flows_[port];
  const bool resumed =
      verdict.state == OffloadState::kOffloading && flow.state != OffloadState::kOffloading;
  // Whether a header is there, nobody has looked.
  const bool by_stray =
      resumed && !flow.confirmed && absl::c_linear_search(flow.strays, flow.candidate);
  if (resumed && !flow.confirmed && !by_stray) {
    Violate(now, absl::StrCat("port ", port, " offloads again at seq ", verdict.seq.value(),
                              " without an answer for its candidate ", flow.candidate.value()));
  }
  if (resumed && !by_stray) OnResumed(port, verdict, &flow, now);
  if (verdict.state != OffloadState::kOffloading) flow.awaits_first = false;
  if (flow.awaits_first && verdict.offloaded) {
    flow.awaits_first = false;
    Expect(port, {verdict.seq, verdict.seq}, &flow, now);
  }
  CheckForward(port, verdict, &flow, now);
  flow.state = verdict.state;
  if (verdict.state != OffloadState::kTracking) flow.confirmed = false;
  if (!verdict.resync_request.has_value()) return;
  flow.candidate = *verdict.resync_request;
  flow.confirmed = false;
}

void ResumptionLaw::CheckForward(uint16_t port, const RxVerdict& verdict, Flow* flow, SimTime now) {
  if (flow->state != OffloadState::kSearching) flow->searched.reset();
  if (verdict.resync_request.has_value() && flow->searched.has_value() &&
      verdict.seq < *flow->searched) {
    Violate(now, absl::StrCat("port ", port, " asks about seq ", verdict.resync_request->value(),
                              ", though it has searched up to ", flow->searched->value()));
  }
  const bool reached = !verdict.not_placed.empty() &&
                       verdict.not_placed.front().reason == NotPlacedReason::kSearching;
  if (!reached) return;  // as a frame with a wrong checksum
  // What begins before is left alone, wherever it ends.
  if (flow->searched.has_value() && verdict.seq < *flow->searched) return;
  flow->searched = verdict.seq + verdict.payload_size;
}

// A packet that was followed and holds a boundary, or the first that is offloaded after the answer.
void ResumptionLaw::OnResumed(uint16_t port, const RxVerdict& verdict, Flow* flow, SimTime now) {
  const bool followed = !verdict.offloaded && !verdict.not_placed.empty() &&
                        verdict.not_placed.front().reason == NotPlacedReason::kTracking;
  flow->awaits_first = !followed;
  if (followed) Expect(port, {verdict.seq, verdict.seq + verdict.payload_size}, flow, now);
}

void ResumptionLaw::Expect(uint16_t port, Resumed resumed, Flow* flow, SimTime now) {
  const std::deque<SeqNum>& met = flow->met;
  if (met.empty() || met.back() < resumed.from) {
    flow->resumed.push_back(resumed);
    return;
  }
  if (!flow->met_all && resumed.from < met.front()) return;  // nobody knows any more
  const auto at =
      std::find_if(met.begin(), met.end(), [&resumed](SeqNum seq) { return seq >= resumed.from; });
  if (*at > resumed.to) ViolateNoHeader(port, resumed.from, *at, now);
}

void ResumptionLaw::ViolateNoHeader(uint16_t port, SeqNum from, SeqNum next, SimTime now) {
  Violate(now, absl::StrCat("port ", port, " offloads again at seq ", from.value(),
                            ", where no PDU begins; the next one begins at ", next.value()));
}

void ResumptionLaw::OnRequest(uint16_t port, const Frame& frame, const RxVerdict& verdict,
                              SimTime now) {
  if (!reader_.has_value() || !verdict.resync_request.has_value()) return;
  const int32_t offset = *verdict.resync_request - verdict.seq;
  TcpFrame tcp;
  if (offset < 0 || !ReadTcpFrame(frame.bytes(), &tcp)) return;
  const ByteSpan payload = tcp.payload;
  const auto at = static_cast<size_t>(offset);
  if (at < payload.size() && reader_->Match(payload.subspan(at)) != HeaderReading::kNone) {
    return;
  }
  Violate(now, absl::StrCat("port ", port, " asks about seq ", verdict.resync_request->value(),
                            ", where no header's pattern is"));
}

void ResumptionLaw::OnPduHeader(uint16_t port, SeqNum seq, SimTime now) {
  Flow& flow = flows_[port];
  flow.header = seq;
  if (flow.met.size() == kMet) {
    flow.met.pop_front();
    flow.met_all = false;
  }
  flow.met.push_back(seq);
  while (!flow.resumed.empty() && flow.resumed.front().from <= seq) {
    const Resumed resumed = flow.resumed.front();
    flow.resumed.pop_front();
    if (seq > resumed.to) ViolateNoHeader(port, resumed.from, seq, now);
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
