#include <catch2/catch.hpp>

#include "context_flow.h"
#include "models/nic/rx_context.h"

namespace ddpsim {
namespace {

using State = OffloadState;
using Reason = NotPlacedReason;

}  // namespace

TEST_CASE("a gap over the next header: searching") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 900);
  CHECK_FALSE(f.Send(1200, 300).offloaded);
  CHECK(f.verdict.lost_sync);
  CHECK(f.verdict.skipped == Reason::kSearching);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("a context loses its place once, however long it searches then") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 500);
  CHECK(f.Send(1100, 100).lost_sync);
  CHECK_FALSE(f.Send(1200, 100).lost_sync);
}

TEST_CASE("a gap inside a header whose length was not seen: searching") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 1028);  // 4 bytes of the second header
  f.Send(1100, 100);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE(
    "a gap inside a header whose length was seen: nothing is placed, the next header re-anchors") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 1034);  // 10 bytes of the second header
  CHECK_FALSE(f.Send(1100, 100).offloaded);
  CHECK(f.context.state() == State::kOffloading);
  CHECK_FALSE(f.Send(2000, 100).offloaded);
  CHECK(f.verdict.skipped == Reason::kReanchor);
  CHECK(f.Send(2100, 100).offloaded);
}

TEST_CASE("a gap between PDUs, right at a boundary: the header is lost, searching") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 1024);
  f.Send(1100, 100);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("header gap: searches, asks, tracks, resumes at the next PDU after confirmation") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 848);  // the second header is lost; this ends right before the third
  CHECK(f.context.state() == State::kSearching);
  f.Send(2048, 500);
  REQUIRE(f.verdict.resync_request == SeqNum(1000 + 2048));
  CHECK(f.context.state() == State::kTracking);
  f.Send(2548, 700);
  CHECK_FALSE(f.verdict.resync_request.has_value());
  CHECK(f.verdict.skipped == Reason::kTracking);
  CHECK(f.Answer(2048));
  CHECK(f.context.state() == State::kTracking);
  f.Send(3248, 700);  // still in the PDU at 3072
  CHECK_FALSE(f.verdict.offloaded);
  f.Send(3948, 300);  // with the header at 4096
  CHECK_FALSE(f.verdict.offloaded);
  CHECK(f.context.state() == State::kOffloading);
  const DdpVerdict& v = f.Send(4248, 100);
  REQUIRE(v.offloaded);
  CHECK((v.runs[0].ccid == 4 && v.runs[0].ccoff == 128));
}

TEST_CASE("an answer that comes when the context stands at a PDU boundary resumes at once") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 848);
  f.Send(2048, 1024);
  CHECK(f.Answer(2048));
  CHECK(f.context.state() == State::kOffloading);
  CHECK(f.Send(3072, 500).offloaded);
}

TEST_CASE("a wrong or stale answer is not accepted") {
  ContextFlow f = TwelvePdus();
  f.Start();
  CHECK_FALSE(f.Answer(0));  // nothing was asked
  f.Send(0, 900);
  f.Send(1200, 848);
  CHECK_FALSE(f.Answer(2048));  // searching
  f.Send(2048, 1024);
  CHECK_FALSE(f.Answer(1024));
  CHECK_FALSE(f.Answer(3072));  // a later PDU, as v1 of the driver may say
  CHECK(f.context.state() == State::kTracking);
  CHECK(f.Answer(2048));
  CHECK_FALSE(f.Answer(2048));  // twice
}

TEST_CASE("the answer for a candidate that was given up is stale after another was reported") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 848);
  f.Send(2048, 500);
  f.Send(4096, 500);  // beyond the header at 3072: lost again, and found again
  REQUIRE(f.verdict.resync_request == SeqNum(1000 + 4096));
  CHECK_FALSE(f.Answer(2048));
  CHECK(f.Answer(4096));
}

TEST_CASE("tracking: loss within a PDU's data is followed over") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 848);
  f.Send(2048, 500);
  f.Send(2800, 200);  // 252 bytes of data lost
  CHECK(f.context.state() == State::kTracking);
  f.Send(3000, 200);  // holds the header at 3072
  CHECK(f.context.state() == State::kTracking);
  CHECK(f.Answer(2048));
  f.Send(3200, 1000);
  CHECK(f.context.state() == State::kOffloading);
}

TEST_CASE("tracking: loss of a header goes back to searching") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 848);
  f.Send(2048, 500);
  f.Send(3100, 200);
  CHECK(f.verdict.lost_sync);
  CHECK(f.context.state() == State::kSearching);
  CHECK_FALSE(f.Answer(2048));
}

TEST_CASE("tracking: old packets are passed over") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 848);
  f.Send(2048, 500);
  const RxContext before = f.context;
  f.Send(900, 300);
  CHECK(f.verdict.skipped == Reason::kTracking);
  CHECK(f.context == before);
}

TEST_CASE("false match: the chain of lengths breaks and the context searches again") {
  ContextFlow f;
  f.stream.C2HData(1, 0, 100);
  const uint32_t second = f.stream.C2HData(2, 0, 4000);
  const uint32_t third = f.stream.C2HData(3, 0, 1000);
  f.stream.C2HData(4, 0, 1000);
  // Data that looks like a header: C2HData, HLEN 24, PDO 24, PLEN 524.
  const uint8_t fake[8] = {7, kPduLast, 24, 24, 0x0c, 0x02, 0, 0};
  std::memcpy(&f.stream.bytes[second + 1000], fake, 8);
  StoreLe32(&f.stream.bytes[second + 1016], 500);  // DATAL, so that the fake header is consistent
  f.Start();
  f.Send(0, 120);
  f.Send(second + 500, 500);  // the header at `second` is lost
  f.Send(second + 1000, 300);
  REQUIRE(f.verdict.resync_request == SeqNum(1000 + second + 1000));
  f.Send(second + 1300, 300);  // the fake PDU ends at second + 1524: no header there
  CHECK(f.verdict.lost_sync);
  CHECK(f.context.state() == State::kSearching);
  CHECK_FALSE(f.Answer(second + 1000));
  f.Send(third, 400);
  CHECK(f.verdict.resync_request == SeqNum(1000 + third));
}

TEST_CASE("a false match that breaks within its own packet asks nothing") {
  ContextFlow f;
  f.config.search = SearchMode::kAnyOffset;
  f.stream.C2HData(1, 0, 100);
  const uint32_t second = f.stream.C2HData(2, 0, 1000);
  const uint8_t fake[8] = {7, kPduLast, 24, 24, 40, 0, 0, 0};
  std::memcpy(&f.stream.bytes[second + 600], fake, 8);
  StoreLe32(&f.stream.bytes[second + 616], 16);  // DATAL
  f.Start();
  f.Send(0, 120);
  f.Send(second + 500, 300);
  CHECK_FALSE(f.verdict.resync_request.has_value());
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("any_offset: finds a header inside the packet that lost sync") {
  ContextFlow f = TwelvePdus();
  f.config.search = SearchMode::kAnyOffset;
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 1000);
  CHECK(f.verdict.lost_sync);
  REQUIRE(f.verdict.resync_request == SeqNum(1000 + 2048));
  CHECK(f.context.state() == State::kTracking);
}

TEST_CASE(
    "any_offset: finds a header split over two packets in sequence and asks for its first byte") {
  for (uint32_t cut = 2049; cut < 2056; ++cut) {
    ContextFlow f = TwelvePdus();
    f.config.search = SearchMode::kAnyOffset;
    f.Start();
    f.Send(0, 900);
    f.Send(1200, cut - 1200);
    CHECK_FALSE(f.verdict.resync_request.has_value());
    f.Send(cut, 500);
    REQUIRE(f.verdict.resync_request == SeqNum(1000 + 2048));
    CHECK(f.Answer(2048));
    f.Send(cut + 500, 1000);
    CHECK(f.context.state() == State::kOffloading);
    CHECK(f.Send(cut + 1500, 10).offloaded);
  }
}

TEST_CASE("packet_start: a header in the middle of a packet is not found") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 1000);
  f.Send(2200, 1000);
  CHECK_FALSE(f.verdict.resync_request.has_value());
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("sequence numbers wrap in the middle of everything") {
  for (uint32_t before_wrap : {1u, 500u, 1026u, 1300u, 2048u, 2500u, 3500u}) {
    ContextFlow f = TwelvePdus(0u - before_wrap);
    f.Start();
    CHECK(f.Send(0, 900).offloaded);
    f.Send(1200, 848);
    f.Send(2048, 500);
    REQUIRE(f.verdict.resync_request == SeqNum(0u - before_wrap) + 2048);
    CHECK(f.Answer(2048));
    f.SendAll(2548, 4248, 500);
    CHECK(f.context.state() == State::kOffloading);
    CHECK_FALSE(f.Send(900, 300).offloaded);
    CHECK(f.Send(4248, 100).offloaded);
  }
}

TEST_CASE("header digest on: PDUs are walked with it and a broken header loses sync") {
  ContextFlow f({true, true, 0});
  for (uint16_t i = 0; i < 4; ++i) f.stream.C2HData(i, 0, 1000);  // 1032 bytes each
  f.stream.bytes[1032 + 20] ^= 1;  // reserved byte of the second header
  f.Start();
  CHECK(f.Send(0, 1032).offloaded);
  CHECK(f.verdict.ddgst_ok);
  f.Send(1032, 500);
  CHECK(f.context.state() == State::kSearching);
  f.Send(1532, 532);
  f.Send(2064, 1032);
  CHECK(f.verdict.resync_request == SeqNum(1000 + 2064));
}

TEST_CASE("header digest on: data that looks like a header never matches") {
  ContextFlow f({true, false, 0});
  f.config.search = SearchMode::kAnyOffset;
  const uint32_t start = f.stream.C2HData(1, 0, 2000);
  const uint8_t fake[8] = {7, kPduLast | kPduHdgst, 24, 28, 0, 1, 0, 0};
  std::memcpy(&f.stream.bytes[start + 700], fake, 8);
  f.context.Configure(f.config);
  f.context.Start(SeqNum(0), true);
  f.Send(500, 1000);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("progress parameters may start a context in searching") {
  ContextFlow f = TwelvePdus();
  f.context.Configure(f.config);
  f.context.Start(SeqNum(0), true);
  f.Send(0, 500);
  CHECK(f.verdict.resync_request == SeqNum(1000));
}

}  // namespace ddpsim
