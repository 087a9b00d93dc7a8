#include "sim/check/resumption_law.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr uint16_t kPort = 40001;

struct Bench {
  ResumptionLaw law;
  void Frame(OffloadState state, uint32_t seq, bool asks = false) {
    RxVerdict verdict;
    verdict.seq = SeqNum(seq);
    verdict.has_context = true;
    verdict.state = state;
    if (asks) verdict.resync_request = SeqNum(seq);
    law.OnFrame(kPort, verdict, SimTime::Us(1));
  }
  void Answer(uint32_t seq, uint32_t header) {
    law.OnPduHeader(kPort, SeqNum(header));
    law.OnResyncResponse(kPort, SeqNum(seq), SimTime::Us(2));
  }
};

TEST_CASE("an answer for the latest candidate, given at its header, lets the NIC resume") {
  Bench b;
  b.Frame(OffloadState::kSearching, 10);
  b.Frame(OffloadState::kTracking, 20, true);
  b.Answer(20, 20);
  b.Frame(OffloadState::kOffloading, 30);
  CHECK(b.law.checks() == 4);
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("resuming without an answer is caught") {
  Bench b;
  b.Frame(OffloadState::kTracking, 20, true);
  b.Frame(OffloadState::kOffloading, 30);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("resuming by the answer for an older candidate is caught") {
  Bench b;
  b.Frame(OffloadState::kTracking, 20, true);
  b.Frame(OffloadState::kTracking, 40, true);
  b.Answer(20, 20);
  b.Frame(OffloadState::kOffloading, 60);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("an answer for what is no header is caught") {
  Bench b;
  b.Frame(OffloadState::kTracking, 20, true);
  b.Answer(20, 24);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("a resumption law that saw no frame has no checks") {
  CHECK(ResumptionLaw().checks() == 0);
}

}  // namespace
}  // namespace ddpsim
