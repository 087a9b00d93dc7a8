#include "models/nvme_host/io_buffers.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE("io_buffers: damage on either side of a buffer is seen") {
  HostMemory memory(1 << 20);
  IoBuffers buffers(&memory, 2, 512);
  CHECK(buffers.CanariesWhole(0));
  buffers.BytesOf(0)[511] = 1;
  CHECK(buffers.CanariesWhole(0));
  for (const int at : {-1, 512, 4095, 4096}) {
    uint8_t* byte = memory.At(buffers.AddrOf(0) + at, 1);
    *byte ^= 1;
    CHECK_FALSE(buffers.CanariesWhole(0));
    CHECK(buffers.DamagedGuards() == 1);
    *byte ^= 1;
  }
  CHECK(buffers.DamagedGuards() == 0);
}

TEST_CASE("io_buffers: damage far from any buffer is seen at the end") {
  HostMemory memory(1 << 20);
  IoBuffers buffers(&memory, 2, 4096);
  *memory.At(buffers.AddrOf(1) + 4096 + 2000, 1) ^= 1;
  CHECK(buffers.CanariesWhole(1));
  CHECK(buffers.DamagedGuards() == 1);
}

TEST_CASE(
    "io_buffers: data left over from an earlier read of the same place is not taken for "
    "delivered") {
  HostMemory memory(1 << 20);
  const Content content(ContentKind::kPattern, 1, false, false);
  IoBuffers buffers(&memory, 1, 4096);
  LoadStats result;
  content.Fill(8192, MutableByteSpan(buffers.BytesOf(0), 4096));
  CHECK(buffers.Verify(0, content, 8192, &result));
  buffers.Spoil(0);
  CHECK_FALSE(buffers.Verify(0, content, 8192, &result));
  CHECK(result.wrong_ios == 1);
  CHECK(result.first_wrong_offset == 8192);
}

TEST_CASE("io_buffers: every block that was not delivered is seen, however large the buffer") {
  HostMemory memory(4 << 20);
  const Content content(ContentKind::kPattern, 1, false, false);
  constexpr uint32_t kSize = 512 << 10;
  IoBuffers buffers(&memory, 1, kSize);
  content.Fill(0, MutableByteSpan(buffers.BytesOf(0), kSize));
  buffers.Spoil(0);
  for (uint32_t at = 0; at < kSize; at += 512) {
    CHECK_FALSE(content.Equals(at, ByteSpan(buffers.BytesOf(0) + at, 512), nullptr));
  }
}

}  // namespace
}  // namespace ddpsim
