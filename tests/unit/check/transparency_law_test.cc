#include "sim/check/transparency_law.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/wire/segment_writer.h"

namespace ddpsim {
namespace {

struct Bench {
  Bench() {
    for (int i = 0; i < 9000; ++i) stream.push_back(static_cast<uint8_t>(i * 7 + i / 251));
  }
  // Stream bytes [begin, begin + size) in a frame that the NIC accepts.
  void Accept(uint32_t begin, uint32_t size, uint16_t port = 40000, uint8_t flags = kTcpAck) {
    const Payload payload{stream.data(), static_cast<uint32_t>(stream.size()), 0, nullptr};
    const FramePtr frame = WriteSegment(frames, EthIpAddresses{}, 1, Header(begin, port, flags),
                                        {&payload, 1}, begin, size);
    law.OnFrameAccepted(*frame);
  }
  // The same bytes as an skb of two frags.
  SkbPtr Make(uint32_t begin, uint32_t size, uint16_t port = 40000, uint8_t flags = kTcpAck) {
    SkbPtr skb = skbs.Allocate();
    skb->tcp = Header(begin, port, flags);
    skb->seq = (flags & kTcpSyn) != 0 ? skb->tcp.seq + 1 : skb->tcp.seq;
    skb->size = size;
    const uint32_t cut = size / 3;
    skb->frags.push_back({stream.data() + begin, cut, 0, nullptr});
    skb->frags.push_back({stream.data() + begin + cut, size - cut, 0, nullptr});
    return skb;
  }
  void Deliver(uint32_t begin, uint32_t size, uint16_t port = 40000) {
    law.OnDriverSkb(*Make(begin, size, port), 1_us);
  }

  TcpHeader Header(uint32_t begin, uint16_t port, uint8_t flags) const {
    TcpHeader header;
    header.source_port = 4420;
    header.destination_port = port;
    header.seq = SeqNum(0xffff'f000) + begin;
    header.flags = flags;
    return header;
  }

  std::vector<uint8_t> stream;
  FramePool frames;
  SkbPool skbs;
  TransparencyLaw law;
};

TEST_CASE("one skb per frame, in order per flow, with the same bytes keeps the law") {
  Bench b;
  b.Accept(0, 1448);
  b.Accept(0, 500, 40001);
  b.Accept(1448, 1448);
  b.Accept(2896, 0);
  CHECK(b.law.outstanding() == 4);
  b.Deliver(0, 500, 40001);
  b.Deliver(0, 1448);
  b.Deliver(1448, 1448);
  b.Deliver(2896, 0);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.checks() == 4);
  CHECK(b.law.outstanding() == 0);
}

TEST_CASE("bytes that software has read before may be others, the next ones may not") {
  Bench b;
  b.Accept(0, 1448);
  b.Accept(1448, 1448);
  b.law.OnHostRead(4420, 40000, SeqNum(0xffff'f000) + 1448);
  b.law.OnHostRead(4420, 40001, SeqNum(0xffff'f000) + 9000);  // another flow
  const std::vector<uint8_t> wrong(1448, 0xee);
  for (uint32_t begin : {0u, 1448u}) {
    SkbPtr skb = b.Make(begin, 1448);
    skb->frags = {{wrong.data(), 1448, 0, nullptr}};
    b.law.OnDriverSkb(*skb, 1_us);
    CHECK(b.law.violation_count() == (begin == 0 ? 0 : 1));
  }
}

TEST_CASE("a law that saw no skb has no checks") {
  Bench b;
  b.Accept(0, 1448);
  CHECK(b.law.checks() == 0);
}

TEST_CASE("a SYN's first payload byte is one beyond its sequence number") {
  Bench b;
  b.Accept(0, 0, 40000, kTcpSyn);
  b.law.OnDriverSkb(*b.Make(0, 0, 40000, kTcpSyn), 1_us);
  CHECK(b.law.violation_count() == 0);
}

TEST_CASE("what is no TCP frame is not waited for") {
  Bench b;
  const RefPtr<Frame> frame = b.frames.Allocate(60);
  std::fill_n(frame->mutable_data(), frame->size(), uint8_t{0});
  b.law.OnFrameAccepted(*frame);
  CHECK(b.law.outstanding() == 0);
}

TEST_CASE("a lost skb is caught by the next one, and by what is outstanding") {
  Bench b;
  b.Accept(0, 1448);
  b.Accept(1448, 1448);
  b.Deliver(1448, 1448);
  CHECK(b.law.violation_count() == 1);
  CHECK(b.law.outstanding() == 1);
}

TEST_CASE("skbs of one flow that change places are caught") {
  Bench b;
  b.Accept(0, 1448);
  b.Accept(1448, 1448);
  b.Deliver(1448, 1448);
  b.Deliver(0, 1448);
  CHECK(b.law.violation_count() == 2);
}

TEST_CASE("an skb without a frame, such as one delivered twice, is caught") {
  Bench b;
  b.Accept(0, 1448);
  b.Deliver(0, 1448);
  CHECK(b.law.violation_count() == 0);
  b.Deliver(0, 1448);
  CHECK(b.law.violation_count() == 1);
  CHECK(b.law.outstanding() == 0);
}

TEST_CASE("an altered byte is caught wherever it is") {
  const uint32_t at = GENERATE(0u, 481u, 482u, 483u, 1447u);
  Bench b;
  b.Accept(0, 1448);
  b.stream[at] ^= 0x80;
  b.Deliver(0, 1448);
  CHECK(b.law.violation_count() == 1);
  CHECK_THAT(b.law.violations()[0], Catch::Contains("not what was on the wire"));
}

TEST_CASE("a truncated skb is caught") {
  Bench b;
  b.Accept(0, 1448);
  SkbPtr skb = b.Make(0, 1448);
  SECTION("which says so") { skb = b.Make(0, 1447); }
  SECTION("whose frags end early") { --skb->frags.back().size; }
  SECTION("that lost a frag") { skb->frags.pop_back(); }
  SECTION("whose frags go on too long") { skb->frags.back().size += 2000; }
  b.law.OnDriverSkb(*skb, 1_us);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("an altered sequence number is caught, in the header and in the skb") {
  Bench b;
  b.Accept(0, 1448);
  SkbPtr skb = b.Make(0, 1448);
  SECTION("header") { skb->tcp.seq += 1; }
  SECTION("skb") { skb->seq += 1; }
  b.law.OnDriverSkb(*skb, 1_us);
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("a packet of a queue that lost its offload may be dropped, and takes its frame along") {
  Bench b;
  b.Accept(0, 1448);
  b.Accept(1448, 1448);
  b.Accept(2896, 1448);
  b.law.OnSkDel(4420, 40000);
  b.law.OnDriverDrop(*b.Make(0, 1448), DriverDrop::kNoQueue, 1000, 1_us);
  b.Deliver(1448, 1448);
  b.law.OnDriverDrop(*b.Make(2896, 1448), DriverDrop::kNoQueue, 24, 1_us);
  CHECK(b.law.violation_count() == 0);
  CHECK(b.law.outstanding() == 0);
  CHECK(b.law.accepted() == 3);
  CHECK(b.law.delivered() == 1);
  CHECK(b.law.dropped_placed_bytes() == 1024);
}

TEST_CASE("a drop of a live queue's packet, or of another one than came, is caught") {
  Bench b;
  b.Accept(0, 1448);
  SECTION("nobody took the queue down") {
    b.law.OnSkDel(4420, 40001);
    b.law.OnDriverDrop(*b.Make(0, 1448), DriverDrop::kNoQueue, 0, 1_us);
  }
  SECTION("its ports have a queue again") {
    b.law.OnSkDel(4420, 40000);
    b.law.OnRevived(4420, 40000);
    b.law.OnDriverDrop(*b.Make(0, 1448), DriverDrop::kNoQueue, 0, 1_us);
  }
  SECTION("another packet than the NIC accepted") {
    b.law.OnSkDel(4420, 40000);
    b.law.OnDriverDrop(*b.Make(1448, 1448), DriverDrop::kNoQueue, 0, 1_us);
  }
  SECTION("too many frags for a driver that looks at its SGLs") {
    b.law.OnDriverDrop(*b.Make(0, 1448), DriverDrop::kTooManyFrags, 0, 1_us);
  }
  CHECK(b.law.violation_count() == 1);
}

TEST_CASE("a driver that does not look at SGLs may drop what has too many frags") {
  Bench b;
  b.law.AllowTooManyFrags();
  b.Accept(0, 1448);
  b.law.OnDriverDrop(*b.Make(0, 1448), DriverDrop::kTooManyFrags, 0, 1_us);
  CHECK(b.law.violation_count() == 0);
}

}  // namespace
}  // namespace ddpsim
