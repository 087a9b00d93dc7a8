#include <catch2/catch.hpp>

#include "context_flow.h"
#include "models/nic/rx_context.h"

namespace ddpsim {
namespace {

using Reason = NotPlacedReason;

}  // namespace

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

TEST_CASE(
    "ddgst: a PDU whose header came in the re-anchoring packet is not verified, the next is") {
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

}  // namespace ddpsim
