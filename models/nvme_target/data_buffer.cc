#include "models/nvme_target/data_buffer.h"

#include "ddpsim/base/check.h"
#include "ddpsim/wire/crc32c.h"

namespace ddpsim {

uint32_t DataBuffer::Digest(uint32_t offset, uint32_t length) {
  if (digest_length_ == length && digest_offset_ == offset) return digest_;
  digest_ = Crc32c(0, ByteSpan(data_ + offset, length));
  digest_offset_ = offset;
  digest_length_ = length;
  return digest_;
}

void DataBuffer::Recycle() {
  --pool_->live_;
  pool_->free_[size_class_].push_back(this);
}

DataBufferPool::~DataBufferPool() {
  for (const auto& list : free_)
    for (DataBuffer* buffer : list) delete buffer;
}

RefPtr<DataBuffer> DataBufferPool::Allocate(uint32_t size) {
  uint32_t shift = kMinShift;
  while ((uint64_t{1} << shift) < size) ++shift;
  SIM_CHECK(shift <= kMaxShift, "a command with more than 2 GiB of data");
  std::vector<DataBuffer*>& free = free_[shift - kMinShift];
  DataBuffer* buffer;
  if (free.empty()) {
    buffer = new DataBuffer;
    buffer->data_ = reinterpret_cast<uint8_t*>(memory_.Take(size_t{1} << shift));
    buffer->size_class_ = static_cast<uint8_t>(shift - kMinShift);
    buffer->pool_ = this;
  } else {
    buffer = free.back();
    free.pop_back();
  }
  buffer->size_ = size;
  buffer->digest_length_ = 0;
  ++live_;
  return RefPtr<DataBuffer>(buffer);
}

}  // namespace ddpsim
