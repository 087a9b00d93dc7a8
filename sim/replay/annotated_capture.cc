#include "sim/replay/annotated_capture.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ddpsim/wire/ip.h"
#include "models/capture/link_header.h"

namespace ddpsim {

absl::StatusOr<std::unique_ptr<AnnotatedCapture>> AnnotatedCapture::Open(const std::string& path) {
  auto writer = PcapWriter::Open(path, CaptureFormatOf(path), "replayed");
  if (!writer.ok()) return writer.status();
  return std::unique_ptr<AnnotatedCapture>(new AnnotatedCapture(*std::move(writer)));
}

void AnnotatedCapture::Add(const CaptureRecord& record, const CapturedPacket& packet,
                           CaptureDirection direction, std::string comment,
                           const std::vector<uint64_t>& frames) {
  Pending pending{record.time_ns, record.original_length, direction, {}, std::move(comment),
                  frames};
  ByteSpan bytes = record.bytes;
  if (record.link_type != kLinkTypeEthernet) {
    const size_t below = std::min<size_t>(packet.l3_offset, bytes.size());
    bytes.remove_prefix(below);
    pending.original_length -= static_cast<uint32_t>(below);
    pending.original_length += kEthernetHeader;
    pending.bytes.resize(kEthernetHeader);
    StoreBe16(&pending.bytes[kEthernetHeader - 2],
              packet.flow.ipv6 ? kEtherTypeIpv6 : kEtherTypeIpv4);
  }
  pending.bytes.insert(pending.bytes.end(), bytes.begin(), bytes.end());
  pending_.push_back(std::move(pending));
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
