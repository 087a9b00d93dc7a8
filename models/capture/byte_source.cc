#include "models/capture/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ddpsim {
namespace {

constexpr size_t kBuffer = size_t{1} << 18;

// Which file it is, and that it has not been written to since.
struct FileIdentity {
  std::string path;
  uintmax_t size = 0;
  std::filesystem::file_time_type written;

  bool operator==(const FileIdentity& other) const {
    return path == other.path && size == other.size && written == other.written;
  }
};

std::optional<FileIdentity> Identify(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  FileIdentity file{path, std::filesystem::file_size(path, error), {}};
  if (!error) file.written = std::filesystem::last_write_time(path, error);
  if (error) return std::nullopt;
  return file;
}

// The file that was unzipped last; without its bytes as long as it is being read.
struct Unzipped {
  std::optional<FileIdentity> file;
  std::shared_ptr<const std::vector<uint8_t>> bytes;
};

Unzipped& LastUnzipped() {
  static Unzipped last;
  return last;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> ByteSource::Open(const std::string& path) {
  errno = 0;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) {
    return absl::ErrnoToStatus(errno == 0 ? ENOMEM : errno, absl::StrCat("cannot open ", path));
  }
  gzbuffer(file, kBuffer);
  std::unique_ptr<ByteSource> source(new ByteSource(path, file));
  const std::optional<FileIdentity> identity = Identify(path);
  if (!identity.has_value() || gzdirect(file) != 0) return source;
  Unzipped& last = LastUnzipped();
  if (!(identity == last.file)) last = {identity, nullptr};
  source->whole_ = last.bytes;
  source->keeps_ = source->whole_ == nullptr;
  return source;
}

void ByteSource::Keep(ByteSpan unzipped) {
  if (!keeps_) return;
  keeps_ = kept_.size() + unzipped.size() <= kKept && status_.ok() && !gzip_cut_short_;
  if (!keeps_) {
    kept_ = {};
    return;
  }
  kept_.insert(kept_.end(), unzipped.begin(), unzipped.end());
  Unzipped& last = LastUnzipped();
  if (!at_end_ || !(last.file == Identify(path_))) return;
  last.bytes = std::make_shared<const std::vector<uint8_t>>(std::move(kept_));
  keeps_ = false;
}

ByteSource::~ByteSource() { gzclose(file_); }

absl::Status ByteSource::Bad(uint64_t offset, const std::string& what) const {
  return absl::InvalidArgumentError(absl::StrCat(path_, ": offset ", offset, ": ", what));
}

void ByteSource::Fill(size_t n) {
  if (end_ - begin_ >= n || at_end_) return;
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<long>(begin_),
              buffer_.begin() + static_cast<long>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < std::max(n, kBuffer)) buffer_.resize(std::max(n, kBuffer));
  while (end_ < n && !at_end_) {
    errno = 0;
    const int got =
        gzread(file_, buffer_.data() + end_, static_cast<unsigned>(buffer_.size() - end_));
    const size_t before = end_;
    if (got > 0) end_ += static_cast<size_t>(got);
    // gzread() also returns what came before a damage, and 0 for a stream that ends too early.
    int code = Z_OK;
    const char* text = gzerror(file_, &code);
    if (got <= 0) at_end_ = true;
    if (code == Z_ERRNO) {
      status_ = absl::ErrnoToStatus(errno == 0 ? EIO : errno, absl::StrCat("cannot read ", path_));
      at_end_ = true;
    } else if (code == Z_BUF_ERROR) {
      gzip_cut_short_ = true;  // "unexpected end of file"
      at_end_ = true;
    } else if (got <= 0 && code != Z_OK && code != Z_STREAM_END) {
      status_ = Bad(offset_ + (end_ - begin_), absl::StrCat("gzip data is damaged: ", text));
    }
    Keep(ByteSpan(buffer_.data() + before, end_ - before));
  }
}

ByteSpan ByteSource::Peek(size_t n) {
  if (whole_ != nullptr) {
    const size_t at = static_cast<size_t>(offset_);
    return ByteSpan(whole_->data() + at, std::min(n, whole_->size() - at));
  }
  Fill(n);
  return ByteSpan(buffer_.data() + begin_, std::min(n, end_ - begin_));
}

ByteSpan ByteSource::Read(size_t n) {
  const ByteSpan bytes = Peek(n);
  if (whole_ == nullptr) begin_ += bytes.size();
  offset_ += bytes.size();
  return bytes;
}

bool ByteSource::Skip(uint64_t n) {
  while (n > 0) {
    const size_t step = static_cast<size_t>(std::min<uint64_t>(n, kBuffer));
    const size_t got = Read(step).size();
    if (got < step) return false;
    n -= got;
  }
  return true;
}

}  // namespace ddpsim
