#include "ddpsim/base/pcap_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

constexpr uint32_t kPcapNanosecondMagic = 0xa1b23c4d;
constexpr uint32_t kLinkTypeEthernet = 1;  // LINKTYPE_ETHERNET
constexpr uint32_t kSnapLength = 262144;   // tcpdump's default: nothing is cut

constexpr uint32_t kSectionHeaderBlock = 0x0a0d0d0a;
constexpr uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr uint32_t kInterfaceBlock = 1;
constexpr uint32_t kEnhancedPacketBlock = 6;

constexpr uint16_t kOptEnd = 0;
constexpr uint16_t kOptComment = 1;
constexpr uint16_t kOptIfName = 2;
constexpr uint16_t kOptEpbFlags = 2;
constexpr uint16_t kOptShbUserAppl = 4;
constexpr uint16_t kOptIfTsResol = 9;

constexpr size_t kFlushAt = size_t{1} << 20;

class BlockWriter {
 public:
  explicit BlockWriter(std::vector<uint8_t>* out) : out_(out) {}

  void U16(uint16_t v) { Bytes(ByteSpan(reinterpret_cast<const uint8_t*>(&v), 2)); }
  void U32(uint32_t v) { Bytes(ByteSpan(reinterpret_cast<const uint8_t*>(&v), 4)); }
  void Bytes(ByteSpan bytes) { out_->insert(out_->end(), bytes.begin(), bytes.end()); }

  // pcapng: everything is padded to 32 bits; a block carries its length at both ends.
  void Pad() { out_->resize((out_->size() - start_ + 3) / 4 * 4 + start_); }
  void Begin(uint32_t type) {
    start_ = out_->size();
    U32(type);
    U32(0);
  }
  void Option(uint16_t code, ByteSpan value) {
    U16(code);
    U16(static_cast<uint16_t>(value.size()));
    Bytes(value);
    Pad();
  }
  void Option(uint16_t code, absl::string_view text) {
    Option(code, ByteSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
  }
  void EndOptions() { U32(kOptEnd); }
  void End() {
    const uint32_t length = static_cast<uint32_t>(out_->size() - start_ + 4);
    U32(length);
    StoreLe32(out_->data() + start_ + 4, length);
  }

 private:
  std::vector<uint8_t>* out_;
  size_t start_ = 0;
};

}  // namespace

CaptureFormat CaptureFormatOf(absl::string_view path) {
  return absl::EndsWith(path, ".pcapng") ? CaptureFormat::kPcapNg : CaptureFormat::kPcap;
}

absl::StatusOr<std::unique_ptr<PcapWriter>> PcapWriter::Open(const std::string& path,
                                                             CaptureFormat format,
                                                             absl::string_view interface_name) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot create ", path));
  }
  std::setvbuf(file, nullptr, _IONBF, 0);  // buffer_ is the buffer
  std::unique_ptr<PcapWriter> writer(new PcapWriter(path, format, file));
  if (format == CaptureFormat::kPcap) {
    writer->AppendPcapHeader();
  } else {
    writer->AppendPcapNgHeader(interface_name);
  }
  // At once, so that a full or read-only device is told before the run.
  if (absl::Status status = writer->Flush(); !status.ok()) return status;
  return writer;
}

PcapWriter::PcapWriter(std::string path, CaptureFormat format, std::FILE* file)
    : path_(std::move(path)), format_(format), file_(file) {
  buffer_.reserve(kFlushAt + kFlushAt / 8);
}

PcapWriter::~PcapWriter() { Close().IgnoreError(); }

absl::Status PcapWriter::WriteAt(int64_t ns, ByteSpan frame, uint32_t original_length,
                                 CaptureDirection direction, absl::string_view comment) {
  SIM_CHECK(file_ != nullptr, "capture is closed");
  if (!status_.ok()) return status_;
  if (format_ == CaptureFormat::kPcap) {
    AppendPcapRecord(ns, frame, original_length);
  } else {
    AppendEnhancedPacket(ns, frame, original_length, direction, comment);
  }
  ++packets_;
  return buffer_.size() < kFlushAt ? absl::OkStatus() : Flush();
}

absl::Status PcapWriter::Close() {
  if (file_ == nullptr) return status_;
  Flush().IgnoreError();  // kept in status_
  if (std::fclose(std::exchange(file_, nullptr)) != 0 && status_.ok()) Fail("close");
  return status_;
}

void PcapWriter::AppendPcapHeader() {
  BlockWriter w(&buffer_);
  w.U32(kPcapNanosecondMagic);
  w.U16(2);  // version 2.4
  w.U16(4);
  w.U32(0);  // reserved (time zone)
  w.U32(0);  // reserved (accuracy)
  w.U32(kSnapLength);
  w.U32(kLinkTypeEthernet);
}

void PcapWriter::AppendPcapNgHeader(absl::string_view interface_name) {
  BlockWriter w(&buffer_);
  w.Begin(kSectionHeaderBlock);
  w.U32(kByteOrderMagic);
  w.U16(1);  // version 1.0
  w.U16(0);
  w.U32(0xffffffff);  // section length: not given
  w.U32(0xffffffff);
  w.Option(kOptShbUserAppl, "ddpsim");
  w.EndOptions();
  w.End();

  w.Begin(kInterfaceBlock);
  w.U16(kLinkTypeEthernet);
  w.U16(0);
  w.U32(kSnapLength);
  if (!interface_name.empty()) w.Option(kOptIfName, interface_name);
  const uint8_t nanoseconds = 9;
  w.Option(kOptIfTsResol, ByteSpan(&nanoseconds, 1));
  w.EndOptions();
  w.End();
}

void PcapWriter::AppendPcapRecord(int64_t ns, ByteSpan frame, uint32_t original_length) {
  BlockWriter w(&buffer_);
  w.U32(static_cast<uint32_t>(ns / 1'000'000'000));
  w.U32(static_cast<uint32_t>(ns % 1'000'000'000));
  w.U32(static_cast<uint32_t>(frame.size()));
  w.U32(original_length);
  w.Bytes(frame);
}

void PcapWriter::AppendEnhancedPacket(int64_t ns, ByteSpan frame, uint32_t original_length,
                                      CaptureDirection direction, absl::string_view comment) {
  BlockWriter w(&buffer_);
  w.Begin(kEnhancedPacketBlock);
  w.U32(0);  // interface
  w.U32(static_cast<uint32_t>(static_cast<uint64_t>(ns) >> 32));
  w.U32(static_cast<uint32_t>(ns));
  w.U32(static_cast<uint32_t>(frame.size()));
  w.U32(original_length);
  w.Bytes(frame);
  w.Pad();
  if (!comment.empty()) w.Option(kOptComment, comment.substr(0, 0xffff));
  if (direction != CaptureDirection::kUnknown) {
    uint8_t flags[4];
    StoreLe32(flags, static_cast<uint32_t>(direction));
    w.Option(kOptEpbFlags, ByteSpan(flags, 4));
  }
  if (!comment.empty() || direction != CaptureDirection::kUnknown) w.EndOptions();
  w.End();
}

absl::Status PcapWriter::Flush() {
  if (!status_.ok() || buffer_.empty()) return status_;
  errno = 0;
  if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) {
    Fail("write");
  }
  buffer_.clear();
  return status_;
}

void PcapWriter::Fail(absl::string_view action) {
  status_ = absl::ErrnoToStatus(errno, absl::StrCat("cannot ", action, " ", path_));
}

}  // namespace ddpsim
