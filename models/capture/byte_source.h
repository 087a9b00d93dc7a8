// A file read from front to back through a buffer, unzipped on the way when it is gzip (RFC 1952;
// zlib tells by the magic). A capture is read several times, and unzipping takes longer than all
// else: what one reading unzipped, if it is not large, is there for the next. Left out: seeking,
// standard input. Invariants: memory is bounded by kKept and the largest Read(); offsets count
// bytes of what is read, unzipped; after an error nothing more comes.
#ifndef DDPSIM_MODELS_CAPTURE_BYTE_SOURCE_H_
#define DDPSIM_MODELS_CAPTURE_BYTE_SOURCE_H_

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ddpsim/base/bytes.h"

namespace ddpsim {

class ByteSource {
 public:
  // What is kept of an unzipped file, at most.
  static constexpr size_t kKept = size_t{64} << 20;

  // NotFound when there is no such file.
  static absl::StatusOr<std::unique_ptr<ByteSource>> Open(const std::string& path);
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  ~ByteSource();

  // The next `n` bytes, fewer only at the end of the file or after an error; valid until the next
  // call.
  ByteSpan Read(size_t n);
  // The same without moving on.
  ByteSpan Peek(size_t n);
  // Moves on by `n`; false when the file is shorter.
  bool Skip(uint64_t n);

  uint64_t offset() const { return offset_; }
  const std::string& path() const { return path_; }
  const absl::Status& status() const { return status_; }
  bool gzip_cut_short() const { return gzip_cut_short_; }
  // "path: offset N: what", for input that is wrong.
  absl::Status Bad(uint64_t offset, const std::string& what) const;

 private:
  ByteSource(std::string path, gzFile file) : path_(std::move(path)), file_(file) {}
  // Makes at least `n` bytes available unless the file ends before.
  void Fill(size_t n);
  void Keep(ByteSpan unzipped);

  std::string path_;
  gzFile file_;
  std::shared_ptr<const std::vector<uint8_t>> whole_;  // of an earlier reading
  std::vector<uint8_t> kept_;                          // of this one
  bool keeps_ = false;
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t offset_ = 0;
  bool at_end_ = false;
  bool gzip_cut_short_ = false;
  absl::Status status_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_BYTE_SOURCE_H_
