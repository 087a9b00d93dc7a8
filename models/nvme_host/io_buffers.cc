#include "models/nvme_host/io_buffers.h"

#include <cstring>
#include <vector>

namespace ddpsim {
namespace {

constexpr uint64_t kPage = HostMemory::kPageSize;
constexpr uint8_t kCanary = 0xc5;
// zero content differs, and so does the pattern but for one place in 2^64
constexpr uint64_t kSpoiled = 0x5bad5bad5bad5bad;
constexpr uint32_t kBlock = 512;     // smallest unit of an I/O
constexpr uint64_t kNearBytes = 64;  // looked at beside a buffer after each I/O

bool AllCanary(const uint8_t* bytes, uint64_t size) {
  return size == 0 || (bytes[0] == kCanary && std::memcmp(bytes, bytes + 1, size - 1) == 0);
}

}  // namespace

IoBuffers::IoBuffers(HostMemory* memory, uint32_t count, uint32_t bs)
    : memory_(memory),
      count_(count),
      bs_(bs),
      stride_((bs + kPage - 1) / kPage * kPage + kPage),
      base_(memory->Allocate(kPage + count * stride_)) {
  std::memset(memory_->At(base_, kPage), kCanary, kPage);
  for (uint32_t i = 0; i < count_; ++i) {
    const uint64_t behind = stride_ - bs_;
    std::memset(memory_->At(AddrOf(i) + bs_, behind), kCanary, behind);
  }
}

void IoBuffers::Spoil(uint32_t i) {
  uint8_t* bytes = BytesOf(i);
  for (uint32_t at = 0; at + 8 <= bs_; at += kBlock) StoreLe64(bytes + at, kSpoiled);
}

bool IoBuffers::CanariesWhole(uint32_t i) const {
  const uint64_t tail = stride_ - kPage - bs_;  // of the last page
  return AllCanary(memory_->At(AddrOf(i) - kNearBytes, kNearBytes), kNearBytes) &&
         AllCanary(memory_->At(AddrOf(i) + bs_, tail + kNearBytes), tail + kNearBytes);
}

uint64_t IoBuffers::DamagedGuards() const {
  uint64_t damaged = AllCanary(memory_->At(base_, kPage), kPage) ? 0 : 1;
  for (uint32_t i = 0; i < count_; ++i) {
    if (!AllCanary(memory_->At(AddrOf(i) + bs_, stride_ - bs_), stride_ - bs_)) ++damaged;
  }
  return damaged;
}

bool IoBuffers::Verify(uint32_t i, const Content& content, uint64_t offset, LoadStats* result) {
  const uint8_t* bytes = BytesOf(i);
  result->bytes_checked += bs_;
  size_t first_bad = 0;
  if (content.Equals(offset, ByteSpan(bytes, bs_), &first_bad)) return true;
  if (result->wrong_ios++ == 0) result->first_wrong_offset = offset + first_bad;
  std::vector<uint8_t> expected(bs_);
  content.Fill(offset, MutableByteSpan(expected));
  for (uint32_t at = 0; at < bs_; ++at) result->wrong_bytes += bytes[at] != expected[at] ? 1 : 0;
  return false;
}

}  // namespace ddpsim
