#include "ddpsim/base/slab_memory.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

using namespace ddpsim;

TEST_CASE("what is taken overlaps nothing else, across slabs and beyond their size") {
  SlabMemory memory;
  std::vector<std::pair<std::byte*, size_t>> taken;
  for (size_t size : {size_t{1}, size_t{2048}, size_t{3} << 20, size_t{1} << 20, size_t{1} << 20,
                      size_t{7}, size_t{2} << 20, size_t{4096}}) {
    taken.emplace_back(memory.Take(size), size);
    std::memset(taken.back().first, static_cast<int>(taken.size()), size);
  }
  for (size_t i = 0; i < taken.size(); ++i) {
    const auto& [at, size] = taken[i];
    CHECK(std::all_of(at, at + size, [&](std::byte b) { return b == std::byte(i + 1); }));
  }
}

TEST_CASE("odd sizes leave the next object aligned") {
  SlabMemory memory;
  for (size_t size : {1, 3, 17, 100}) {
    memory.Take(size);
    CHECK(reinterpret_cast<uintptr_t>(memory.Take(8)) % alignof(std::max_align_t) == 0);
  }
}
