#include "models/nvme_host/pdu_pool.h"

#include <malloc.h>

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

// A reconnect makes a queue's pool anew while TCP still holds buffers of the old one. (ASan's heap
// says 0 here; it finds leaks by itself.)
TEST_CASE("pdu_pool: a pool whose last buffer comes back late leaves nothing behind") {
  HostMemory memory(64 << 20);  // keeps a byte for each page given away
  const auto in_use = [] { return mallinfo2().uordblks; };
  for (int i = 0; i < 100; ++i) {
    PduPool pool(&memory);
    pool.Allocate();
  }
  const size_t before = in_use();
  for (int i = 0; i < 2000; ++i) {
    RefPtr<PduBuffer> late;
    PduPool pool(&memory);
    late = pool.Allocate();
  }
  CHECK(in_use() < before + 40'000);
}

}  // namespace
}  // namespace ddpsim
