#include "models/link/fault_injector.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <tuple>

#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "tests/unit/link/frame_builder.h"

namespace ddpsim {
namespace {

constexpr uint32_t kIsn = 0xfffff000;  // the sequence space wraps within the test

// A stream of C2HData PDUs with digests, each followed by its CapsuleResp, and where their parts
// are.
struct C2HStream {
  explicit C2HStream(int pdus, uint32_t data_length = 5000) {
    PduFraming framing;
    framing.data_digest = true;
    for (int i = 0; i < pdus; ++i) {
      C2HDataRepr repr;
      repr.cccid = static_cast<uint16_t>(i);
      repr.datal = data_length;
      repr.last = true;
      uint8_t header[kMaxPduHeader];
      const uint32_t size = EmitC2HData(repr, framing, header);
      headers.push_back(bytes.size());
      bytes.insert(bytes.end(), header, header + size);
      datas.push_back(bytes.size());
      bytes.insert(bytes.end(), data_length, static_cast<uint8_t>(i));
      digests.push_back(bytes.size());
      bytes.insert(bytes.end(), 4, 0xdd);
      const uint32_t resp = EmitCapsuleResp(CapsuleRespRepr{}, framing, header);
      bytes.insert(bytes.end(), header, header + resp);
    }
  }
  std::vector<uint8_t> bytes;
  std::vector<uint64_t> headers, datas, digests;
};

// Sends the stream in segments of `mss` and returns the offsets of those dropped.
std::set<uint64_t> DroppedOffsets(FaultInjector* injector, FrameBuilder* build,
                                  const C2HStream& stream, uint32_t mss) {
  std::set<uint64_t> dropped;
  injector->Decide(*build->Syn(kIsn, 4420), 0);
  injector->Enable();
  for (size_t at = 0; at < stream.bytes.size(); at += mss) {
    const size_t end = std::min(stream.bytes.size(), at + mss);
    const FramePtr frame = build->Data(kIsn + 1 + static_cast<uint32_t>(at),
                                       {stream.bytes.begin() + static_cast<int64_t>(at),
                                        stream.bytes.begin() + static_cast<int64_t>(end)});
    if (injector->Decide(*frame, 0).drop == LinkDropReason::kPdu) dropped.insert(at);
  }
  return dropped;
}

int DifferentBits(ByteSpan a, ByteSpan b) {
  int bits = 0;
  for (size_t i = 0; i < a.size(); ++i) bits += __builtin_popcount(a[i] ^ b[i]);
  return bits;
}

}  // namespace

TEST_CASE("pdu loss hits the segment with that byte of every n-th PDU, however segments fall") {
  FramePool pool;
  FrameBuilder build(&pool);
  const C2HStream stream(12);
  for (uint32_t mss : {3u, 7u, 100u, 1448u, 8948u}) {
    for (PduPart part : {PduPart::kHeader, PduPart::kData, PduPart::kDigest}) {
      for (uint64_t offset : {0u, 3u}) {
        LinkFaults faults;
        faults.loss.kind = LossKind::kPdu;
        faults.loss.part = part;
        faults.loss.every = 3;
        faults.loss.offset = offset;
        FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
        std::set<uint64_t> want;
        for (size_t i = 2; i < 12; i += 3) {
          const uint64_t at = part == PduPart::kHeader ? stream.headers[i]
                              : part == PduPart::kData ? stream.datas[i]
                                                       : stream.digests[i];
          want.insert((at + offset) / mss * mss);
        }
        CHECK(DroppedOffsets(&injector, &build, stream, mss) == want);
      }
    }
  }
}

TEST_CASE("entries of lists and steps of the script that never came are told") {
  FramePool pool;
  FrameBuilder build(&pool);
  LinkFaults faults;
  faults.loss.kind = LossKind::kList;
  faults.loss.packets = {1, 3};
  faults.reorder.packets = {2};
  faults.duplicate.packets = {3, 4};
  faults.corrupt.packets = {9};
  faults.script.connection = 1;
  faults.script.segments = {{1'000'000, 1'000'100, SimTime::Zero()}};
  FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
  injector.Enable();
  const std::vector<uint8_t> bytes(100);
  injector.Decide(*build.Data(kIsn, bytes), 0);
  injector.Decide(*build.Data(kIsn + 100, bytes), 0);
  const UnmetFaults unmet = injector.Unmet();
  CHECK(unmet.loss == 1);
  CHECK(unmet.reorder == 0);
  CHECK(unmet.duplicate == 2);
  CHECK(unmet.corrupt == 1);
  CHECK(unmet.script_steps == 1);
}

TEST_CASE("pdu loss of a digest spares streams that carry none, and their data ends with the PDU") {
  FramePool pool;
  FrameBuilder build(&pool);
  std::vector<uint8_t> bytes(kMaxPduHeader);
  C2HDataRepr repr;
  repr.datal = 100;
  repr.last = true;
  bytes.resize(EmitC2HData(repr, PduFraming(), bytes.data()) + 100);
  for (const auto& [part, offset, lost] :
       {std::tuple(PduPart::kDigest, 0, false), std::tuple(PduPart::kData, 99, true)}) {
    LinkFaults faults;
    faults.loss.kind = LossKind::kPdu;
    faults.loss.part = part;
    faults.loss.offset = static_cast<uint64_t>(offset);
    FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
    injector.Enable();
    const auto drop = injector.Decide(*build.Data(kIsn, bytes), 0).drop;
    CHECK(drop == (lost ? LinkDropReason::kPdu : LinkDropReason::kNone));
  }
}

TEST_CASE("pdu loss counts from the first PDU that begins under the fault") {
  FramePool pool;
  FrameBuilder build(&pool);
  const C2HStream stream(6, 100);
  LinkFaults faults;
  faults.loss.kind = LossKind::kPdu;
  faults.loss.every = 3;
  FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
  injector.Decide(*build.Syn(kIsn, 4420), 0);
  std::vector<size_t> lost;
  for (size_t i = 0; i < 6; ++i) {
    if (i == 3) injector.Enable();
    const size_t end = i + 1 < 6 ? stream.headers[i + 1] : stream.bytes.size();
    const FramePtr frame =
        build.Data(kIsn + 1 + static_cast<uint32_t>(stream.headers[i]),
                   {stream.bytes.begin() + static_cast<int64_t>(stream.headers[i]),
                    stream.bytes.begin() + static_cast<int64_t>(end)});
    if (injector.Decide(*frame, 0).drop == LinkDropReason::kPdu) lost.push_back(i);
  }
  CHECK(lost == std::vector<size_t>{5});
}

TEST_CASE("pdu loss goes on over more PDUs than are remembered") {
  FramePool pool;
  FrameBuilder build(&pool);
  const C2HStream stream(5000, 8);  // and as many CapsuleResp
  LinkFaults faults;
  faults.loss.kind = LossKind::kPdu;
  faults.loss.every = 100;
  FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
  const std::set<uint64_t> dropped = DroppedOffsets(&injector, &build, stream, 1448);
  std::set<uint64_t> want;
  for (size_t i = 99; i < 5000; i += 100) want.insert(stream.headers[i] / 1448 * 1448);
  CHECK(dropped == want);
}

TEST_CASE("pdu loss spares the retransmission unless times says more") {
  FramePool pool;
  FrameBuilder build(&pool);
  const C2HStream stream(1, 100);
  for (uint32_t times : {1u, 3u}) {
    LinkFaults faults;
    faults.loss.kind = LossKind::kPdu;
    faults.loss.times = times;
    FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
    injector.Enable();
    const FramePtr frame = build.Data(kIsn, stream.bytes);
    for (uint32_t i = 0; i < times; ++i)
      CHECK(injector.Decide(*frame, 0).drop == LinkDropReason::kPdu);
    CHECK(injector.Decide(*frame, 0).drop == LinkDropReason::kNone);
  }
}

TEST_CASE("ranges name connections in the order of their handshakes") {
  FramePool pool;
  FrameBuilder build(&pool);
  LinkFaults faults;
  faults.loss.kind = LossKind::kRanges;
  faults.loss.ranges = {{1, 0, 1, 1}};
  FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
  for (uint16_t port : {9, 5, 7}) injector.Decide(*build.Syn(1000, port), 0);
  injector.Enable();
  CHECK(injector.Decide(*build.Data(1001, 10, 9), 0).drop == LinkDropReason::kNone);
  CHECK(injector.Decide(*build.Data(1001, 10, 5), 0).drop == LinkDropReason::kRanges);
  CHECK(injector.Decide(*build.Data(1001, 10, 7), 0).drop == LinkDropReason::kNone);
}

TEST_CASE("corruption flips exactly one payload bit of a copy, and TCP's checksum finds it") {
  FramePool pool;
  FrameBuilder build(&pool);
  LinkFaults faults;
  faults.corrupt.probability = 1;
  FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
  injector.Enable();
  for (uint32_t size : {1u, 7u, 1448u}) {
    const FramePtr frame = build.Data(1, size);
    const std::vector<uint8_t> before(frame->bytes().begin(), frame->bytes().end());
    const FramePtr copy = injector.Decide(*frame, 0).corrupted;
    REQUIRE(copy);
    CHECK(ByteSpan(before) == frame->bytes());
    CHECK(DifferentBits(frame->bytes(), copy->bytes()) == 1);
    ParsedFrame parsed;
    REQUIRE(ParseFrame(copy->bytes(), &parsed));
    CHECK_FALSE(VerifyTcpChecksum(*copy, parsed));
  }
  CHECK_FALSE(injector.Decide(*build.Ack(), 0).corrupted);
}

TEST_CASE("with fix_checksum the copy passes TCP's check and differs in one payload bit") {
  FramePool pool;
  FrameBuilder build(&pool);
  LinkFaults faults;
  faults.corrupt.probability = 1;
  faults.corrupt.fix_checksum = true;
  FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
  injector.Enable();
  for (uint32_t size = 1; size < 400; ++size) {
    const FramePtr frame = build.Data(size, size);
    const FramePtr copy = injector.Decide(*frame, 0).corrupted;
    REQUIRE(copy);
    ParsedFrame a, b;
    REQUIRE(ParseFrame(frame->bytes(), &a));
    REQUIRE(ParseFrame(copy->bytes(), &b));
    CHECK(TcpChecksumIsRight(copy->bytes(), b));
    CHECK(DifferentBits(a.payload, b.payload) == 1);
    CHECK(VerifyIpv4Checksum(copy->bytes(), b));
  }
}

TEST_CASE("corruption of a PDU part stays within that part, retransmissions included") {
  FramePool pool;
  FrameBuilder build(&pool);
  const C2HStream stream(8, 700);
  for (PduPart part : {PduPart::kHeader, PduPart::kData, PduPart::kDigest}) {
    LinkFaults faults;
    faults.corrupt.probability = 1;
    faults.corrupt.any_payload = false;
    faults.corrupt.part = part;
    FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
    injector.Enable();
    const auto& starts = part == PduPart::kHeader ? stream.headers
                         : part == PduPart::kData ? stream.datas
                                                  : stream.digests;
    const uint64_t length = part == PduPart::kHeader ? 24 : part == PduPart::kData ? 700 : 4;
    int hits = 0;
    for (int sending = 0; sending < 2; ++sending) {
      for (size_t at = 0; at < stream.bytes.size(); at += 300) {
        const size_t end = std::min(stream.bytes.size(), at + 300);
        const FramePtr frame = build.Data(kIsn + static_cast<uint32_t>(at),
                                          {stream.bytes.begin() + static_cast<int64_t>(at),
                                           stream.bytes.begin() + static_cast<int64_t>(end)});
        const FramePtr copy = injector.Decide(*frame, 0).corrupted;
        if (!copy) continue;
        ++hits;
        ParsedFrame a, b;
        REQUIRE(ParseFrame(frame->bytes(), &a));
        REQUIRE(ParseFrame(copy->bytes(), &b));
        size_t i = 0;
        while (a.payload[i] == b.payload[i]) ++i;
        const uint64_t offset = at + i;
        CHECK(std::any_of(starts.begin(), starts.end(),
                          [&](uint64_t s) { return offset >= s && offset < s + length; }));
      }
    }
    CHECK(hits >= 16);
  }
}

TEST_CASE("a PDU part is hit in whichever of the PDUs that a segment carries") {
  FramePool pool;
  FrameBuilder build(&pool);
  const C2HStream stream(8, 50);
  LinkFaults faults;
  faults.corrupt.probability = 1;
  faults.corrupt.any_payload = false;
  faults.corrupt.part = PduPart::kDigest;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    FaultInjector injector(faults, LinkDirection::kC2H, seed, &pool);
    injector.Decide(*build.Syn(kIsn, 4420), 0);
    injector.Enable();
    // The first PDU, then the others in one segment.
    const auto second = static_cast<int64_t>(stream.headers[1]);
    injector.Decide(*build.Data(kIsn + 1, {stream.bytes.begin(), stream.bytes.begin() + second}),
                    0);
    const FramePtr frame = build.Data(kIsn + 1 + static_cast<uint32_t>(second),
                                      {stream.bytes.begin() + second, stream.bytes.end()});
    const FramePtr copy = injector.Decide(*frame, 0).corrupted;
    REQUIRE(copy);
    ParsedFrame a, b;
    REQUIRE(ParseFrame(frame->bytes(), &a));
    REQUIRE(ParseFrame(copy->bytes(), &b));
    size_t i = 0;
    while (a.payload[i] == b.payload[i]) ++i;
    CHECK(a.payload[i] == 0xdd);
  }
}

// docs/architecture.md, "Each use of chance has a named stream".
TEST_CASE("a direction's losses are drawn from the stream of its name") {
  FramePool pool;
  FrameBuilder build(&pool);
  LinkFaults faults;
  faults.loss.kind = LossKind::kBernoulli;
  faults.loss.probability = 0.5;
  for (const auto& [direction, name] :
       {std::pair(LinkDirection::kC2H, "c2h.loss"), std::pair(LinkDirection::kH2C, "h2c.loss")}) {
    FaultInjector injector(faults, direction, 5, &pool);
    injector.Enable();
    Rng rng(5, name);
    const FramePtr frame = build.Data(1, 100);
    for (int i = 0; i < 100; ++i) {
      const bool lost = rng.Bernoulli(0.5);
      CHECK((injector.Decide(*frame, 0).drop != LinkDropReason::kNone) == lost);
    }
  }
}

// The liveness law asks for more of such links.
TEST_CASE("a link without faults says so") {
  CHECK_FALSE(LinkFaults().any());
  LinkFaults faults;
  faults.duplicate.probability = 1e-9;
  CHECK(faults.any());
}

TEST_CASE("a fault added does not move the draws of another") {
  FramePool pool;
  FrameBuilder build(&pool);
  LinkFaults one, two;
  one.loss.kind = two.loss.kind = LossKind::kBernoulli;
  one.loss.probability = two.loss.probability = 0.3;
  two.duplicate.probability = two.reorder.probability = two.corrupt.probability = 0.5;
  FaultInjector a(one, LinkDirection::kC2H, 5, &pool), b(two, LinkDirection::kC2H, 5, &pool);
  a.Enable();
  b.Enable();
  const FramePtr frame = build.Data(1, 100);
  for (int i = 0; i < 500; ++i) CHECK(a.Decide(*frame, 0).drop == b.Decide(*frame, 0).drop);
}

}  // namespace ddpsim
