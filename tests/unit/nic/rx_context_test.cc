#include "models/nic/rx_context.h"

#include <catch2/catch.hpp>

#include "context_flow.h"

namespace ddpsim {
namespace {

using State = OffloadState;
using Reason = NotPlacedReason;

}  // namespace

TEST_CASE("in sequence: the packet is offloaded and the context advances") {
  ContextFlow f = TwelvePdus();
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
  ContextFlow f = TwelvePdus();
  CHECK_FALSE(f.Send(0, 500).offloaded);
  CHECK(f.verdict.skipped == Reason::kNotOffloadedQueue);
}

TEST_CASE("a packet over a PDU boundary names the data of both PDUs") {
  ContextFlow f = TwelvePdus();
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

TEST_CASE("an offset past 32 bits does not begin again at the buffer's start") {
  ContextFlow f;
  f.stream.C2HData(5, 0xffff'ff00, 1000);
  f.Start();
  CHECK(f.Send(0, 500).runs.at(0).ccoff == 0xffff'ff00);
  CHECK(f.Send(500, 500).runs.at(0).ccoff == uint64_t{0xffff'ff00} + 476);
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
  ContextFlow f = TwelvePdus();
  f.Start();
  f.SendAll(0, 1500, 500);
  const RxContext before = f.context;
  CHECK_FALSE(f.Send(500, 500).offloaded);
  CHECK(f.verdict.skipped == Reason::kRetransmission);
  CHECK(f.context == before);
  CHECK(f.Send(1500, 500).offloaded);
}

TEST_CASE("a packet that only overlaps the expected byte is bypassed too") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 500);
  const RxContext before = f.context;
  CHECK_FALSE(f.Send(400, 300).offloaded);
  CHECK(f.context == before);
}

TEST_CASE("what-if: an overlapping packet is walked behind the expected byte, and not placed") {
  ContextFlow f = TwelvePdus();
  f.config.skips_seen_bytes = true;
  f.Start();
  f.Send(0, 500);
  CHECK_FALSE(f.Send(400, 300).offloaded);
  CHECK(f.verdict.skipped == Reason::kRetransmission);
  CHECK(f.expected() == 700);
  CHECK_FALSE(f.Send(500, 200).offloaded);  // the late original
  CHECK(f.Send(700, 200).offloaded);
}

TEST_CASE("what-if: bytes that were ignored in a data gap are not taken when they come again") {
  ContextFlow f = TwelvePdus();
  f.config.ddp_across_data_gap = false;
  f.config.skips_seen_bytes = true;
  f.Start();
  f.Send(0, 200);
  f.Send(400, 200);
  CHECK(f.Send(200, 200).offloaded);
  CHECK_FALSE(f.Send(400, 200).offloaded);
  CHECK_FALSE(f.Send(800, 400).offloaded);
  CHECK(f.Send(1200, 200).offloaded);
}

// Nothing is placed before the next header: there is nothing to wait for.
TEST_CASE("what-if: a context that follows does not wait for what passed it in a data gap") {
  ContextFlow f = TwelvePdus();
  f.config.ddp_across_data_gap = false;
  f.config.skips_seen_bytes = true;
  f.Start();
  f.context.Start(SeqNum(f.base), true);
  f.Send(0, 200);  // finds a header
  REQUIRE(f.context.state() == OffloadState::kTracking);
  f.Send(400, 200);
  f.Send(200, 400);  // cut anew
  CHECK(f.expected() == 600);
}

TEST_CASE("data gap, paper: packets before the next header are ignored, the state is unchanged") {
  ContextFlow f = TwelvePdus();
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

TEST_CASE(
    "data gap, paper: the packet with the next header re-anchors, offload is back with the one "
    "after") {
  ContextFlow f = TwelvePdus();
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
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 200);
  CHECK_FALSE(f.Send(1024, 300).offloaded);
  CHECK(f.verdict.skipped == Reason::kReanchor);
  CHECK(f.context.state() == State::kOffloading);
  CHECK(f.Send(1324, 100).offloaded);
}

TEST_CASE("data gap, CX-7: placement goes on within the same PDU") {
  ContextFlow f = TwelvePdus();
  f.Start();
  f.Send(0, 200);
  const DdpVerdict& v = f.Send(400, 200);
  REQUIRE(v.offloaded);
  CHECK((v.runs[0].ccid == 0 && v.runs[0].ccoff == 376 && v.runs[0].size == 200));
  // The retransmission of the hole is old by now.
  CHECK_FALSE(f.Send(200, 200).offloaded);
  CHECK(f.Send(600, 500).offloaded);
}

TEST_CASE("a PDU of invalid type while offloading loses sync") {
  ContextFlow f = TwelvePdus();
  f.stream.bytes[1024] = 0x55;
  f.Start();
  f.Send(0, 900);
  CHECK_FALSE(f.Send(900, 500).offloaded);
  CHECK(f.verdict.runs.empty());
  CHECK(f.verdict.lost_sync);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("a PDU of invalid length while offloading loses sync") {
  ContextFlow f = TwelvePdus();
  f.stream.bytes[1024 + 16] ^= 1;  // DATAL against PLEN
  f.Start();
  f.Send(0, 900);
  f.Send(900, 500);
  CHECK(f.context.state() == State::kSearching);
}

TEST_CASE("equal histories give equal contexts and different ones do not") {
  ContextFlow a = TwelvePdus();
  ContextFlow b = TwelvePdus();
  a.Start();
  b.Start();
  a.Send(0, 700);
  b.Send(0, 300);
  CHECK_FALSE(a.context == b.context);
  b.Send(300, 400);
  CHECK(a.context == b.context);
}

}  // namespace ddpsim
