// Reads a capture record by record: pcap (draft-ietf-opsawg-pcap; both byte orders, microseconds
// and nanoseconds) or pcapng (draft-ietf-opsawg-pcapng; sections of either byte order, several
// interfaces, if_tsresol and if_tsoffset), zipped or not. Left out: the content of blocks that are
// no packets (name resolution, statistics, secrets, custom blocks), which are skipped. Invariants:
// memory is bounded by the largest record; every length of the file is checked before it is used;
// an error names file, offset and what is wrong.
#ifndef DDPSIM_MODELS_CAPTURE_CAPTURE_READER_H_
#define DDPSIM_MODELS_CAPTURE_CAPTURE_READER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ddpsim/base/bytes.h"
#include "ddpsim/base/pcap_writer.h"
#include "models/capture/byte_source.h"

namespace ddpsim {

struct CaptureRecord {
  int64_t time_ns = 0;           // since the epoch of the capture, within +-kLatestNs
  bool time_repaired = false;    // it was beyond
  uint32_t original_length = 0;  // on the wire
  uint32_t link_type = 1;        // LINKTYPE_ETHERNET
  uint32_t interface_id = 0;     // of its section, in the file's order
  CaptureDirection direction = CaptureDirection::kUnknown;
  ByteSpan bytes;             // valid until the next record is read
  absl::string_view comment;  // pcapng's opt_comment, the same
};

// 146 years: the difference of two times fits 64 bits. Years 1824 to 2116.
inline constexpr int64_t kLatestNs = (int64_t{1} << 62) - 1;

// Longest record that is believed: Linux's BIG TCP makes 512 KiB packets (v6.3, gro_max_size).
inline constexpr uint32_t kMaxRecord = uint32_t{1} << 20;

// What comes behind the file's magic.
class RecordFormat {
 public:
  virtual ~RecordFormat() = default;
  // False at the end of the file.
  virtual absl::StatusOr<bool> Next(ByteSource* source, CaptureRecord* record) = 0;
};

class CaptureReader {
 public:
  // NotFound: no such file. InvalidArgument: no capture.
  static absl::StatusOr<std::unique_ptr<CaptureReader>> Open(const std::string& path);

  // False at the end. A record that the file's end cuts short ends the capture: see cut_short().
  absl::StatusOr<bool> Next(CaptureRecord* record);

  uint64_t records() const { return records_; }
  // The file ends in mid-record, as when the program that wrote it was killed.
  bool cut_short() const { return cut_short_; }
  // The zipped data ends before its end mark.
  bool gzip_cut_short() const { return source_->gzip_cut_short(); }
  uint64_t offset() const { return source_->offset(); }

 private:
  CaptureReader(std::unique_ptr<ByteSource> source, std::unique_ptr<RecordFormat> format)
      : source_(std::move(source)), format_(std::move(format)) {}

  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<RecordFormat> format_;
  uint64_t records_ = 0;
  bool cut_short_ = false;
};

// Told by the four bytes at the file's start; null: not of this format.
absl::StatusOr<std::unique_ptr<RecordFormat>> OpenPcap(ByteSource* source);
absl::StatusOr<std::unique_ptr<RecordFormat>> OpenPcapng(ByteSource* source);

// OutOfRange marks a record that the file's end cuts short.
absl::Status CutShort(const ByteSource& source);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_CAPTURE_READER_H_
