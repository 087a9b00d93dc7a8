#include "sim/replay/buffer_slabs.h"

#include <catch2/catch.hpp>
#include <set>

namespace ddpsim {
namespace {

TEST_CASE("buffer_slabs: slots do not overlap, and what is given back is taken next") {
  HostMemory memory(uint64_t{64} << 20);
  DmaMappingLaw law;
  BufferSlabs slabs(&memory, &law);
  std::set<PhysAddr> taken;
  for (int i = 0; i < 300; ++i) taken.insert(slabs.TakeBuffer(5000));
  CHECK(taken.size() == 300);
  PhysAddr last = 0;
  for (PhysAddr addr : taken) {
    CHECK((last == 0 || addr >= last + 8192));
    last = addr;
  }
  slabs.GiveBuffer(last, 5000);
  CHECK(slabs.TakeBuffer(8192) == last);
  CHECK_FALSE(slabs.IsShared(last));
  const PhysAddr large = slabs.TakeBuffer(3 << 20);
  CHECK(memory.Contains(large, 4 << 20));
}

TEST_CASE("buffer_slabs: beyond the budget requests share a buffer that is large enough") {
  HostMemory memory(uint64_t{64} << 20);
  DmaMappingLaw law;
  BufferSlabs slabs(&memory, &law, 2 << 20);
  const PhysAddr own = slabs.TakeBuffer(2 << 20);
  CHECK_FALSE(slabs.IsShared(own));
  const PhysAddr small = slabs.TakeBuffer(4096);
  CHECK(slabs.IsShared(small));
  CHECK(slabs.TakeBuffer(512) == small);
  const PhysAddr large = slabs.TakeBuffer(8 << 20);
  CHECK(slabs.IsShared(large));
  CHECK(memory.Contains(large, 8 << 20));
  CHECK(slabs.IsShared(small));
  slabs.GiveBuffer(small, 4096);
  CHECK(slabs.IsShared(slabs.TakeBuffer(4096)));
  CHECK(slabs.shared_uses() == 4);
  slabs.GiveBuffer(own, 2 << 20);
  CHECK(slabs.TakeBuffer(2 << 20) == own);
}

}  // namespace
}  // namespace ddpsim
