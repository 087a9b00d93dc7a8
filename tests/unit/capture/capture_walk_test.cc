#include "models/capture/capture_walk.h"

#include <catch2/catch.hpp>

#include "tests/support/capture_builder.h"

namespace ddpsim {
namespace {

TEST_CASE("a walk lasts from its first record to its last, and counts the times it had to mend") {
  const Bytes frame = MakeFrame({false, 1000, 0, kTcpAck, 1, Bytes(100, 7)});
  Bytes file = Join({SectionHeader(), InterfaceBlock()});
  for (const uint64_t us : {1'000'000, 3'000'000, 6'000'000})
    Append(&file, EnhancedPacket(frame, 0, us));
  const TempFile temp(file, ".pcapng");
  auto walk = CaptureWalk::Open(temp.path(), {});
  REQUIRE(walk.ok());
  WalkStep step;
  while (*(*walk)->Next(&step)) {
  }
  CHECK((*walk)->duration_ns() == 5'000'000'000);
  CHECK((*walk)->repaired_times() == 0);

  Append(&file, EnhancedPacket(frame, 0, ~uint64_t{0}));  // beyond every date
  const TempFile late(file, ".pcapng");
  walk = CaptureWalk::Open(late.path(), {});
  while (*(*walk)->Next(&step)) {
  }
  CHECK((*walk)->repaired_times() == 1);
}

}  // namespace
}  // namespace ddpsim
