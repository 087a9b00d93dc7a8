#include "models/nic/ccid_table.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

std::vector<DmaPiece> Pieces(Mkey* mkey, uint64_t offset, uint32_t bytes) {
  std::vector<DmaPiece> pieces;
  mkey->Translate(offset, bytes, &pieces);
  return pieces;
}

}  // namespace

TEST_CASE("an mkey translates a range across its KLM entries") {
  Mkey mkey(8);
  REQUIRE(mkey.Map(3000, 0, {{0x1000, 1000}, {0x9000, 1000}, {0x5000, 1000}}));
  const auto pieces = Pieces(&mkey, 900, 1200);
  REQUIRE(pieces.size() == 3);
  CHECK((pieces[0].addr == 0x1000 + 900 && pieces[0].bytes == 100));
  CHECK((pieces[1].addr == 0x9000 && pieces[1].bytes == 1000));
  CHECK((pieces[2].addr == 0x5000 && pieces[2].bytes == 100));
}

TEST_CASE("entries that are neighbours in memory are written as one piece") {
  Mkey mkey(8);
  REQUIRE(mkey.Map(2000, 0, {{0x1000, 1000}, {0x1000 + 1000, 1000}}));
  const auto pieces = Pieces(&mkey, 500, 1000);
  REQUIRE(pieces.size() == 1);
  CHECK((pieces[0].addr == 0x1000 + 500 && pieces[0].bytes == 1000));
}

TEST_CASE("translation may go back to an earlier entry") {
  Mkey mkey(8);
  REQUIRE(mkey.Map(3000, 0, {{0x1000, 1000}, {0x9000, 1000}, {0x5000, 1000}}));
  Pieces(&mkey, 2500, 10);
  const auto pieces = Pieces(&mkey, 0, 10);
  REQUIRE(pieces.size() == 1);
  CHECK(pieces[0].addr == 0x1000);
}

TEST_CASE("a mapping in several UMRs resolves only as far as they have been executed") {
  TagBufferTable table(2);
  Mkey mkey(8);
  table.Bind(1, 1, &mkey);
  Mkey* found = nullptr;
  CHECK(table.Resolve(1, 0, 1, &found) == Resolution::kNotMapped);
  REQUIRE(mkey.Map(2000, 0, {{0x1000, 1000}}));
  CHECK(table.Resolve(1, 0, 1000, &found) == Resolution::kOk);
  CHECK(table.Resolve(1, 500, 1000, &found) == Resolution::kNotMapped);
  REQUIRE(mkey.Map(2000, 1, {{0x9000, 1000}}));
  CHECK(table.Resolve(1, 500, 1000, &found) == Resolution::kOk);
  CHECK(found == &mkey);
}

TEST_CASE("a range beyond the mkey's length is out of bounds, even where KLM entries reach") {
  TagBufferTable table(0);
  Mkey mkey(1);
  table.Bind(0, 1, &mkey);
  REQUIRE(mkey.Map(100, 0, {{0x1000, 4096}}));
  Mkey* found = nullptr;
  CHECK(table.Resolve(0, 0, 100, &found) == Resolution::kOk);
  CHECK(table.Resolve(0, 1, 100, &found) == Resolution::kOutOfBounds);
  CHECK(table.Resolve(0, 0xffff'ffff, 100, &found) == Resolution::kOutOfBounds);
}

TEST_CASE("an invalidated ccid is not mapped, and mapping it again gives a new generation") {
  TagBufferTable table(0);
  Mkey mkey(1);
  table.Bind(0, 1, &mkey);
  mkey.Map(100, 0, {{0x1000, 100}});
  const uint32_t first = mkey.generation();
  mkey.Invalidate();
  Mkey* found = nullptr;
  CHECK(table.Resolve(0, 0, 1, &found) == Resolution::kNotMapped);
  mkey.Map(100, 0, {{0x2000, 100}});
  CHECK(mkey.generation() == first + 1);
  CHECK(Pieces(&mkey, 0, 1)[0].addr == 0x2000);
}

TEST_CASE("a new mapping forgets entries of the old one") {
  TagBufferTable table(0);
  Mkey mkey(4);
  table.Bind(0, 1, &mkey);
  mkey.Map(200, 0, {{0x1000, 100}, {0x2000, 100}});
  mkey.Map(200, 0, {{0x3000, 100}});
  Mkey* found = nullptr;
  CHECK(table.Resolve(0, 100, 100, &found) == Resolution::kNotMapped);
}

TEST_CASE("more entries than the mkey holds, or with a gap, are refused") {
  Mkey mkey(2);
  CHECK_FALSE(mkey.Map(300, 0, {{1, 100}, {2, 100}, {3, 100}}));
  CHECK_FALSE(mkey.Map(300, 1, {{1, 100}}));
  CHECK(mkey.free());
}

TEST_CASE("an unbound ccid and one beyond the table are not mapped") {
  TagBufferTable table(1);
  Mkey* found = nullptr;
  CHECK(table.Resolve(0, 0, 1, &found) == Resolution::kNotMapped);
  CHECK(table.Resolve(2, 0, 1, &found) == Resolution::kNotMapped);
  CHECK_FALSE(table.Free(2));
}

}  // namespace ddpsim
