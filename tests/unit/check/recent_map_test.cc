#include "sim/check/recent_map.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE("each key has its own value, however the look-ups alternate") {
  RecentMap<int, int> map;
  map[1] = 10;
  map[2] = 20;
  CHECK(map[1] == 10);
  CHECK(map[1] == 10);
  CHECK(map[2] == 20);
  CHECK(*map.Find(1) == 10);
  CHECK(*map.Find(2) == 20);
}

TEST_CASE("finding makes no entry, indexing does") {
  RecentMap<int, int> map;
  CHECK(map.Find(1) == nullptr);
  CHECK(map[1] == 0);
  CHECK(map.Find(1) != nullptr);
}

TEST_CASE("an erased entry is gone, also when it was the last one asked for") {
  RecentMap<int, int> map;
  map[1] = 10;
  map[2] = 20;
  map.Erase(2);
  CHECK(map.Find(2) == nullptr);
  CHECK(map[2] == 0);
  map.Erase(1);
  CHECK(map.Find(1) == nullptr);
}

TEST_CASE("a reference outlives the making of other entries") {
  RecentMap<int, int> map;
  int& one = map[1];
  for (int i = 2; i < 1000; ++i) map[i] = i;
  one = 7;
  CHECK(map[1] == 7);
}

}  // namespace
}  // namespace ddpsim
