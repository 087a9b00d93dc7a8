#include "sim/replay/annotated_capture.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ddpsim {

absl::StatusOr<std::unique_ptr<AnnotatedCapture>> AnnotatedCapture::Open(const std::string& path) {
  auto writer = PcapWriter::Open(path, CaptureFormatOf(path), "replayed");
  if (!writer.ok()) return writer.status();
  return std::unique_ptr<AnnotatedCapture>(new AnnotatedCapture(*std::move(writer)));
}

void AnnotatedCapture::Add(const CaptureRecord& record, CaptureDirection direction,
                           std::string comment, const std::vector<uint64_t>& frames) {
  pending_.push_back({record.time_ns,
                      record.original_length,
                      direction,
                      {record.bytes.begin(), record.bytes.end()},
                      std::move(comment),
                      frames});
  Flush(false);
}

void AnnotatedCapture::OnFrame(uint64_t frame, const std::string& comment) {
  for (Pending& pending : pending_) {
    const auto at = std::find(pending.frames.begin(), pending.frames.end(), frame);
    if (at == pending.frames.end()) continue;
    pending.frames.erase(at);
    absl::StrAppend(&pending.comment, pending.comment.empty() ? "" : "; ", comment);
    break;
  }
  Flush(false);
}

void AnnotatedCapture::Flush(bool all) {
  while (!pending_.empty() && (all || pending_.front().frames.empty())) {
    const Pending& front = pending_.front();
    // A write error is sticky in the writer and comes out of Close().
    writer_
        ->WriteAt(front.time_ns, front.bytes, front.original_length, front.direction, front.comment)
        .IgnoreError();
    pending_.pop_front();
  }
}

absl::Status AnnotatedCapture::Close() {
  Flush(true);
  return writer_->Close();
}

}  // namespace ddpsim
