#include "models/nic/flow_table.h"

#include <catch2/catch.hpp>

namespace ddpsim {

TEST_CASE("a flow rule is found by its exact 5-tuple and by no other") {
  FlowTable table;
  const FiveTuple tuple{{1, 2, 3, 4}};
  REQUIRE(table.Add(tuple, 11, 99) != 0);
  CHECK(table.Find(tuple).tirn == 11);
  CHECK(table.Find(tuple).flow_tag == 99);
  CHECK(table.Find({{1, 2, 3, 5}}).tirn == 0);
  CHECK(table.Find({tuple.flow.Reversed()}).tirn == 0);
  CHECK(table.Find(tuple).tirn == 11);
}

TEST_CASE("a second rule for the same tuple is refused") {
  FlowTable table;
  const FiveTuple tuple{{1, 2, 3, 4}};
  REQUIRE(table.Add(tuple, 11, 1) != 0);
  CHECK(table.Add(tuple, 12, 2) == 0);
  CHECK(table.Find(tuple).tirn == 11);
}

TEST_CASE("a deleted rule no longer steers, even for the tuple looked up last") {
  FlowTable table;
  const FiveTuple tuple{{1, 2, 3, 4}};
  const uint32_t rule = table.Add(tuple, 11, 1);
  CHECK(table.Find(tuple).tirn == 11);
  CHECK(table.Uses(11));
  CHECK(table.Delete(rule));
  CHECK(table.Find(tuple).tirn == 0);
  CHECK_FALSE(table.Uses(11));
  CHECK_FALSE(table.Delete(rule));
}

TEST_CASE("a rule added after its tuple was looked up steers at once") {
  FlowTable table;
  const FiveTuple tuple{{1, 2, 3, 4}};
  CHECK(table.Find(tuple).tirn == 0);
  table.Add(tuple, 5, 1);
  CHECK(table.Find(tuple).tirn == 5);
}

}  // namespace ddpsim
