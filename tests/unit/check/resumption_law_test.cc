#include "sim/check/resumption_law.h"

#include <catch2/catch.hpp>

#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "ddpsim/wire/segment_writer.h"

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
  // A packet that the context walked in sync.
  void Offloaded(uint32_t seq) {
    RxVerdict verdict;
    verdict.seq = SeqNum(seq);
    verdict.payload_size = 10;
    verdict.has_context = verdict.offloaded = true;
    law.OnFrame(kPort, verdict, SimTime::Us(1));
  }
  // A packet that was not, for a reason, and the state after it.
  void Passed(OffloadState state, uint32_t seq, NotPlacedReason reason) {
    const NotPlacedSpan span = {0, 10, reason};
    RxVerdict verdict;
    verdict.seq = SeqNum(seq);
    verdict.payload_size = 10;
    verdict.has_context = true;
    verdict.state = state;
    verdict.not_placed = absl::MakeConstSpan(&span, 1);
    law.OnFrame(kPort, verdict, SimTime::Us(1));
  }
  void Header(uint32_t seq) { law.OnPduHeader(kPort, SeqNum(seq), SimTime::Us(3)); }
  void AskAndConfirm() {
    Frame(OffloadState::kTracking, 20, true);
    Answer(20, 20);
  }
  void Answer(uint32_t seq, uint32_t header) {
    law.OnPduHeader(kPort, SeqNum(header), SimTime::Us(2));
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

TEST_CASE("a search that asks about what it has let pass is caught") {
  Bench b;
  b.Passed(OffloadState::kSearching, 100, NotPlacedReason::kSearching);
  SECTION("a retransmission, alone") {
    b.Frame(OffloadState::kTracking, 20, true);
    CHECK(b.law.violation_count() == 1);
    CHECK_THAT(b.law.violations()[0], Catch::Contains("though it has searched up to 110"));
  }
  SECTION("a retransmission after one that was left alone") {
    b.Passed(OffloadState::kSearching, 30, NotPlacedReason::kSearching);
    b.Frame(OffloadState::kTracking, 20, true);
    CHECK(b.law.violation_count() == 1);
  }
  SECTION("the next packet is right") {
    b.Frame(OffloadState::kTracking, 110, true);
    CHECK(b.law.violation_count() == 0);
  }
  SECTION("what was left alone and reaches further is not searched") {
    b.Passed(OffloadState::kSearching, 105, NotPlacedReason::kSearching);
    b.Frame(OffloadState::kTracking, 112, true);
    CHECK(b.law.violation_count() == 0);
  }
  SECTION("what the context was not given counts for nothing") {
    b.Passed(OffloadState::kSearching, 300, NotPlacedReason::kBadChecksum);
    b.Frame(OffloadState::kTracking, 200, true);
    CHECK(b.law.violation_count() == 0);
  }
  SECTION("another search begins anew") {
    b.Frame(OffloadState::kTracking, 110, true);
    b.Passed(OffloadState::kSearching, 90, NotPlacedReason::kSearching);
    b.Frame(OffloadState::kTracking, 105, true);
    CHECK(b.law.violation_count() == 0);
  }
}

TEST_CASE("an answer that nobody gave lets the NIC resume only if it names the candidate") {
  Bench b;
  b.Frame(OffloadState::kTracking, 20, true);
  SECTION("the candidate") {
    b.law.OnStrayAnswer(kPort, SeqNum(20));
    b.Frame(OffloadState::kOffloading, 30);
    CHECK(b.law.violation_count() == 0);
  }
  SECTION("another byte") {
    b.law.OnStrayAnswer(kPort, SeqNum(21));
    b.Frame(OffloadState::kOffloading, 30);
    CHECK(b.law.violation_count() == 1);
  }
  SECTION("the candidate of another connection") {
    b.law.OnStrayAnswer(kPort + 1, SeqNum(20));
    b.Frame(OffloadState::kOffloading, 30);
    CHECK(b.law.violation_count() == 1);
  }
}

TEST_CASE("where an answer that nobody gave lets the NIC resume, no header need be") {
  Bench b;
  b.Frame(OffloadState::kTracking, 20, true);
  const bool stray = GENERATE(true, false);
  stray ? b.law.OnStrayAnswer(kPort, SeqNum(20)) : b.Answer(20, 20);
  b.Passed(OffloadState::kOffloading, 30, NotPlacedReason::kRetransmission);
  b.Offloaded(40);
  b.Header(60);
  CHECK(b.law.violation_count() == (stray ? 0 : 1));
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

TEST_CASE("after the answer offloading goes on where software then meets a header") {
  Bench b;
  b.AskAndConfirm();
  SECTION("at once") { b.Offloaded(40); }
  SECTION("after a retransmission") {
    b.Passed(OffloadState::kOffloading, 10, NotPlacedReason::kRetransmission);
    b.Offloaded(40);
  }
  SECTION("in a packet that was followed and holds the header") {
    b.Passed(OffloadState::kOffloading, 35, NotPlacedReason::kTracking);
    b.Offloaded(45);
  }
  SECTION("at the end of a packet that was followed") {
    b.Passed(OffloadState::kOffloading, 30, NotPlacedReason::kTracking);
    b.Offloaded(40);
  }
  b.Header(40);
  b.Header(60);
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("offloading that goes on in the middle of a PDU is caught when software passes there") {
  Bench b;
  b.AskAndConfirm();
  SECTION("after the answer") { b.Offloaded(30); }
  SECTION("after the answer and a retransmission") {
    b.Passed(OffloadState::kOffloading, 10, NotPlacedReason::kRetransmission);
    b.Offloaded(30);
  }
  SECTION("in a packet that holds no header") {
    b.Passed(OffloadState::kOffloading, 25, NotPlacedReason::kTracking);
  }
  CHECK(b.law.violation_count() == 0);
  b.Header(40);
  CHECK(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("where no PDU begins"));
}

TEST_CASE("a late original resumes where software met a header before: it is remembered") {
  Bench b;
  b.AskAndConfirm();
  b.Header(40);
  b.Header(60);
  SECTION("in a packet that was followed and holds it") {
    b.Passed(OffloadState::kOffloading, 35, NotPlacedReason::kTracking);
    CHECK(b.law.violation_count() == 0);
  }
  SECTION("at once") {
    b.Offloaded(40);
    CHECK(b.law.violation_count() == 0);
  }
  SECTION("but in the middle of a PDU that software has read it is caught") {
    b.Offloaded(45);
    CHECK(b.law.violation_count() == 1);
    CHECK_THAT(b.law.violations()[0], Catch::Contains("the next one begins at 60"));
  }
  b.Header(80);
}

TEST_CASE("beyond what is remembered of the headers nothing is judged") {
  Bench b;
  b.AskAndConfirm();
  for (uint32_t seq = 40; seq < 40 + 5000 * 24; seq += 24) b.Header(seq);
  b.Offloaded(50);
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("a request has to name a place with a header's pattern") {
  const PduReader reader(false, false, 1 << 20);
  FramePool pool;
  C2HDataRepr pdu;
  pdu.datal = 4;
  std::vector<uint8_t> bytes(10, 0xee);
  bytes.resize(10 + sizeof(DataPduLayout));
  EmitC2HData(pdu, PduFraming(), bytes.data() + 10);
  bytes.resize(bytes.size() + 4);
  Payload payload;
  payload.data = bytes.data();
  payload.size = static_cast<uint32_t>(bytes.size());
  TcpHeader tcp;
  tcp.seq = SeqNum(1000);
  const FramePtr frame = WriteSegment(pool, EthIpAddresses(), 1, tcp,
                                      absl::MakeConstSpan(&payload, 1), 0, payload.size);
  const auto broken = [&](int32_t at) {
    ResumptionLaw law;
    law.SetReader(reader);
    RxVerdict verdict;
    verdict.seq = tcp.seq;
    verdict.resync_request = tcp.seq + static_cast<uint32_t>(at);
    law.OnRequest(kPort, *frame, verdict, SimTime::Us(1));
    return law.violation_count();
  };
  CHECK(broken(10) == 0);
  CHECK(broken(0) == 1);
  CHECK(broken(9) == 1);
  CHECK(broken(1000) == 1);
  CHECK(broken(-5) == 0);  // it began in the packet before: not looked at
}

}  // namespace
}  // namespace ddpsim
