// Memory for the objects of a pool, asked of the allocator in pieces large enough for an operating
// system's huge page, and given back when the pool ends. Invariant: what was taken stays where it
// is.
#ifndef DDPSIM_BASE_SLAB_MEMORY_H_
#define DDPSIM_BASE_SLAB_MEMORY_H_

#include <cstddef>
#include <memory>
#include <vector>

namespace ddpsim {

class SlabMemory {
 public:
  // `size` bytes of unspecified content, aligned for any object.
  std::byte* Take(size_t size) {
    size = (size + kAlignment - 1) / kAlignment * kAlignment;
    if (size >= kSlabSize) {
      slabs_.emplace_back(new std::byte[size]);
      return slabs_.back().get();
    }
    if (left_ < size) {
      slabs_.emplace_back(new std::byte[kSlabSize]);
      next_ = slabs_.back().get();
      left_ = kSlabSize;
    }
    std::byte* const taken = next_;
    next_ += size;
    left_ -= size;
    return taken;
  }

 private:
  static constexpr size_t kSlabSize = size_t{1} << 21;
  static constexpr size_t kAlignment = alignof(std::max_align_t);

  std::vector<std::unique_ptr<std::byte[]>> slabs_;
  std::byte* next_ = nullptr;
  size_t left_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_BASE_SLAB_MEMORY_H_
