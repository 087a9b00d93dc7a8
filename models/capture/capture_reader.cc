#include "models/capture/capture_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace ddpsim {

absl::StatusOr<std::unique_ptr<CaptureReader>> CaptureReader::Open(const std::string& path) {
  auto source = ByteSource::Open(path);
  if (!source.ok()) return source.status();
  const size_t start = (*source)->Peek(4).size();
  if (!(*source)->status().ok()) return (*source)->status();
  if (start < 4) {
    return (*source)->Bad(0, absl::StrCat("no capture: the file has ", start,
                                          " bytes; accepted: pcap, pcapng, either one gzipped"));
  }
  std::unique_ptr<RecordFormat> format;
  for (auto open : {OpenPcap, OpenPcapng}) {
    auto opened = open(source->get());
    if (!opened.ok()) return opened.status();
    if (*opened != nullptr) format = *std::move(opened);
    if (format != nullptr) break;
  }
  if (format == nullptr) {
    return (*source)->Bad(0,
                          "no capture: unknown magic; accepted: pcap, pcapng, either one gzipped");
  }
  return std::unique_ptr<CaptureReader>(new CaptureReader(*std::move(source), std::move(format)));
}

absl::StatusOr<bool> CaptureReader::Next(CaptureRecord* record) {
  if (cut_short_) return false;
  absl::StatusOr<bool> more = format_->Next(source_.get(), record);
  // Damage of the zipped stream shows as an early end.
  if (!source_->status().ok()) return source_->status();
  if (!more.ok() && absl::IsOutOfRange(more.status())) {
    cut_short_ = true;
    return false;
  }
  if (more.ok() && *more) ++records_;
  return more;
}

absl::Status CutShort(const ByteSource& source) {
  return absl::OutOfRangeError(absl::StrCat(source.path(), ": ends in mid-record"));
}

}  // namespace ddpsim
