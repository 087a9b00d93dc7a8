// The host's DRAM as devices address it: physical pages that really hold bytes, and the page
// allocator over them. One lazily backed mapping covers the whole physical range, so that an
// address becomes a pointer by one subtraction and ranges of gigabytes are contiguous; untouched
// pages cost nothing and read as zero. Left out: NUMA, IOMMU (bus address == physical address),
// timing (pcie and the cost model have it). Invariants: (1) pointers stay valid for the life of the
// object; (2) a live allocation overlaps no other; (3) reuse is last-in first-out per size, so the
// order of addresses is the same in every run.
#ifndef DDPSIM_MODELS_MEM_HOST_MEMORY_H_
#define DDPSIM_MODELS_MEM_HOST_MEMORY_H_

#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ids.h"

namespace ddpsim {

// Bytes moved over the memory bus, by whom; caches are not considered.
struct MemoryTraffic {
  uint64_t device_read = 0;
  uint64_t device_written = 0;
  uint64_t cpu_read = 0;
  uint64_t cpu_written = 0;
};

class HostMemory {
 public:
  static constexpr uint64_t kPageSize = 4096;
  // Above 4 GiB, as Linux's ZONE_NORMAL on x86-64: clear of the APIC's window and of address 0.
  static constexpr PhysAddr kBase = uint64_t{1} << 32;
  // Room, not memory in use. Less where the process may not have so much address space.
  static constexpr uint64_t kDefaultCapacity = uint64_t{64} << 30;

  explicit HostMemory(uint64_t capacity = kDefaultCapacity);
  HostMemory(const HostMemory&) = delete;
  HostMemory& operator=(const HostMemory&) = delete;
  ~HostMemory();

  // A contiguous range of whole pages, at least `size` bytes, zero the first time (what Free() gave
  // back keeps its bytes). Throws std::bad_alloc when the room is used up. REQUIRES: size > 0;
  // align is a power of two.
  PhysAddr Allocate(uint64_t size, uint64_t align = kPageSize);
  // As Allocate(size), for large ranges of which little is ever touched, such as rings: they lie by
  // themselves, and cost what is touched, page by page.
  PhysAddr AllocateSparse(uint64_t size);
  // REQUIRES: `addr` came from Allocate() and was not freed since.
  void Free(PhysAddr addr);
  // Whether the range was ever given out.
  bool Contains(PhysAddr addr, uint64_t size) const {
    const uint64_t offset = addr - kBase;
    return dense_.Contains(offset, size) || sparse_.Contains(offset, size);
  }

  // The bytes themselves. REQUIRES: Contains(addr, size).
  uint8_t* At(PhysAddr addr, uint64_t size) {
    if (__builtin_expect(!Contains(addr, size), 0)) FailRange(addr, size);
    return bytes_ + (addr - kBase);
  }
  const uint8_t* At(PhysAddr addr, uint64_t size) const {
    return const_cast<HostMemory*>(this)->At(addr, size);
  }
  void Write(PhysAddr addr, ByteSpan data) {
    std::memcpy(At(addr, data.size()), data.data(), data.size());
  }
  void Read(PhysAddr addr, MutableByteSpan out) const {
    std::memcpy(out.data(), At(addr, out.size()), out.size());
  }

  // Whoever moves bytes accounts for them here.
  MemoryTraffic& traffic() { return traffic_; }
  const MemoryTraffic& traffic() const { return traffic_; }
  uint64_t allocated_bytes() const { return allocated_pages_ * kPageSize; }

 private:
  // Offsets count from kBase.
  struct Area {
    uint64_t begin = 0;
    uint64_t used = 0;  // bytes ever given out
    uint64_t capacity = 0;
    std::vector<uint32_t> pages_at;  // by page: size of the live allocation that starts there, or 0
    absl::btree_map<uint64_t, std::vector<PhysAddr>> free;  // by number of pages

    bool Contains(uint64_t offset, uint64_t size) const {
      return offset - begin <= used && size <= used - (offset - begin);
    }
  };
  [[noreturn]] static void FailRange(PhysAddr addr, uint64_t size);
  PhysAddr AllocateFrom(Area* area, uint64_t size, uint64_t align);
  static PhysAddr TakeFree(Area* area, uint64_t pages, uint64_t align);
  static PhysAddr TakeFresh(Area* area, uint64_t pages, uint64_t align);

  uint8_t* bytes_ = nullptr;
  uint64_t capacity_;
  Area dense_;
  Area sparse_;
  uint64_t allocated_pages_ = 0;
  MemoryTraffic traffic_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_MEM_HOST_MEMORY_H_
