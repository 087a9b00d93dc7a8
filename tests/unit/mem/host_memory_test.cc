#include "models/mem/host_memory.h"

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <memory>
#include <new>
#include <vector>

#include "ddpsim/base/check.h"
#include "ddpsim/base/rng.h"

namespace ddpsim {

TEST_CASE("fresh memory reads as zero and keeps what is written") {
  HostMemory memory;
  const PhysAddr a = memory.Allocate(10000);
  CHECK(a % HostMemory::kPageSize == 0);
  for (int i = 0; i < 10000; ++i) REQUIRE(memory.At(a, 10000)[i] == 0);
  const std::vector<uint8_t> data = {1, 2, 3};
  memory.Write(a + 4095, data);
  std::vector<uint8_t> out(3);
  memory.Read(a + 4095, absl::MakeSpan(out));
  CHECK(out == data);
}

TEST_CASE("a gigabyte is one contiguous range and costs no memory until touched") {
  HostMemory memory;
  const PhysAddr a = memory.Allocate(uint64_t{4} << 30);
  uint8_t* first = memory.At(a, uint64_t{4} << 30);
  uint8_t* last = memory.At(a + (uint64_t{4} << 30) - 1, 1);
  CHECK(last - first == (int64_t{4} << 30) - 1);
  *last = 7;
  CHECK(memory.At(a, uint64_t{4} << 30)[(uint64_t{4} << 30) - 1] == 7);
}

// Pages of the process that are in memory.
uint64_t ResidentPages() {
  uint64_t size = 0;
  uint64_t resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident;
}

TEST_CASE("a sparse range costs the pages that are touched, not the huge pages around them") {
  HostMemory memory;
  constexpr uint64_t kRing = uint64_t{512} << 10;
  constexpr int kRings = 64;
  const uint64_t before = ResidentPages();
  for (int i = 0; i < kRings; ++i) *memory.At(memory.AllocateSparse(kRing), 1) = 1;
  CHECK(ResidentPages() - before < kRing / HostMemory::kPageSize * kRings / 4);
}

TEST_CASE("alignment beyond a page is honoured, also on reuse") {
  HostMemory memory;
  const PhysAddr odd = memory.Allocate(4096);
  const PhysAddr a = memory.Allocate(4096, 2 << 20);
  CHECK(a % (2 << 20) == 0);
  memory.Free(odd);
  CHECK(memory.Allocate(4096, 2 << 20) % (2 << 20) == 0);
}

TEST_CASE("freed pages are reused last in, first out") {
  HostMemory memory;
  const PhysAddr a = memory.Allocate(8192), b = memory.Allocate(8192);
  memory.Free(a);
  memory.Free(b);
  CHECK(memory.allocated_bytes() == 0);
  CHECK(memory.Allocate(8000) == b);
  CHECK(memory.Allocate(4097) == a);
}

TEST_CASE("access beyond what was allocated is a model bug") {
  HostMemory memory;
  const PhysAddr a = memory.Allocate(4096);
  CHECK_NOTHROW(memory.At(a + 4096, 0));
  CHECK_THROWS_AS(memory.At(a + 4000, 97), ModelBug);
  CHECK_THROWS_AS(memory.At(a - 1, 1), ModelBug);
  CHECK_THROWS_AS(memory.At(0, 1), ModelBug);
  CHECK_THROWS_AS(memory.At(a, ~uint64_t{0}), ModelBug);
}

TEST_CASE("freeing twice is a model bug") {
  HostMemory memory;
  const PhysAddr a = memory.Allocate(8192);
  CHECK_THROWS_AS(memory.Free(a + 4096), ModelBug);
  memory.Free(a);
  CHECK_THROWS_AS(memory.Free(a), ModelBug);
}

TEST_CASE("live allocations never overlap") {
  HostMemory memory;
  Rng rng(1, "host_memory");
  struct Range {
    PhysAddr at;
    uint64_t size;
    uint8_t fill;
  };
  std::vector<Range> live;
  for (int step = 0; step < 2000; ++step) {
    if (live.size() > 40 || (!live.empty() && rng.Below(3) == 0)) {
      const size_t i = rng.Below(live.size());
      const Range r = live[i];
      for (uint64_t k = 0; k < r.size; k += 512) REQUIRE(memory.At(r.at, r.size)[k] == r.fill);
      memory.Free(r.at);
      live.erase(live.begin() + static_cast<int64_t>(i));
    } else {
      const uint64_t size = 1 + rng.Below(40000);
      const PhysAddr at = memory.Allocate(size, uint64_t{1} << rng.Below(16));
      live.push_back({at, size, static_cast<uint8_t>(step)});
      std::memset(memory.At(at, size), static_cast<uint8_t>(step), size);
    }
  }
}

TEST_CASE("the first page is at 4 GiB, and what was given out ends where it ends") {
  HostMemory memory;
  const PhysAddr first = uint64_t{4} << 30;
  CHECK_FALSE(memory.Contains(first, 1));
  CHECK(memory.Allocate(1) == first);
  CHECK(memory.allocated_bytes() == 4096);
  CHECK(memory.Allocate(4096) == first + 4096);
  CHECK(memory.Allocate(4097) == first + 8192);
  CHECK(memory.allocated_bytes() == 4 * 4096);
  CHECK(memory.Contains(first, 4 * 4096));
  CHECK_FALSE(memory.Contains(first, 4 * 4096 + 1));
  CHECK(memory.Contains(first + 4 * 4096, 0));
  CHECK_FALSE(memory.Contains(first + 4 * 4096 + 1, 0));
  CHECK_FALSE(memory.Contains(first - 1, 1));
  memory.Free(first + 8192);
  CHECK(memory.allocated_bytes() == 2 * 4096);
  CHECK(memory.Contains(first + 8192, 8192));
}

TEST_CASE("the room is used to the last page, and then there is none") {
  HostMemory memory(uint64_t{32} << 20);
  const PhysAddr a = memory.Allocate(uint64_t{31} << 20);
  const PhysAddr b = memory.Allocate(1 << 20);
  CHECK(b == a + (uint64_t{31} << 20));
  memory.At(b, 1 << 20)[(1 << 20) - 1] = 1;
  CHECK_THROWS_AS(memory.Allocate(1), std::bad_alloc);
  memory.Free(b);
  CHECK_THROWS_AS(memory.Allocate(4096), std::bad_alloc);  // of another size: not cut
  CHECK(memory.Allocate(1 << 20) == b);
}

TEST_CASE("freed pages that are not aligned as asked stay free for who does not ask") {
  HostMemory memory;
  memory.Allocate(4096);
  const PhysAddr odd = memory.Allocate(4096);
  memory.Free(odd);
  REQUIRE(odd % 8192 == 4096);
  CHECK(memory.Allocate(4096, 8192) % 8192 == 0);
  CHECK(memory.Allocate(4096) == odd);
}

// Sanitizers need more address space than any limit here leaves.
#ifndef DDPSIM_SANITIZE
// For as long as it lives.
class AddressSpaceLimit {
 public:
  explicit AddressSpaceLimit(uint64_t bytes) {
    getrlimit(RLIMIT_AS, &before_);
    rlimit now = before_;
    now.rlim_cur = bytes;
    REQUIRE(setrlimit(RLIMIT_AS, &now) == 0);
  }
  ~AddressSpaceLimit() { setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_;
};

TEST_CASE("where address space is limited the room is half of it, and its end is bad_alloc") {
  const AddressSpaceLimit limit(uint64_t{2} << 30);
  HostMemory memory;
  const PhysAddr addr = memory.Allocate(uint64_t{900} << 20);
  memory.At(addr, 8)[7] = 1;
  CHECK_THROWS_AS(memory.Allocate(uint64_t{200} << 20), std::bad_alloc);
  CHECK(memory.Allocate(uint64_t{50} << 20) > addr);
}

TEST_CASE("more than the half of the address space is not taken, though it could be") {
  const AddressSpaceLimit limit(uint64_t{3} << 30);
  HostMemory memory;
  CHECK_NOTHROW(memory.Allocate(uint64_t{1536} << 20));
  CHECK_THROWS_AS(memory.Allocate(4096), std::bad_alloc);
}

TEST_CASE("where nothing can be reserved there is no memory") {
  const AddressSpaceLimit limit(uint64_t{2} << 30);
  std::vector<std::unique_ptr<HostMemory>> taken;
  taken.reserve(100);
  const auto take_all = [&taken] {
    for (int i = 0; i < 100; ++i) taken.push_back(std::make_unique<HostMemory>());
  };
  CHECK_THROWS_AS(take_all(), std::bad_alloc);
  CHECK(taken.size() >= 4);
  taken.clear();
}

TEST_CASE("where less than the half can be reserved, the room is halved until it can") {
  const AddressSpaceLimit limit(uint64_t{2} << 30);
  HostMemory first;  // one GiB
  HostMemory second;
  CHECK_NOTHROW(second.Allocate(uint64_t{256} << 20));
  CHECK_THROWS_AS(second.Allocate(4096), std::bad_alloc);
}
#endif

}  // namespace ddpsim