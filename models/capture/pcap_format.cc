// Classic pcap: a 24-byte file header, then records of 16 bytes and data.
#include <utility>

#include "absl/strings/str_cat.h"
#include "models/capture/capture_reader.h"

namespace ddpsim {
namespace {

constexpr uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr uint32_t kNanoseconds = 0xa1b23c4d;
constexpr uint32_t kFileHeader = 24;
constexpr uint32_t kRecordHeader = 16;
// The upper bits of the link-type field tell of frame check sequences (draft, section 4).
constexpr uint32_t kLinkTypeMask = 0xffff;

class PcapFormat final : public RecordFormat {
 public:
  PcapFormat(bool swapped, bool nanoseconds) : swapped_(swapped), nanoseconds_(nanoseconds) {}

  absl::Status ReadHeader(ByteSource* source) {
    const ByteSpan header = source->Read(kFileHeader);
    if (!source->status().ok()) return source->status();
    if (header.size() < kFileHeader) {
      return source->Bad(0,
                         absl::StrCat("the pcap file header has ", header.size(), " of 24 bytes"));
    }
    const uint16_t major = swapped_ ? LoadBe16(&header[4]) : LoadLe16(&header[4]);
    if (major != 2) {
      return source->Bad(4, absl::StrCat("pcap version ", major, ".x; accepted: 2.x"));
    }
    link_type_ = U32(&header[20]) & kLinkTypeMask;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next(ByteSource* source, CaptureRecord* record) override {
    const uint64_t at = source->offset();
    const ByteSpan header = source->Read(kRecordHeader);
    if (header.empty()) return false;
    if (header.size() < kRecordHeader) return CutShort(*source);
    const uint32_t seconds = U32(&header[0]);
    const uint32_t fraction = U32(&header[4]);
    const uint32_t captured = U32(&header[8]);
    record->original_length = U32(&header[12]);
    if (captured > kMaxRecord) {
      return source->Bad(
          at + 8, absl::StrCat("captured length ", captured, " of a packet; at most ", kMaxRecord));
    }
    if (captured > record->original_length) {
      return source->Bad(at + 8,
                         absl::StrCat("captured length ", captured, " exceeds the packet's length ",
                                      record->original_length));
    }
    if (fraction >= (nanoseconds_ ? 1'000'000'000u : 1'000'000u)) {
      return source->Bad(at + 4,
                         absl::StrCat("timestamp fraction ", fraction, " is a second or more"));
    }
    record->time_ns =
        int64_t{seconds} * 1'000'000'000 + int64_t{fraction} * (nanoseconds_ ? 1 : 1000);
    record->link_type = link_type_;
    record->direction = CaptureDirection::kUnknown;
    record->comment = {};
    record->bytes = source->Read(captured);
    if (record->bytes.size() < captured) return CutShort(*source);
    return true;
  }

 private:
  uint32_t U32(const uint8_t* p) const { return swapped_ ? LoadBe32(p) : LoadLe32(p); }

  bool swapped_;
  bool nanoseconds_;
  uint32_t link_type_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RecordFormat>> OpenPcap(ByteSource* source) {
  const ByteSpan magic = source->Peek(4);
  const uint32_t little = LoadLe32(magic.data());
  const uint32_t big = LoadBe32(magic.data());
  const bool is_little = little == kMicroseconds || little == kNanoseconds;
  const bool is_big = big == kMicroseconds || big == kNanoseconds;
  if (!is_little && !is_big) return std::unique_ptr<RecordFormat>();
  auto format = std::make_unique<PcapFormat>(is_big, (is_big ? big : little) == kNanoseconds);
  if (absl::Status status = format->ReadHeader(source); !status.ok()) return status;
  return std::unique_ptr<RecordFormat>(std::move(format));
}

}  // namespace ddpsim
