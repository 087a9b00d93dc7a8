// The production context in front of the law, and contexts that do less.
#include "sim/check/efficiency_law.h"

#include <catch2/catch.hpp>

#include "../nic/context_flow.h"
#include "ddpsim/wire/segment_writer.h"

namespace ddpsim {
namespace {

constexpr uint32_t kTir = 5;
constexpr uint32_t kTable = 9;

// What a slow NIC leaves out of the verdict of its context.
using Slow = void (*)(RxVerdict*);
void Nothing(RxVerdict*) {}

struct Bench {
  Bench() : flow({false, true, 0}) {
    flow.config.search = SearchMode::kAnyOffset;
    for (uint16_t ccid = 0; ccid < 20; ++ccid) flow.stream.C2HData(ccid, 0, 5000);
    flow.Start();
    OracleRules rules;
    rules.search_anywhere = true;
    rules.longest_pdu = 1 << 20;
    law.SetRules(rules);
    law.OnContextParams(kTir, {false, true, true, true}, SeqNum(0));
    law.OnContextStart(kTir, SeqNum(flow.base), false);
    for (Ccid ccid = 0; ccid < 20; ++ccid) law.OnMapping(kTable, ccid, 5000, 5000);
  }

  void Send(uint32_t from, uint32_t size, Slow slow = Nothing) {
    const DdpVerdict& walked = flow.Send(from, size);
    RxVerdict verdict;
    verdict.tirn = kTir;
    verdict.tag_table = kTable;
    verdict.seq = SeqNum(flow.base) + from;
    verdict.payload_size = size;
    verdict.has_context = true;
    verdict.state = flow.context.state();
    verdict.offloaded = walked.offloaded;
    verdict.ddgst_ok = walked.ddgst_ok;
    verdict.resync_request = walked.resync_request;
    if (!walked.runs.empty() && walked.offloaded) {
      const DataRun& run = walked.runs[0];
      verdict.placement =
          NicPlacement{run.ccid, 1, static_cast<uint32_t>(run.ccoff), run.offset, run.size};
    }
    slow(&verdict);
    Payload payload;
    payload.data = &flow.stream.bytes[from];
    payload.size = size;
    TcpHeader tcp;
    tcp.seq = verdict.seq;
    const FramePtr frame =
        WriteSegment(pool, EthIpAddresses(), 1, tcp, absl::MakeConstSpan(&payload, 1), 0, size);
    law.OnFrame(*frame, verdict, 1_us);
  }
  void Answer(uint32_t at) {
    flow.Answer(at);
    law.OnContextParams(kTir, {false, true, true, true}, SeqNum(flow.base) + at);
  }

  ContextFlow flow;
  EfficiencyLaw law;
  FramePool pool;
};

}  // namespace

TEST_CASE("a context that does all that it can keeps the law, through losses and resync") {
  Bench b;
  b.Send(0, 1448);
  b.Send(2896, 1448);  // a hole in data
  b.Send(1448, 1448);  // late
  b.Send(4344, 1448);  // with the next header
  b.Send(5792, 1448);
  b.Send(10136, 1448);  // a header was lost
  b.Send(11584, 4000);
  b.Answer(15084);
  b.Send(15584, 1448);
  for (uint32_t at = 17032; at < 60000; at += 1448) b.Send(at, 1448);
  CHECK(b.law.checks() > 30);
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("a slow context is caught") {
  Bench b;
  b.Send(0, 1448);
  Slow slow = Nothing;
  std::string word;
  SECTION("it does not offload the expected segment") {
    slow = [](RxVerdict* v) {
      v->offloaded = v->ddgst_ok = false;
      v->placement.reset();
    };
    word = "is not offloaded";
  }
  SECTION("it does not place what is mapped") {
    slow = [](RxVerdict* v) { v->placement.reset(); };
    word = "nothing is placed";
  }
  SECTION("it drops the crc bit") {
    slow = [](RxVerdict* v) { v->ddgst_ok = false; };
    word = "without the crc bit";
  }
  SECTION("it loses its place") {
    slow = [](RxVerdict* v) { v->state = OffloadState::kSearching; };
    word = "without its place";
  }
  b.Send(1448, 1448, slow);
  REQUIRE(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains(word));
}

TEST_CASE("a header that is found and nobody is told of is caught") {
  Bench b;
  b.Send(0, 1448);
  b.Send(8000, 3000, [](RxVerdict* v) {
    v->resync_request.reset();
    v->state = OffloadState::kSearching;
  });
  REQUIRE(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("nobody is asked"));
}

TEST_CASE("resuming a packet late after the answer is caught") {
  Bench b;
  b.Send(0, 1448);
  b.Send(8000, 3000);
  b.Answer(10056);
  b.Send(11000, 4200, [](RxVerdict* v) { v->state = OffloadState::kTracking; });
  REQUIRE(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("without its place"));
}

TEST_CASE("what is not mapped, or not wanted, need not be placed") {
  Bench b;
  const auto unplaced = [](RxVerdict* v) { v->placement.reset(); };
  SECTION("free") { b.law.OnMapping(kTable, 0, 0, 0); }
  SECTION("the rest of its UMRs is on its way") { b.law.OnMapping(kTable, 0, 1000, 5000); }
  SECTION("another connection had the table's number, and mapped it") {
    b.flow.Start();
    b.law.OnContextStart(kTir, SeqNum(b.flow.base), false);
  }
  SECTION("beyond its length") { b.law.OnMapping(kTable, 0, 8192, 1000); }
  SECTION("placement is off") {
    b.law.OnContextParams(kTir, {false, true, false, true}, SeqNum(0));
  }
  b.Send(0, 1448, unplaced);
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("a packet with a bad checksum is owed nothing, and one flow's breach is told once") {
  Bench b;
  const NotPlacedSpan span{0, 1448, NotPlacedReason::kBadChecksum};
  RxVerdict bad;
  bad.payload_size = 1448;
  bad.not_placed = absl::MakeConstSpan(&span, 1);
  b.law.OnFrame(*b.pool.Allocate(100), bad, 1_us);
  CHECK(b.law.checks() == 0);
  CHECK(b.law.presented() == 0);
  CHECK(b.law.violation_count() == 0);
  const auto unplaced = [](RxVerdict* v) { v->placement.reset(); };
  b.Send(0, 1448, unplaced);
  b.Send(1448, 1448, unplaced);
  CHECK(b.law.violation_count() == 1);
  // What comes after a breach is presented, and not judged.
  CHECK(b.law.checks() == 1);
  CHECK(b.law.presented() == 2);
}

}  // namespace ddpsim
