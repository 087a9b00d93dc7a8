#include "sim/tap/capture_tap.h"

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
  FlushReceived();
  FlushSentUntil(now);
  received_ = frame;
  received_at_ = now;
}

void CaptureTap::OnVerdict(const Frame& frame, const RxVerdict& verdict) {
  if (comments_ && received_.get() == &frame) comment_ = VerdictComment(verdict);
}

void CaptureTap::OnOutOfBuffer(const Frame& frame) {
  if (comments_ && received_.get() == &frame) comment_ = "dropped: no RX WQE";
}

void CaptureTap::FlushReceived() {
  if (!received_) return;
  FlushSentUntil(received_at_);
  // A write error is sticky in the writer and comes out of Close().
  writer_->Write(received_at_, received_->bytes(), CaptureDirection::kInbound, comment_)
      .IgnoreError();
  received_.reset();
  comment_.clear();
}

void CaptureTap::FlushSentUntil(SimTime limit) {
  while (!sent_.empty() && sent_.front().at <= limit) {
    const Sent& sent = sent_.front();
    if (received_ && received_at_ < sent.at) FlushReceived();
    writer_->Write(sent.at, sent.frame->bytes(), CaptureDirection::kOutbound).IgnoreError();
    sent_.pop_front();
  }
}

absl::Status CaptureTap::Close() {
  FlushReceived();
  FlushSentUntil(SimTime::Never());
  return writer_->Close();
}

}  // namespace ddpsim
