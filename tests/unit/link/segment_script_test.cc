#include "models/link/segment_script.h"

#include <catch2/catch.hpp>
#include <optional>

#include "models/link/link.h"
#include "tests/unit/link/frame_builder.h"

namespace ddpsim {
namespace {

constexpr uint32_t kIsn = 0xffffff00;  // the sequence space wraps within the test

struct Segment {
  uint64_t from;
  uint64_t to;
  friend bool operator==(const Segment& a, const Segment& b) {
    return a.from == b.from && a.to == b.to;
  }
};

// A link whose sender sends a stream of bytes 0, 1, 2, ... and what arrives at the other end.
struct Bench {
  explicit Bench(std::vector<ScriptedSegment> segments, std::vector<uint64_t> flipped = {}) {
    LinkFaults faults;
    faults.script = {0, std::move(segments), std::move(flipped)};
    link.emplace(LinkQueueConfig(), faults, LinkDirection::kC2H, 1, &pool, nullptr);
    link->Send(build.Syn(kIsn, 4420), now, 0, 0, now);
    link->EnableFaults();
  }
  void Send(uint64_t from, uint64_t to) {
    std::vector<uint8_t> bytes;
    for (uint64_t i = from; i < to; ++i) bytes.push_back(static_cast<uint8_t>(i));
    link->Send(build.Data(kIsn + 1 + static_cast<uint32_t>(from), bytes), now, 0, 0, now);
  }
  void Run(SimTime limit) {
    LinkOutput out;
    while (link->NextDeadline() <= limit) {
      now = link->NextDeadline();
      link->OnTimer(now, &out);
    }
    now = limit;
    for (const FramePtr& frame : out.arrived) {
      ParsedFrame parsed;
      REQUIRE(ParseFrame(frame->bytes(), &parsed));
      CHECK(TcpChecksumIsRight(frame->bytes(), parsed));
      if (parsed.payload.empty()) continue;
      flags.push_back(parsed.tcp.flags);
      const uint64_t from = static_cast<uint32_t>(parsed.tcp.seq - SeqNum(kIsn + 1));
      arrived.push_back({from, from + parsed.payload.size()});
      for (size_t i = 0; i < parsed.payload.size(); ++i)
        if (parsed.payload[i] != static_cast<uint8_t>(from + i)) wrong.push_back(from + i);
    }
  }

  FramePool pool;
  FrameBuilder build{&pool};
  std::optional<Link> link;
  SimTime now;
  std::vector<Segment> arrived;
  std::vector<uint8_t> flags;  // of what arrived
  std::vector<uint64_t> wrong;
};

TEST_CASE("segments arrive as the script cuts them: joined, split, out of turn and twice") {
  Bench b({{100, 150, 10_us}, {300, 350, 10_us}, {150, 300, 10_us}, {100, 300, 10_us}});
  b.Send(0, 100);
  for (uint64_t at = 100; at < 400; at += 100) b.Send(at, at + 100);
  b.Run(1_ms);
  CHECK(b.arrived ==
        std::vector<Segment>{{0, 100}, {100, 150}, {300, 350}, {150, 300}, {100, 300}});
  CHECK(b.wrong.empty());
}

TEST_CASE("a step waits for its bytes, and for its time since the step before") {
  Bench b({{0, 50, 5_us}, {50, 100, 50_us}});
  b.Send(0, 60);
  b.Run(100_us);
  CHECK(b.arrived == std::vector<Segment>{{0, 50}});
  b.Send(60, 120);
  b.Run(115_us);
  CHECK(b.arrived.size() == 2);
}

TEST_CASE("nothing else of the connection passes until the script is over, everything after") {
  Bench b({{0, 50, 0_us}, {50, 100, 100_us}});
  b.Send(0, 100);
  b.Send(100, 200);  // kept for good: TCP has to send it again
  b.Run(50_us);
  b.Send(0, 50);  // a retransmission
  b.Run(300_us);
  CHECK(b.arrived == std::vector<Segment>{{0, 50}, {50, 100}});
  b.Send(100, 200);
  b.Run(400_us);
  CHECK(b.arrived.back() == Segment{100, 200});
  CHECK(b.link->stats().dropped[static_cast<size_t>(LinkDropReason::kScript)] == 3);
  CHECK(b.link->stats().duplicated == 2);
}

TEST_CASE("a sender that can send nothing new ends a script that waits for more") {
  Bench b({{0, 50, 0_us}, {150, 200, 0_us}});
  b.Send(0, 100);
  b.Run(50_us);
  b.Send(50, 100);
  b.Run(100_us);
  CHECK(b.arrived == std::vector<Segment>{{0, 50}, {50, 100}});
}

TEST_CASE("a flipped byte is wrong under a right checksum") {
  Bench b({{0, 50, 0_us}, {25, 75, 0_us}}, {30});
  b.Send(0, 100);
  b.Run(100_us);
  CHECK(b.wrong == std::vector<uint64_t>{30, 30});
}

TEST_CASE("faults that are over end the script") {
  Bench b({{0, 50, 0_us}, {50, 100, 10_us}});
  b.Send(0, 100);
  b.Run(8_us);
  b.link->DisableFaults();
  b.Send(50, 100);
  b.Run(1_ms);
  CHECK(b.arrived == std::vector<Segment>{{0, 50}, {50, 100}});
  CHECK(b.link->stats().duplicated == 1);
}

// What goes on comes as it was, from an Ethernet header to the last byte.
TEST_CASE("a segment that the script leaves whole arrives as its sender made it") {
  FramePool pool;
  EthIpAddresses addresses;
  addresses.source_mac = {2, 1, 2, 3, 4, 5};
  addresses.destination_mac = {2, 0xa, 0xb, 0xc, 0xd, 0xe};
  addresses.source_ip = 0x0a090001;
  addresses.destination_ip = 0xc0a80102;
  addresses.tos = 0xb8;
  TcpHeader tcp;
  tcp.source_port = 4420;
  tcp.destination_port = 50000;
  tcp.seq = SeqNum(77);
  tcp.ack = SeqNum(99);
  tcp.window = 1234;
  tcp.flags = kTcpAck | kTcpPsh;
  const std::vector<uint8_t> bytes(100, 0x5a);
  Payload payload;
  payload.data = bytes.data();
  payload.size = 100;
  LinkFaults faults;
  faults.script = {0, {{0, 100, 0_us}}, {}};
  FaultInjector injector(faults, LinkDirection::kC2H, 1, &pool);
  injector.Enable();
  const FramePtr sent = WriteSegment(pool, addresses, 4711, tcp, {&payload, 1}, 0, 100);
  REQUIRE(injector.Decide(*sent, 0, 0_us).drop == LinkDropReason::kScript);
  CHECK(injector.TakeScripted(0_us)->bytes() == sent->bytes());
}

// A FIN stands behind its segment's last byte (RFC 9293 section 3.4): on a piece cut out of the
// segment it would end the stream too early.
TEST_CASE("a FIN on a segment that the script cuts is on none of the pieces") {
  Bench b({{0, 50, 0_us}, {50, 100, 0_us}});
  std::vector<uint8_t> bytes;
  for (int i = 0; i < 100; ++i) bytes.push_back(static_cast<uint8_t>(i));
  b.link->Send(b.build.Data(kIsn + 1, bytes, 4420, kTcpAck | kTcpFin), b.now, 0, 0, b.now);
  b.Run(100_us);
  CHECK(b.arrived.size() == 2);
  CHECK(b.flags == std::vector<uint8_t>(2, kTcpAck | kTcpPsh));
}

TEST_CASE("a flipped byte of a script that begins late in the stream is that byte") {
  Bench b({{1000, 1100, 0_us}}, {1030});
  b.Send(1000, 1100);
  b.Run(100_us);
  CHECK(b.wrong == std::vector<uint64_t>{1030});
}

// What lies behind the last step is in no piece. 2040 bytes fill an allocation of glibc's to the
// brim, so that a byte behind them is not the script's either: its heap would say so.
TEST_CASE("a flip behind the last step's bytes is nowhere") {
  Bench b({{0, 2040, 0_us}}, {2040});
  b.Send(0, 2040);
  b.Run(100_us);
  CHECK(b.arrived == std::vector<Segment>{{0, 2040}});
  CHECK(b.wrong.empty());
}

TEST_CASE("a sender that can send nothing new ends a script that begins late in the stream") {
  Bench b({{1000, 1050, 0_us}, {1150, 1200, 0_us}});
  b.Send(1000, 1100);
  b.Run(50_us);
  b.Send(1050, 1100);
  b.Run(100_us);
  CHECK(b.arrived == std::vector<Segment>{{1000, 1050}, {1050, 1100}});
}

}  // namespace
}  // namespace ddpsim
