#include "models/nvme_target/data_buffer.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "host_pdus.h"
#include "models/nvme_target/pdu_slab.h"

namespace ddpsim {
namespace {

TEST_CASE("buffers come back and are used again, last in first out") {
  DataBufferPool pool;
  RefPtr<DataBuffer> a = pool.Allocate(65536);
  const uint8_t* bytes = a->bytes().data();
  CHECK(a->bytes().size() == 65536);
  Payload payload = a->Slice(4096, 100);
  a.reset();
  CHECK(pool.live() == 1);
  payload = Payload();
  CHECK(pool.live() == 0);
  CHECK(pool.Allocate(40000)->bytes().data() == bytes);
}

TEST_CASE("a digest is remembered for its range and forgotten with the buffer's use") {
  DataBufferPool pool;
  RefPtr<DataBuffer> a = pool.Allocate(4096);
  std::fill(a->bytes().begin(), a->bytes().end(), uint8_t{1});
  const uint32_t ones = SlowCrc32c(Bytes(4096, 1));
  CHECK(a->Digest(0, 4096) == ones);
  CHECK(a->Digest(0, 4096) == ones);
  CHECK(a->Digest(0, 512) == SlowCrc32c(Bytes(512, 1)));
  a.reset();
  a = pool.Allocate(4096);
  std::fill(a->bytes().begin(), a->bytes().end(), uint8_t{2});
  CHECK(a->Digest(0, 4096) == SlowCrc32c(Bytes(4096, 2)));
}

TEST_CASE("headers in flight keep their bytes while new ones are cut") {
  PduSlabs slabs;
  std::vector<Payload> payloads;
  for (uint32_t i = 0; i < 1000; ++i) {
    std::fill_n(slabs.Reserve(256), 28, static_cast<uint8_t>(i));
    payloads.push_back(slabs.Commit(28));
  }
  for (uint32_t i = 0; i < 1000; ++i) {
    CHECK(std::all_of(payloads[i].data, payloads[i].data + 28,
                      [&](uint8_t b) { return b == static_cast<uint8_t>(i); }));
  }
}

}  // namespace
}  // namespace ddpsim
