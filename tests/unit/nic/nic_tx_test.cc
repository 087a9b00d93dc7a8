// Transmission through the whole NIC.
#include <algorithm>
#include <catch2/catch.hpp>

#include "nic_bench.h"

namespace ddpsim {
namespace {

// A send WQE with all headers inline and `payload` as data segments of at most `piece` bytes at
// kData.
std::vector<uint8_t> SendWqe(NicBench* b, ByteSpan payload, uint16_t mss, bool cqe,
                             uint32_t piece = 4096) {
  const FramePtr whole = b->MakeFrame(SeqNum(5000), ByteSpan());
  const ByteSpan headers = whole->bytes();
  std::copy(payload.begin(), payload.end(), &b->bus.memory[NicBench::kData]);
  const uint32_t inline_units = (static_cast<uint32_t>(headers.size()) - 2 + 15) / 16;
  const uint32_t segments = (static_cast<uint32_t>(payload.size()) + piece - 1) / piece;
  std::vector<uint8_t> wqe;
  Append(&wqe, NicBench::Ctrl(mss != 0 ? WqeOpcode::kTso : WqeOpcode::kSend, 0, b->sq_producer,
                              2 + inline_units + segments, cqe, 0));
  WqeEthSegment eth;
  eth.cs_flags = kEthCsL3 | kEthCsL4;
  eth.mss = mss;
  eth.inline_hdr_size = static_cast<uint16_t>(headers.size());
  std::memcpy(eth.inline_hdr_start, headers.data(), 2);
  Append(&wqe, eth);
  wqe.insert(wqe.end(), headers.begin() + 2, headers.end());
  wqe.resize(32 + inline_units * 16);
  for (uint32_t at = 0; at < payload.size(); at += piece) {
    WqeDataSegment segment;
    segment.byte_count = std::min<uint32_t>(piece, static_cast<uint32_t>(payload.size()) - at);
    segment.addr = NicBench::kData + at;
    Append(&wqe, segment);
  }
  wqe.resize((wqe.size() + 63) / 64 * 64);
  return wqe;
}

std::vector<uint8_t> Bytes(uint32_t size) {
  std::vector<uint8_t> v(size);
  for (uint32_t i = 0; i < size; ++i) v[i] = static_cast<uint8_t>(i * 13);
  return v;
}

void Post(NicBench* b, const std::vector<uint8_t>& wqe) {
  b->PostWqe(NicBench::kSqRing, b->sqn, &b->sq_producer, wqe);
}

}  // namespace

TEST_CASE("a TSO WQE leaves as MSS-sized frames with real checksums and consecutive numbers") {
  NicBench b;
  const auto payload = Bytes(10000);
  Post(&b, SendWqe(&b, payload, 1448, false));
  b.Run(SimTime::Us(10));
  auto& out = b.nic.egress();
  REQUIRE(out.size() == 7);
  std::vector<uint8_t> got;
  for (size_t i = 0; i < out.size(); ++i) {
    ParsedFrame parsed;
    REQUIRE(ParseFrame(out[i].frame->bytes(), &parsed));
    CHECK(VerifyIpv4Checksum(out[i].frame->bytes(), parsed));
    CHECK(TcpChecksumIsRight(out[i].frame->bytes(), parsed));
    CHECK(parsed.tcp.seq == SeqNum(5000 + static_cast<uint32_t>(got.size())));
    CHECK(out[i].burst_id == out[0].burst_id);
    got.insert(got.end(), parsed.payload.begin(), parsed.payload.end());
  }
  CHECK(got == payload);
  CHECK(b.nic.stats().tx_tso_packets == 1);
}

TEST_CASE("a frame is ready only after its WQE and payload were read, and times never decrease") {
  NicBench b;
  const SimTime rung = b.now;
  Post(&b, SendWqe(&b, Bytes(3000), 1448, false));
  Post(&b, SendWqe(&b, Bytes(0), 0, false));
  b.Run(SimTime::Us(10));
  auto& out = b.nic.egress();
  REQUIRE(out.size() == 4);
  CHECK(out[0].ready == rung + 2 * FakeBus::kReadLatency + SimTime::Ns(200));
  for (size_t i = 1; i < out.size(); ++i) CHECK(out[i].ready >= out[i - 1].ready);
}

TEST_CASE("the CQE of a send comes when its last frame has left, if one was asked for") {
  NicBench b;
  Post(&b, SendWqe(&b, Bytes(100), 0, false));
  const uint16_t index = b.sq_producer;
  Post(&b, SendWqe(&b, Bytes(3000), 1448, true));
  b.Doorbell(DoorbellKind::kCqArm, b.tx_cqn, 0);
  b.Run(SimTime::Us(10));
  auto& out = b.nic.egress();
  REQUIRE(out.size() == 4);
  CHECK(out[0].completion_token == 0);
  CHECK(out[1].completion_token == 0);
  REQUIRE(out[3].completion_token != 0);
  CHECK(b.nic.stats().cqes == 0);
  b.nic.OnFrameDeparted(out[3].completion_token, b.now);
  const Cqe64 cqe = b.Cqe64At(NicBench::kTxCqRing, 0);
  CHECK(cqe.opcode() == CqeOpcode::kReq);
  CHECK(cqe.wqe_counter == index);
  CHECK(cqe.sop_drop_qpn == b.sqn);
  b.Run(SimTime::Us(1));
  CHECK(b.bus.interrupts == std::vector<uint32_t>{4});
}

TEST_CASE("payload in several data segments is gathered in order") {
  NicBench b;
  const auto payload = Bytes(1000);
  Post(&b, SendWqe(&b, payload, 0, false, 300));
  b.Run(SimTime::Us(10));
  ParsedFrame parsed;
  REQUIRE(ParseFrame(b.nic.egress().at(0).frame->bytes(), &parsed));
  CHECK(parsed.payload == ByteSpan(payload));
}

TEST_CASE("a NOP does nothing but complete") {
  NicBench b;
  std::vector<uint8_t> wqe;
  Append(&wqe, NicBench::Ctrl(WqeOpcode::kNop, 0, 0, 1, true, 0));
  wqe.resize(64);
  Post(&b, wqe);
  b.Run(SimTime::Us(10));
  CHECK(b.nic.egress().empty());
  CHECK(b.nic.stats().cqes == 1);
}

TEST_CASE("WQEs that wrap around the ring are read whole") {
  NicBench b;
  const auto payload = Bytes(500);
  for (int i = 0; i < 60; ++i) {
    Post(&b, SendWqe(&b, payload, 0, false));
    b.Run(SimTime::Us(10));
  }
  REQUIRE(b.nic.egress().size() == 60);
  for (const OutFrame& out : b.nic.egress()) {
    ParsedFrame parsed;
    REQUIRE(ParseFrame(out.frame->bytes(), &parsed));
    CHECK(parsed.payload == ByteSpan(payload));
  }
}

TEST_CASE("a departure of a queue that was destroyed is ignored, even if its number lives again") {
  NicBench b;
  Post(&b, SendWqe(&b, Bytes(100), 0, true));
  b.Run(SimTime::Us(10));
  const uint64_t token = b.nic.egress().at(0).completion_token;
  CommandMailbox m = NicBench::NewCommand(CommandOpcode::kDestroySq);
  m.destroy.object = b.sqn;
  b.Ok(m);
  m = NicBench::NewCommand(CommandOpcode::kCreateSq);
  m.create_sq = {NicBench::kSqRing, NicBench::kLogRing, b.tx_cqn, 0};
  REQUIRE(b.Ok(m) == b.sqn);
  b.nic.OnFrameDeparted(token, b.now);
  CHECK(b.nic.stats().cqes == 0);
}

}  // namespace ddpsim
