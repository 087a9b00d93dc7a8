#include "models/kernel/rx_buffer_pool.h"

#include "ddpsim/wire/ip.h"

namespace ddpsim {
namespace {

constexpr uint32_t kNetSkbPad = 64;    // NET_SKB_PAD
constexpr uint32_t kSharedInfo = 320;  // sizeof(struct skb_shared_info), aligned, Linux 6.1 x86-64
constexpr uint32_t kSkbStruct = 256;   // sizeof(struct sk_buff), aligned
constexpr uint32_t kPage = 4096;
// 256 bytes of head with shared info in kmalloc-1k less the struct, plus the struct
constexpr uint32_t kHeadTruesize = 1024;
constexpr uint32_t kHardwareOverhead = kEthernetHeader + kVlanTag + 4;  // MLX5E_ETH_HARD_MTU
constexpr uint32_t kChunk = 64;

}  // namespace

RxBufferGeometry::RxBufferGeometry(uint32_t mtu) {
  const uint32_t frame = mtu + kHardwareOverhead;
  linear = kNetSkbPad + frame + kSharedInfo <= kPage / 2;
  headroom = linear ? kNetSkbPad : 0;
  stride = linear ? kPage / 2 : (frame + kPage - 1) / kPage * kPage;
  byte_count = linear ? stride - kNetSkbPad - kSharedInfo : stride;
}

uint32_t RxBufferGeometry::Truesize(uint32_t bytes) const {
  if (linear) return stride + kSkbStruct;  // build_skb(): SKB_TRUESIZE(stride - shared info)
  return kHeadTruesize + (bytes + kPage - 1) / kPage * kPage;
}

void RxBuffer::Recycle() { pool_->free_.push_back(this); }

RefPtr<RxBuffer> RxBufferPool::Take() {
  if (free_.empty()) Grow();
  RxBuffer* buffer = free_.back();
  free_.pop_back();
  return RefPtr<RxBuffer>(buffer);
}

void RxBufferPool::Grow() {
  const uint64_t size = uint64_t{geometry_.stride} * kChunk;
  const PhysAddr base = memory_->Allocate(size);
  uint8_t* bytes = memory_->At(base, size);
  for (uint32_t i = kChunk; i-- > 0;) {
    const uint64_t offset = uint64_t{geometry_.stride} * i + geometry_.headroom;
    buffers_.push_back(std::make_unique<RxBuffer>(this, base + offset, bytes + offset));
    free_.push_back(buffers_.back().get());
  }
}

}  // namespace ddpsim
