#include <catch2/catch.hpp>
#include <vector>

#include "models/nic/rx_context.h"

namespace ddpsim {
namespace {

std::vector<uint8_t> SegmentWithHeader() {
  std::vector<uint8_t> bytes(sizeof(CapsuleRespLayout), 0);
  bytes[0] = static_cast<uint8_t>(PduType::kCapsuleResp);
  bytes[2] = bytes[4] = sizeof(CapsuleRespLayout);
  return bytes;
}

TEST_CASE("searching: a retransmission is not looked at, new data is") {
  RxContext context;
  context.Configure(RxContextConfig());
  context.Start(SeqNum(0), true);
  DdpVerdict verdict;
  const std::vector<uint8_t> noise(100, 0xff);
  const std::vector<uint8_t> header = SegmentWithHeader();
  context.OnSegment(SeqNum(1000), noise, &verdict);
  context.OnSegment(SeqNum(900), header, &verdict);
  CHECK_FALSE(verdict.resync_request.has_value());
  CHECK(context.state() == OffloadState::kSearching);
  context.OnSegment(SeqNum(1100), header, &verdict);
  REQUIRE(verdict.resync_request.has_value());
  CHECK(*verdict.resync_request == SeqNum(1100));
}

}  // namespace
}  // namespace ddpsim
