#include "models/mem/llc.h"

#include <algorithm>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

// Bits first .. last of a page's 64 lines.
uint64_t LineMask(uint64_t first, uint64_t last) {
  return (~uint64_t{0} << first) & (~uint64_t{0} >> (63 - last));
}

// Bits of `present`, of the run of `last` + 1 bits `lines`. All or none of them is the usual case,
// and without an instruction of its own (x86-64-v1) counting is a library call.
uint32_t CountLines(uint64_t present, uint64_t lines, uint64_t last) {
  if (present == 0) return 0;
  if (present == lines) return static_cast<uint32_t>(last) + 1;
  return static_cast<uint32_t>(__builtin_popcountll(present));
}

}  // namespace

Llc::Llc(const LlcConfig& config, PhysAddr base, Rng rng)
    : base_(base),
      slots_(std::max<uint64_t>(config.capacity_bytes / kPageSize, 2)),
      ddio_slots_(static_cast<uint32_t>(
          std::clamp<uint64_t>(slots_.size() * config.ddio_permille / 1000, 1, slots_.size()))),
      core_filled_(ddio_slots_),
      rng_(rng) {}

template <class Step>
LlcAccess Llc::ForEachPage(uint64_t offset, uint64_t size, Step step) {
  LlcAccess sum;
  const uint64_t end = offset + size;
  while (offset < end) {
    const uint64_t page = offset / kPageSize;
    const uint64_t stop = std::min(end, (page + 1) * kPageSize);
    const uint64_t first = offset % kPageSize / kLineSize;
    const uint64_t last = (stop - 1) % kPageSize / kLineSize;
    const uint64_t lines = LineMask(first, last);
    const uint32_t hits = CountLines(step(static_cast<uint32_t>(page), lines), lines, last - first);
    sum.hits += hits;
    sum.misses += static_cast<uint32_t>(last - first) + 1 - hits;
    offset = stop;
  }
  return sum;
}

LlcAccess Llc::Touch(PhysAddr addr, uint64_t size) {
  SIM_CHECK(addr >= base_);
  return ForEachPage(addr - base_, size, [this](uint32_t page, uint64_t lines) {
    return TouchPage(page, lines, /*by_device=*/false);
  });
}

LlcAccess Llc::TouchByDevice(PhysAddr addr, uint64_t size) {
  SIM_CHECK(addr >= base_);
  return ForEachPage(addr - base_, size, [this](uint32_t page, uint64_t lines) {
    return TouchPage(page, lines, /*by_device=*/true);
  });
}

LlcAccess Llc::Probe(PhysAddr addr, uint64_t size) const {
  SIM_CHECK(addr >= base_);
  return ForEachPage(addr - base_, size, [this](uint32_t page, uint64_t lines) {
    const uint32_t slot = page < slot_of_.size() ? slot_of_[page] : kNone;
    return slot == kNone ? 0 : slots_[slot].lines & lines;
  });
}

uint64_t Llc::TouchPage(uint32_t page, uint64_t lines, bool by_device) {
  if (page >= slot_of_.size())
    slot_of_.resize(std::max<size_t>(page + 1, 2 * slot_of_.size()), kNone);
  if (slot_of_[page] == kNone) {
    const uint32_t slot = by_device ? VictimForDevice() : VictimForCore();
    slots_[slot] = Slot{0, page};
    slot_of_[page] = slot;
  }
  Slot& slot = slots_[slot_of_[page]];
  const uint64_t present = slot.lines & lines;
  slot.lines |= lines;
  return present;
}

uint32_t Llc::VictimForCore() {
  if (core_filled_ < slots_.size()) return core_filled_++;
  if (ddio_filled_ < ddio_slots_) return ddio_filled_++;
  return Evict(static_cast<uint32_t>(rng_.Below(slots_.size())));
}

uint32_t Llc::VictimForDevice() {
  if (ddio_filled_ < ddio_slots_) return ddio_filled_++;
  return Evict(static_cast<uint32_t>(rng_.Below(ddio_slots_)));
}

uint32_t Llc::Evict(uint32_t slot) {
  slot_of_[slots_[slot].page] = kNone;
  return slot;
}

}  // namespace ddpsim
