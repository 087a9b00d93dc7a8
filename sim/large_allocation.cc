// Large blocks come as huge pages, where the machine has them to give. libsystemc zeroes a heap of
// 3 MiB before main(), page by page: without this, half of the time that a short run takes is page
// faults. Left out of sanitized builds, which bring allocators of their own. Invariant: what is
// given out is free()'s to take back, here as in the library's own operator delete (which valgrind
// replaces, and then takes for the wrong partner).
#ifndef DDPSIM_SANITIZE
#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t kLarge = std::size_t{1} << 20;
constexpr std::size_t kHugePage = std::size_t{2} << 20;  // x86-64 and, with 4 KiB pages, arm64

void* AllocateLarge(std::size_t size) {
  const std::size_t whole = (size + kHugePage - 1) / kHugePage * kHugePage;
  void* block = whole < size ? nullptr : std::aligned_alloc(kHugePage, whole);
  if (block == nullptr) throw std::bad_alloc();
  madvise(block, whole, MADV_HUGEPAGE);  // advice: may be refused
  return block;
}

void* AllocateSmall(std::size_t size) {
  void* block = std::malloc(size == 0 ? 1 : size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

}  // namespace

void* operator new(std::size_t size) {
  return size < kLarge ? AllocateSmall(size) : AllocateLarge(size);
}
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete[](void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t) noexcept { std::free(block); }
#endif
