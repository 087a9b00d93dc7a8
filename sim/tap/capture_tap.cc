#include "sim/tap/capture_tap.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ddpsim {
namespace {

const char* StateName(OffloadState state) {
  switch (state) {
    case OffloadState::kOffloading:
      return "offloading";
    case OffloadState::kSearching:
      return "searching";
    case OffloadState::kTracking:
      return "tracking";
  }
  return "";
}

}  // namespace

std::string VerdictComment(const RxVerdict& verdict) {
  if (!verdict.has_context) return "no offload context";
  std::string text = absl::StrCat(StateName(verdict.state), verdict.ddgst_ok ? ", ddgst ok" : "");
  if (verdict.placement.has_value()) {
    const NicPlacement& p = *verdict.placement;
    absl::StrAppend(&text, ", placed ", p.size, " bytes of ccid ", p.ccid, " at ccoff ", p.ccoff);
  }
  if (verdict.resync_request.has_value()) {
    absl::StrAppend(&text, ", resync request ", verdict.resync_request->value());
  }
  for (const NotPlacedSpan& span : verdict.not_placed) {
    if (span.reason == NotPlacedReason::kNotData) continue;
    absl::StrAppend(&text, ", ", span.size,
                    " bytes not placed: ", NotPlacedReasonName(span.reason));
  }
  return text;
}

absl::StatusOr<std::unique_ptr<CaptureTap>> CaptureTap::Open(const std::string& path) {
  const CaptureFormat format = CaptureFormatOf(path);
  auto writer = PcapWriter::Open(path, format, "host-nic");
  if (!writer.ok()) return writer.status();
  return std::unique_ptr<CaptureTap>(
      new CaptureTap(*std::move(writer), format == CaptureFormat::kPcapNg));
}

void CaptureTap::OnSent(const FramePtr& frame, SimTime ready) { sent_.push_back({frame, ready}); }

void CaptureTap::OnReceived(const FramePtr& frame, SimTime now) {
  received_.push_back({frame, now, {}});
}

void CaptureTap::OnVerdict(const Frame& frame, const RxVerdict& verdict) {
  Judge(frame, comments_ ? VerdictComment(verdict) : std::string());
}

void CaptureTap::OnOutOfBuffer(const Frame& frame) { Judge(frame, "dropped: no RX WQE"); }

void CaptureTap::Judge(const Frame& frame, std::string comment) {
  const auto at = std::find_if(received_.begin(), received_.end(),
                               [&](const Received& one) { return one.frame.get() == &frame; });
  if (at == received_.end()) return;
  at->comment = std::move(comment);
  for (auto left = at - received_.begin() + 1; left > 0; --left) WriteFirstReceived();
}

void CaptureTap::WriteFirstReceived() {
  const Received& first = received_.front();
  FlushSentUntil(first.at);
  // A write error is sticky in the writer and comes out of Close().
  writer_->Write(first.at, first.frame->bytes(), CaptureDirection::kInbound, first.comment)
      .IgnoreError();
  received_.pop_front();
}

void CaptureTap::FlushSentUntil(SimTime limit) {
  while (!sent_.empty() && sent_.front().at <= limit) {
    const Sent& sent = sent_.front();
    writer_->Write(sent.at, sent.frame->bytes(), CaptureDirection::kOutbound).IgnoreError();
    sent_.pop_front();
  }
}

absl::Status CaptureTap::Close() {
  while (!received_.empty()) WriteFirstReceived();
  FlushSentUntil(SimTime::Never());
  return writer_->Close();
}

}  // namespace ddpsim
