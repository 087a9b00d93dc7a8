#include "models/nic/rx_context.h"

#include <catch2/catch.hpp>

#include "context_flow.h"

namespace ddpsim {
namespace {

using State = OffloadState;
using Reason = NotPlacedReason;

// PDUs of 1000 data bytes: headers at 0, 1024, 2048, ...
ContextFlow ThreePdus(uint32_t base = 1000) {
  ContextFlow f({}, base);
  for (uint16_t ccid = 0; ccid < 12; ++ccid) f.stream.C2HData(ccid, 0, 1000);
  return f;
}

}  // namespace

TEST_CASE("in sequence: the packet is offloaded and the context advances") {
  ContextFlow f = ThreePdus();
  f.Start();
  const DdpVerdict& v = f.Send(0, 500);
  CHECK(v.offloaded);
  REQUIRE(v.runs.size() == 1);
  CHECK((v.runs[0].ccid == 0 && v.runs[0].ccoff == 0));
  CHECK((v.runs[0].offset == 24 && v.runs[0].size == 476));
  f.Send(500, 500);
  CHECK(v.runs[0].ccoff == 476);
  CHECK(f.expected() == 1000);
}

TEST_CASE("a context that was not started offloads nothing") {
  ContextFlow f = ThreePdus();
  CHECK_FALSE(f.Send(0, 500).offloaded);
  CHECK(f.verdict.skipped == Reason::kNotOffloadedQueue);
}

TEST_CASE("a packet over a PDU boundary names the data of both PDUs") {
  ContextFlow f = ThreePdus();
  f.Start();
  f.Send(0, 900);
  const DdpVerdict& v = f.Send(900, 300);
  REQUIRE(v.runs.size() == 2);
  CHECK((v.runs[0].ccid == 0 && v.runs[0].offset == 0 && v.runs[0].size == 124));
  CHECK((v.runs[1].ccid == 1 && v.runs[1].offset == 148 && v.runs[1].size == 152));
}

TEST_CASE("many small PDUs in one packet are all named, in order") {
  ContextFlow f;
  for (uint16_t ccid = 0; ccid < 20; ++ccid) {
    f.stream.C2HData(ccid, 0, 32);
    f.stream.CapsuleResp(ccid);
  }
  f.Start();
  const DdpVerdict& v = f.Send(0, f.stream.size());
  REQUIRE(v.runs.size() == 20);
  CHECK(v.runs[19].ccid == 19);
}

TEST_CASE("datao moves the place in the command's buffer") {
  ContextFlow f;
  f.stream.C2HData(5, 4096, 100, false);
  f.stream.C2HData(5, 4196, 100);
  f.Start();
  const DdpVerdict& v = f.Send(0, f.stream.size());
  REQUIRE(v.runs.size() == 2);
  CHECK(v.runs[0].ccoff == 4096);
  CHECK(v.runs[1].ccoff == 4196);
}

TEST_CASE("retransmission: bypassed, the state is unchanged") {
  ContextFlow f = ThreePdus();
  f.Start();
  f.SendAll(0, 1500, 500);
  const RxContext before = f.context;
  CHECK_FALSE(f.Send(500, 500).offloaded);
  CHECK(f.verdict.skipped == Reason::kRetransmission);
  CHECK(f.context == before);
  CHECK(f.Send(1500, 500).offloaded);
}

TEST_CASE("a packet that only overlaps the expected byte is bypassed too") {
  ContextFlow f = ThreePdus();
  f.Start();
  f.Send(0, 500);
  const RxContext before = f.context;
  CHECK_FALSE(f.Send(400, 300).offloaded);
  CHECK(f.context == before);
}

TEST_CASE("data gap, paper: packets before the next header are ignored, the state is unchanged") {
  ContextFlow f = ThreePdus();
  f.config.ddp_across_data_gap = false;
  f.Start();
  f.Send(0, 200);
  const RxContext before = f.context;
  CHECK_FALSE(f.Send(400, 200).offloaded);
  CHECK(f.verdict.skipped == Reason::kDataGap);
  CHECK(f.context == before);
  // One that ends exactly before the next header is still such a packet.
  f.Send(800, 224);
  CHECK(f.verdict.skipped == Reason::kDataGap);
  CHECK(f.context == before);
}

TEST_CASE("data gap, paper: the packet with the next header re-anchors, offload is back with the one after") {
  ContextFlow f = ThreePdus();
  f.config.ddp_across_data_gap = false;
  f.Start();
  f.Send(0, 200);
  f.Send(400, 400);
  CHECK_FALSE(f.Send(800, 400).offloaded);
  CHECK(f.verdict.skipped == Reason::kReanchor);
  CHECK(f.expected() == 1200);
  const DdpVerdict& v = f.Send(1200, 200);
  REQUIRE(v.offloaded);
  CHECK((v.runs[0].ccid == 1 && v.runs[0].ccoff == 152));
}

TEST_CASE("data gap: a packet that starts with the next header re-anchors as well") {
  ContextFlow f = ThreePdus();
  f.Start();
  f.Send(0, 200);
  CHECK_FALSE(f.Send(1024, 300).offloaded);
  CHECK(f.verdict.skipped == Reason::kReanchor);
  CHECK(f.context.state() == State::kOffloading);
  CHECK(f.Send(1324, 100).offloaded);
}

TEST_CASE("data gap, CX-7: placement goes on within the same PDU") {
  ContextFlow f = ThreePdus();
  f.Start();
  f.Send(0, 200);
  const DdpVerdict& v = f.Send(400, 200);
  REQUIRE(v.offloaded);
  CHECK((v.runs[0].ccid == 0 && v.runs[0].ccoff == 376 && v.runs[0].size == 200));
  // The retransmission of the hole is old by now.
  CHECK_FALSE(f.Send(200, 200).offloaded);
  CHECK(f.Send(600, 500).offloaded);
}

TEST_CASE("data gap, CX-7: digests of that PDU are left to software, those of the next are not") {
  ContextFlow f({false, true, 0});
  f.stream.C2HData(1, 0, 1000);  // 1028 bytes
  f.stream.C2HData(2, 0, 1000);
  f.stream.C2HData(3, 0, 1000);
  f.Start();
  CHECK(f.Send(0, 200).ddgst_ok);
  CHECK_FALSE(f.Send(400, 200).ddgst_ok);
  CHECK_FALSE(f.Send(600, 500).ddgst_ok);  // ends the first PDU
  CHECK(f.verdict.offloaded);
  CHECK(f.Send(1100, 956).ddgst_ok);  // ends the second
  CHECK(f.verdict.digests_right == 1);
}

TEST_CASE("a gap over the next header: searching") {
  ContextFlow f = ThreePdus();
  f.Start();
  f.Send(0, 900);
  CHECK_FALSE(f.Send(1200, 300).offloaded);
  CHECK(f.verdict.lost_sync);
  CHECK(f.verdict.skipped == Reason::kSearching);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("a gap inside a header whose length was not seen: searching") {
  ContextFlow f = ThreePdus();
  f.Start();
  f.Send(0, 1028);  // 4 bytes of the second header
  f.Send(1100, 100);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("a gap inside a header whose length was seen: nothing is placed, the next header re-anchors") {
  ContextFlow f = ThreePdus();
  f.Start();
  f.Send(0, 1034);  // 10 bytes of the second header
  CHECK_FALSE(f.Send(1100, 100).offloaded);
  CHECK(f.context.state() == State::kOffloading);
  CHECK_FALSE(f.Send(2000, 100).offloaded);
  CHECK(f.verdict.skipped == Reason::kReanchor);
  CHECK(f.Send(2100, 100).offloaded);
}

TEST_CASE("a gap between PDUs, right at a boundary: the header is lost, searching") {
  ContextFlow f = ThreePdus();
  f.Start();
  f.Send(0, 1024);
  f.Send(1100, 100);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("header gap: searches, asks, tracks, resumes at the next PDU after confirmation") {
  ContextFlow f = ThreePdus();
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
  ContextFlow f = ThreePdus();
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 848);
  f.Send(2048, 1024);
  CHECK(f.Answer(2048));
  CHECK(f.context.state() == State::kOffloading);
  CHECK(f.Send(3072, 500).offloaded);
}

TEST_CASE("a wrong or stale answer is not accepted") {
  ContextFlow f = ThreePdus();
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
  ContextFlow f = ThreePdus();
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
  ContextFlow f = ThreePdus();
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
  ContextFlow f = ThreePdus();
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
  ContextFlow f = ThreePdus();
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
  ContextFlow f = ThreePdus();
  f.config.search = SearchMode::kAnyOffset;
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 1000);
  CHECK(f.verdict.lost_sync);
  REQUIRE(f.verdict.resync_request == SeqNum(1000 + 2048));
  CHECK(f.context.state() == State::kTracking);
}

TEST_CASE("any_offset: finds a header split over two packets in sequence and asks for its first byte") {
  for (uint32_t cut = 2049; cut < 2056; ++cut) {
    ContextFlow f = ThreePdus();
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
  ContextFlow f = ThreePdus();
  f.Start();
  f.Send(0, 900);
  f.Send(1200, 1000);
  f.Send(2200, 1000);
  CHECK_FALSE(f.verdict.resync_request.has_value());
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("a PDU of invalid type while offloading loses sync") {
  ContextFlow f = ThreePdus();
  f.stream.bytes[1024] = 0x55;
  f.Start();
  f.Send(0, 900);
  CHECK_FALSE(f.Send(900, 500).offloaded);
  CHECK(f.verdict.runs.empty());
  CHECK(f.verdict.lost_sync);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("a PDU of invalid length while offloading loses sync") {
  ContextFlow f = ThreePdus();
  f.stream.bytes[1024 + 16] ^= 1;  // DATAL against PLEN
  f.Start();
  f.Send(0, 900);
  f.Send(900, 500);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("sequence numbers wrap in the middle of everything") {
  for (uint32_t before_wrap : {1u, 500u, 1026u, 1300u, 2048u, 2500u, 3500u}) {
    ContextFlow f = ThreePdus(0u - before_wrap);
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
  f.stream.bytes[1032 + 20] ^= 1;                                 // reserved byte of the second header
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

TEST_CASE("ddgst: set on every packet of a clean stream, header-only packets included") {
  ContextFlow f({false, true, 0});
  for (uint16_t i = 0; i < 5; ++i) {
    f.stream.C2HData(i, 0, 3000);
    f.stream.CapsuleResp(i);
  }
  for (uint32_t mss : {1448u, 100u, 7u, 3u, 1u}) {
    f.Start();
    uint32_t right = 0;
    for (uint32_t at = 0; at < f.stream.size(); at += mss) {
      CHECK(f.Send(at, std::min(mss, f.stream.size() - at)).ddgst_ok);
      right += f.verdict.digests_right;
    }
    CHECK(right == 5);
  }
}

TEST_CASE("ddgst: clear on the packet in which a wrong digest ends, and only there") {
  ContextFlow f({false, true, 0});
  f.stream.C2HData(1, 0, 3000);  // 3028 bytes
  f.stream.C2HData(2, 0, 3000);
  f.stream.bytes[3024] ^= 1;
  f.Start();
  CHECK(f.Send(0, 1500).ddgst_ok);
  CHECK_FALSE(f.Send(1500, 1600).ddgst_ok);
  CHECK(f.verdict.digests_wrong == 1);
  CHECK(f.verdict.offloaded);  // placement does not depend on it
  CHECK(f.Send(3100, 1500).ddgst_ok);
}

TEST_CASE("ddgst: AND over all capsules of a packet") {
  ContextFlow f({false, true, 0});
  f.stream.C2HData(1, 0, 100);  // 128 bytes
  f.stream.C2HData(2, 0, 100);
  f.stream.C2HData(3, 0, 100);
  f.stream.bytes[128 + 50] ^= 1;
  f.context.Configure(f.config);
  f.context.Start(SeqNum(1000), false);
  f.context.OnSegment(SeqNum(1000), f.stream.bytes, &f.verdict);
  CHECK_FALSE(f.verdict.ddgst_ok);
  CHECK(f.verdict.digests_right == 2);
  CHECK(f.verdict.digests_wrong == 1);
}

TEST_CASE("ddgst: never set where the context does not verify, or PDUs carry no digest") {
  ContextFlow off({false, true, 0});
  off.stream.C2HData(1, 0, 100);
  off.config.crc_en = false;
  off.Start();
  CHECK_FALSE(off.Send(0, 128).ddgst_ok);
  ContextFlow none({false, false, 0});
  none.stream.C2HData(1, 0, 100);
  none.config.crc_en = true;
  none.Start();
  CHECK_FALSE(none.Send(0, 124).ddgst_ok);
}

TEST_CASE("ddgst: a PDU whose header came in the re-anchoring packet is not verified, the next is") {
  ContextFlow f({false, true, 0});
  f.config.ddp_across_data_gap = false;
  for (uint16_t i = 0; i < 4; ++i) f.stream.C2HData(i, 0, 1000);  // 1028 each
  f.Start();
  f.Send(0, 200);
  CHECK_FALSE(f.Send(900, 300).ddgst_ok);
  CHECK_FALSE(f.Send(1200, 856).ddgst_ok);  // to the end of the second PDU
  CHECK(f.Send(2056, 1028).ddgst_ok);
  CHECK(f.verdict.digests_right == 1);
}

TEST_CASE("ddgst: a PDU of which the re-anchoring packet held the header only is verified") {
  ContextFlow f({false, true, 0});
  for (uint16_t i = 0; i < 3; ++i) f.stream.C2HData(i, 0, 1000);
  f.Start();
  f.Send(0, 200);
  f.Send(900, 128 + 24);
  CHECK(f.verdict.skipped == Reason::kReanchor);
  CHECK(f.Send(1052, 1004).ddgst_ok);
  CHECK(f.verdict.digests_right == 1);
}

TEST_CASE("progress parameters may start a context in searching") {
  ContextFlow f = ThreePdus();
  f.context.Configure(f.config);
  f.context.Start(SeqNum(0), true);
  f.Send(0, 500);
  CHECK(f.verdict.resync_request == SeqNum(1000));
}

TEST_CASE("equal histories give equal contexts and different ones do not") {
  ContextFlow a = ThreePdus();
  ContextFlow b = ThreePdus();
  a.Start();
  b.Start();
  a.Send(0, 700);
  b.Send(0, 300);
  CHECK_FALSE(a.context == b.context);
  b.Send(300, 400);
  CHECK(a.context == b.context);
}

}  // namespace ddpsim
