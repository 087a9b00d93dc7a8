#include "sim/check/liveness_law.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr uint16_t kPort = 40001;

struct Bench {
  LivenessLaw law;
  uint32_t seq = 0;
  SimTime at = SimTime::Us(1);
  explicit Bench(bool promised = true) { law.SetPromise(promised, 1000); }
  void Frame(OffloadState state, uint32_t size = 400) {
    RxVerdict verdict;
    verdict.seq = SeqNum(seq);
    verdict.payload_size = size;
    verdict.state = state;
    law.OnFrame(kPort, verdict, at);
    seq += size;
  }
  void Search(int frames) {
    for (int i = 0; i < frames; ++i) Frame(OffloadState::kSearching);
  }
};

TEST_CASE("a queue that offloads again within the bound keeps the law") {
  Bench b;
  b.Frame(OffloadState::kOffloading);
  b.Search(2);
  b.Frame(OffloadState::kOffloading);
  b.Search(2);
  CHECK(b.law.checks() == 6);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.open() == 1);
}

TEST_CASE("a queue that stays out for more than the bound is caught once") {
  Bench b;
  b.Search(9);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("bytes do not count while there are faults") {
  Bench b;
  b.law.OnFaultsBegin();
  b.Search(9);
  CHECK(b.law.violation_count() == 0);
  b.law.OnFaultsOver();
  b.Search(3);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("retransmitted bytes do not count") {
  Bench b;
  b.Frame(OffloadState::kSearching);
  for (int i = 0; i < 9; ++i) {
    b.seq = 0;
    b.Frame(OffloadState::kSearching);
  }
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("a false match excuses the outage and is measured") {
  Bench b;
  b.Search(1);
  b.law.OnFalseMatch(kPort);
  b.Search(9);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.longest() == 4000);
}

TEST_CASE(
    "what arrives while the answer stands in the ICOSQ does not count, what comes after does") {
  Bench b;
  b.law.SetIcosqLatency(SimTime::Us(2), SimTime::Ns(10));
  b.Search(1);
  // Frames come at 1 us: three WQEs take 6 us from there.
  b.law.OnAnswerPosted(kPort, 3, 0, SimTime::Us(1));
  b.Search(9);
  CHECK(b.law.violation_count() == 0);
  b.law.OnAnswerPosted(kPort + 1, 1000, 0, SimTime::Us(1));  // another connection's
  b.at = SimTime::Us(7);
  b.Search(9);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("an answer that got lost or came late excuses its outage, not the next") {
  Bench b;
  b.Search(1);
  b.law.OnAnswerFault(kPort);
  b.Search(9);
  CHECK(b.law.violation_count() == 0);
  b.Frame(OffloadState::kOffloading);
  b.Search(9);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("a context in sync that loses its place on the segment it expects is caught") {
  LivenessLaw law;
  const auto frame = [&law](uint32_t seq, bool offloaded, OffloadState state,
                            NotPlacedReason reason = NotPlacedReason::kNotData) {
    const NotPlacedSpan span = {0, 100, reason};
    RxVerdict verdict;
    verdict.seq = SeqNum(seq);
    verdict.payload_size = 100;
    verdict.has_context = true;
    verdict.offloaded = offloaded;
    verdict.state = state;
    verdict.not_placed = absl::MakeConstSpan(&span, 1);
    law.OnFrame(kPort, verdict, SimTime::Us(1));
  };
  uint64_t want = 1;
  SECTION("at once") { frame(1000, true, OffloadState::kOffloading); }
  SECTION("behind a retransmission and a bad checksum") {
    frame(1000, true, OffloadState::kOffloading);
    frame(900, false, OffloadState::kOffloading, NotPlacedReason::kRetransmission);
    frame(1300, false, OffloadState::kOffloading, NotPlacedReason::kBadChecksum);
  }
  SECTION("a gap is a reason") {
    frame(900, true, OffloadState::kOffloading);
    want = 0;
  }
  SECTION("a packet behind a gap that it followed is a reason") {
    frame(1000, true, OffloadState::kOffloading);
    frame(1200, false, OffloadState::kOffloading, NotPlacedReason::kReanchor);
    want = 0;
  }
  SECTION("corrupted headers are a reason") {
    law.ExpectLossOfSync();
    frame(1000, true, OffloadState::kOffloading);
    want = 0;
  }
  frame(1100, false, OffloadState::kSearching, NotPlacedReason::kSearching);
  CHECK(law.violation_count() == want);
}

TEST_CASE("without a promise the outage is measured only") {
  Bench b(false);
  b.Search(9);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.longest() == 3600);
}

TEST_CASE("a liveness law that saw no frame has no checks") { CHECK(LivenessLaw().checks() == 0); }

}  // namespace
}  // namespace ddpsim
