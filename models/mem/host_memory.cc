#include "models/mem/host_memory.h"

#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <new>

#include "ddpsim/base/check.h"

namespace ddpsim {

namespace {

constexpr uint64_t kLeastCapacity = uint64_t{16} << 20;
// One part of so many, on top of the room: for the ICOSQs of 4096 queues of 1024 commands, 4 MiB
// each.
constexpr uint64_t kSparseShare = 3;

// At most half of what `ulimit -v` allows: the rest of the program needs room, too.
uint64_t WithinLimit(uint64_t capacity) {
  rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return capacity;
  const uint64_t half = limit.rlim_cur / 2 / HostMemory::kPageSize * HostMemory::kPageSize;
  return std::min(capacity, std::max(half, kLeastCapacity));
}

uint64_t SparseOf(uint64_t capacity) {
  return capacity / kSparseShare / HostMemory::kPageSize * HostMemory::kPageSize;
}

void* Reserve(uint64_t size) {
  return mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
              -1, 0);
}

}  // namespace

HostMemory::HostMemory(uint64_t capacity) : capacity_(WithinLimit(capacity)) {
  void* p = Reserve(capacity_ + SparseOf(capacity_));
  // Valgrind, and machines that commit what is reserved, have less to give.
  while (p == MAP_FAILED && capacity_ / 2 >= kLeastCapacity) {
    capacity_ = capacity_ / 2 / kPageSize * kPageSize;
    p = Reserve(capacity_ + SparseOf(capacity_));
  }
  if (p == MAP_FAILED) throw std::bad_alloc();
  bytes_ = static_cast<uint8_t*>(p);
  dense_.capacity = sparse_.begin = capacity_;
  sparse_.capacity = SparseOf(capacity_);
  madvise(p, capacity_, MADV_HUGEPAGE);  // for the simulator's own speed; may be refused
}

HostMemory::~HostMemory() { munmap(bytes_, capacity_ + sparse_.capacity); }

PhysAddr HostMemory::Allocate(uint64_t size, uint64_t align) {
  return AllocateFrom(&dense_, size, align);
}

PhysAddr HostMemory::AllocateSparse(uint64_t size) {
  return AllocateFrom(&sparse_, size, kPageSize);
}

PhysAddr HostMemory::AllocateFrom(Area* area, uint64_t size, uint64_t align) {
  SIM_CHECK(size > 0 && (align & (align - 1)) == 0);
  const uint64_t pages = (size + kPageSize - 1) / kPageSize;
  PhysAddr addr = TakeFree(area, pages, align);
  if (addr == 0) addr = TakeFresh(area, pages, align);
  area->pages_at[(addr - kBase - area->begin) / kPageSize] = static_cast<uint32_t>(pages);
  allocated_pages_ += pages;
  return addr;
}

void HostMemory::Free(PhysAddr addr) {
  SIM_CHECK(Contains(addr, 1) && addr % kPageSize == 0, "not an allocation");
  Area& area = dense_.Contains(addr - kBase, 1) ? dense_ : sparse_;
  uint32_t& pages = area.pages_at[(addr - kBase - area.begin) / kPageSize];
  SIM_CHECK(pages != 0, "freed twice, or not the start of an allocation");
  area.free[pages].push_back(addr);
  allocated_pages_ -= pages;
  pages = 0;
}

PhysAddr HostMemory::TakeFree(Area* area, uint64_t pages, uint64_t align) {
  const auto it = area->free.find(pages);
  if (it == area->free.end() || it->second.empty()) return 0;
  const PhysAddr addr = it->second.back();
  if ((addr & (align - 1)) != 0) return 0;
  it->second.pop_back();
  return addr;
}

PhysAddr HostMemory::TakeFresh(Area* area, uint64_t pages, uint64_t align) {
  const uint64_t step = align > kPageSize ? align : kPageSize;
  const PhysAddr begin = kBase + area->begin;
  const PhysAddr addr = (begin + area->used + step - 1) & ~(step - 1);
  const uint64_t end = addr - begin + pages * kPageSize;
  if (end > area->capacity) throw std::bad_alloc();
  area->used = end;
  area->pages_at.resize(area->used / kPageSize, 0);
  return addr;
}

void HostMemory::FailRange(PhysAddr addr, uint64_t size) {
  FailCheck(__FILE__, __LINE__, "Contains(addr, size)",
            "access to " + std::to_string(size) + " bytes at bus address " + std::to_string(addr));
}

}  // namespace ddpsim
