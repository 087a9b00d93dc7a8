// The pages that hold a command's data while TCP needs them (sgl_alloc() of nvmet, an iobuf of
// SPDK): recycled, referenced by the Payloads in the send queue, freed when the last of them is
// acknowledged. Left out: pages as such, the buffer is one run of bytes. Invariants: bytes are
// written before the buffer is shared and then never; a digest once computed is remembered; buffers
// leave the pool last in first out, so that the real machine's cache keeps them.
#ifndef DDPSIM_MODELS_NVME_TARGET_DATA_BUFFER_H_
#define DDPSIM_MODELS_NVME_TARGET_DATA_BUFFER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/payload.h"
#include "ddpsim/base/ref_buffer.h"
#include "ddpsim/base/slab_memory.h"

namespace ddpsim {

class DataBufferPool;

class DataBuffer final : public RefBuffer {
 public:
  MutableByteSpan bytes() { return MutableByteSpan(data_, size_); }
  // CRC32C of [offset, offset + length).
  uint32_t Digest(uint32_t offset, uint32_t length);
  Payload Slice(uint32_t offset, uint32_t length) {
    return Payload{data_ + offset, length, 0, RefPtr<const RefBuffer>(this)};
  }

 private:
  friend class DataBufferPool;
  void Recycle() override;

  uint8_t* data_ = nullptr;  // of the pool's memory
  uint32_t size_ = 0;
  uint8_t size_class_ = 0;
  uint32_t digest_ = 0;
  uint32_t digest_offset_ = 0;
  uint32_t digest_length_ = 0;  // 0: not computed
  DataBufferPool* pool_ = nullptr;
};

// REQUIRES: outlives its buffers.
class DataBufferPool {
 public:
  DataBufferPool() = default;
  DataBufferPool(const DataBufferPool&) = delete;
  DataBufferPool& operator=(const DataBufferPool&) = delete;
  ~DataBufferPool();

  // Unspecified content.
  RefPtr<DataBuffer> Allocate(uint32_t size);
  int64_t live() const { return live_; }

 private:
  friend class DataBuffer;
  static constexpr uint32_t kMinShift = 12;
  static constexpr uint32_t kMaxShift = 31;

  SlabMemory memory_;
  std::array<std::vector<DataBuffer*>, kMaxShift - kMinShift + 1> free_;  // by power of two
  int64_t live_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_DATA_BUFFER_H_
