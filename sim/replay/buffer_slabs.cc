#include "sim/replay/buffer_slabs.h"

namespace ddpsim {
namespace {

constexpr uint32_t kBlock = 512;
uint32_t SlotOf(uint32_t size) {
  uint32_t slot = 1 << 20;
  while (slot < size) slot *= 2;
  return slot;
}

constexpr uint64_t kSpoil = 0xa5a5'5a5a'dead'c0deu;

}  // namespace

PhysAddr BufferSlabs::TakeBuffer(uint32_t size) {
  PhysAddr addr = 0;
  if (size > kSlot) {
    const uint32_t slot = SlotOf(size);
    std::vector<PhysAddr>& free = large_[slot];
    if (free.empty()) {
      free.push_back(memory_->Allocate(slot));
      law_->AddApplicationMemory(free.back(), free.back() + slot);
    }
    addr = free.back();
    free.pop_back();
  } else {
    if (free_.empty()) {
      const PhysAddr slab = memory_->Allocate(uint64_t{kSlot} * kSlots);
      law_->AddApplicationMemory(slab, slab + uint64_t{kSlot} * kSlots);
      for (uint32_t i = kSlots; i > 0; --i) free_.push_back(slab + uint64_t{kSlot} * (i - 1));
    }
    addr = free_.back();
    free_.pop_back();
  }
  uint8_t* bytes = memory_->At(addr, size);
  for (uint32_t at = 0; at + sizeof(kSpoil) <= size; at += kBlock) StoreLe64(bytes + at, kSpoil);
  return addr;
}

void BufferSlabs::GiveBuffer(PhysAddr addr, uint32_t size) {
  if (size > kSlot) {
    large_[SlotOf(size)].push_back(addr);
  } else {
    free_.push_back(addr);
  }
}

}  // namespace ddpsim
