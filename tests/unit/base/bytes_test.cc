#include "ddpsim/base/bytes.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <vector>

namespace ddpsim {
namespace {

// Bytes 1 to 12; what a store must leave alone stays so.
std::array<uint8_t, 12> Counted() {
  std::array<uint8_t, 12> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i + 1);
  return bytes;
}

// After `store` at the third byte the bytes there are `want`, and all others as before.
template <class Store>
void CheckStore(Store store, const std::vector<uint8_t>& want) {
  std::array<uint8_t, 12> bytes = Counted();
  std::array<uint8_t, 12> expected = Counted();
  store(bytes.data() + 2);
  std::copy(want.begin(), want.end(), expected.begin() + 2);
  CHECK(bytes == expected);
}

}  // namespace

TEST_CASE("loads read exactly their bytes, at any address, in either order") {
  const std::array<uint8_t, 12> bytes = Counted();
  const uint8_t* at = bytes.data() + 1;
  CHECK(Load8(at) == 2);
  CHECK(LoadLe16(at) == 0x0302);
  CHECK(LoadLe32(at) == 0x05040302);
  CHECK(LoadLe64(at) == 0x0908070605040302);
  CHECK(LoadBe16(at) == 0x0203);
  CHECK(LoadBe32(at) == 0x02030405);
  CHECK(LoadBe64(at) == 0x0203040506070809);
}

TEST_CASE("stores write exactly their bytes, at any address, in either order") {
  CheckStore([](uint8_t* p) { StoreLe16(p, 0xa1a2); }, {0xa2, 0xa1});
  CheckStore([](uint8_t* p) { StoreLe32(p, 0xa1a2a3a4); }, {0xa4, 0xa3, 0xa2, 0xa1});
  CheckStore([](uint8_t* p) { StoreLe64(p, 0xa1a2a3a4a5a6a7a8); },
             {0xa8, 0xa7, 0xa6, 0xa5, 0xa4, 0xa3, 0xa2, 0xa1});
  CheckStore([](uint8_t* p) { StoreBe16(p, 0xa1a2); }, {0xa1, 0xa2});
  CheckStore([](uint8_t* p) { StoreBe32(p, 0xa1a2a3a4); }, {0xa1, 0xa2, 0xa3, 0xa4});
  CheckStore([](uint8_t* p) { StoreBe64(p, 0xa1a2a3a4a5a6a7a8); },
             {0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8});
}

}  // namespace ddpsim
