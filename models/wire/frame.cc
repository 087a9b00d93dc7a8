#include "ddpsim/wire/frame.h"

#include <cstring>
#include <new>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

// Two classes, so that a free frame always fits: MTU 1500 (1518 bytes with a VLAN tag) and MTU 9000
// (9018).
constexpr uint32_t kSmallCapacity = 2048;
constexpr uint32_t kLargeCapacity = 10240;

// The bytes begin right behind what describes them: one place in the real machine's cache for both.
template <uint32_t kCapacity>
class SizedFrame final : public Frame {
 public:
  explicit SizedFrame(FramePool* pool) : Frame(pool, room_, kCapacity) {}

 private:
  uint8_t room_[kCapacity];
};

template <uint32_t kCapacity>
Frame* NewFrame(FramePool* pool, SlabMemory* memory) {
  return new (memory->Take(sizeof(SizedFrame<kCapacity>))) SizedFrame<kCapacity>(pool);
}

}  // namespace

RefPtr<Frame> FramePool::Allocate(uint32_t size) {
  SIM_CHECK(size <= kLargeCapacity, "frame larger than a jumbo frame");
  const bool small = size <= kSmallCapacity;
  std::vector<Frame*>& free = small ? free_small_ : free_large_;
  if (free.empty())
    free.push_back(small ? NewFrame<kSmallCapacity>(this, &memory_)
                         : NewFrame<kLargeCapacity>(this, &memory_));
  Frame* const frame = free.back();
  free.pop_back();
  frame->size_ = size;
  frame->id_ = next_id_++;
  frame->l4_checksum_known_good_ = false;
  ++live_;
  return RefPtr<Frame>(frame);
}

RefPtr<Frame> FramePool::Copy(const Frame& frame) {
  RefPtr<Frame> copy = Allocate(frame.size());
  std::memcpy(copy->mutable_data(), frame.bytes().data(), frame.size());
  return copy;
}

void Frame::Recycle() {
  FramePool* pool = pool_;
  --pool->live_;
  (capacity_ == kSmallCapacity ? pool->free_small_ : pool->free_large_).push_back(this);
}

}  // namespace ddpsim
