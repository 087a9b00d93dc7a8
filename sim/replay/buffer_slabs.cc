#include "sim/replay/buffer_slabs.h"

#include <algorithm>

namespace ddpsim {
namespace {

constexpr uint32_t kBlock = 512;
constexpr uint64_t kSpoil = 0xa5a5'5a5a'dead'c0deu;

uint32_t SlotOf(uint32_t size) {
  uint32_t slot = HostMemory::kPageSize;
  while (slot < size) slot *= 2;
  return slot;
}

}  // namespace

PhysAddr BufferSlabs::Grow(uint32_t slot) {
  const uint64_t slab = std::max(uint64_t{slot}, uint64_t{kSlab});
  if (given_ + slab > budget_) return 0;
  given_ += slab;
  const PhysAddr begin = memory_->Allocate(slab);
  law_->AddApplicationMemory(begin, begin + slab);
  for (PhysAddr at = begin + slab - slot; at > begin; at -= slot) free_[slot].push_back(at);
  return begin;
}

PhysAddr BufferSlabs::TakeBuffer(uint32_t size) {
  const uint32_t slot = SlotOf(size);
  std::vector<PhysAddr>& free = free_[slot];
  PhysAddr addr = 0;
  if (!free.empty()) {
    addr = free.back();
    free.pop_back();
  } else {
    addr = Grow(slot);
  }
  if (addr == 0) {
    // Its bytes are its users' own, one PDU at a time.
    if (shared_size_ < slot) {
      shared_ = memory_->Allocate(slot);
      law_->AddApplicationMemory(shared_, shared_ + slot);
      shared_size_ = slot;
      all_shared_.push_back(shared_);
    }
    ++shared_uses_;
    return shared_;
  }
  uint8_t* bytes = memory_->At(addr, size);
  for (uint32_t at = 0; at + sizeof(kSpoil) <= size; at += kBlock) StoreLe64(bytes + at, kSpoil);
  return addr;
}

bool BufferSlabs::IsShared(PhysAddr addr) const {
  return std::find(all_shared_.begin(), all_shared_.end(), addr) != all_shared_.end();
}

void BufferSlabs::GiveBuffer(PhysAddr addr, uint32_t size) {
  if (!IsShared(addr)) free_[SlotOf(size)].push_back(addr);
}

}  // namespace ddpsim
