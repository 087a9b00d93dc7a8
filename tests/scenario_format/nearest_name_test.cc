#include "sim/text/nearest_name.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

TEST_CASE("a swap of neighbours is one slip") {
  CHECK(EditDistance("rate_gpbs", "rate_gbps") == 1);
  CHECK(EditDistance("loss", "loss") == 0);
  CHECK(EditDistance("", "abc") == 3);
  CHECK(EditDistance("BS", "bs") == 0);
}

TEST_CASE("the nearest name is offered only if it is near") {
  CHECK(NearestName("iodpeth", {"rw", "iodepth", "size"}) == "iodepth");
  CHECK(NearestName("completely_else", {"rw", "bs"}).empty());
  CHECK(NearestName("x", {}).empty());
}

}  // namespace
}  // namespace ddpsim
