#include "models/tcp/receiver.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "endpoint.h"
#include "loopback.h"
#include "models/tcp/receive_window.h"

namespace ddpsim {
namespace {

TcpConfig Plain(bool timestamps = false) {
  TcpConfig config;
  config.timestamps = timestamps;
  config.rmem_default = 540000;
  return config;
}

}  // namespace

TEST_CASE("an older timestamp drops the segment and is acknowledged at once") {
  Endpoint e(Plain(true));
  e.SetPeerTimestamps(5000, 0);
  e.Data(1, 1000);
  e.Sent();
  e.SetPeerTimestamps(4000, 0);
  e.Data(1001, 1000);
  CHECK(e.SentLine() == "ack 1001");
  CHECK(e.c().stats().paws_dropped == 1);
  CHECK(e.c().Readable() == 1000);
}

TEST_CASE("while a hole exists the echo stays at the last in-order segment's timestamp") {
  Endpoint e(Plain(true));
  e.SetPeerTimestamps(5000, 0);
  e.Data(1, 1000);
  e.SetPeerTimestamps(5010, 0);
  e.Data(2001, 1000);
  CHECK(e.c().tcb().ts_recent == 5000);
  e.SetPeerTimestamps(5020, 0);
  e.Data(1001, 1000);
  CHECK(e.c().tcb().ts_recent == 5020);
}

TEST_CASE("a wrong checksum is counted and dropped") {
  Endpoint e(Plain());
  SkbPool pool;
  SkbPtr skb = pool.Allocate();
  skb->bad_checksum = true;
  TcpActions actions;
  e.c().OnSegment(std::move(skb), e.now(), &actions);
  CHECK(e.c().stats().bad_checksums == 1);
  CHECK(actions.segments.empty());
}

TEST_CASE("a RST must hit rcv_nxt exactly, otherwise it is challenged") {
  Endpoint e(Plain());
  e.Data(100, 0, 1, kTcpRst | kTcpAck);
  CHECK(e.SentLine() == "ack 1");
  CHECK(e.c().stats().challenge_acks == 1);
  CHECK(e.c().state() == TcpState::kEstablished);
  e.Data(1, 0, 1, kTcpRst | kTcpAck);
  CHECK(e.c().state() == TcpState::kClosed);
  CHECK(e.c().was_reset());
}

TEST_CASE("a SYN in the window is challenged") {
  Endpoint e(Plain());
  e.Data(500, 0, 1, kTcpSyn);
  CHECK(e.SentLine() == "ack 1");
}

TEST_CASE("the window never moves its right edge back, and closes when nobody reads") {
  TcpConfig config = Plain();
  config.rcvbuf = 40000;
  Endpoint e(config, 10_ms, 1460);
  SeqNum edge;
  uint32_t seq = 1;
  for (int i = 0; OfferedWindow(e.c().tcb()) >= 1460; ++i, seq += 1460) {
    e.Data(seq, 1460);
    const Tcb& t = e.c().tcb();
    const SeqNum next = t.win.rcv_wup + t.win.rcv_wnd;
    if (i > 0) CHECK(next >= edge);
    edge = next;
    e.Wait(250_ms);
  }
  CHECK(e.c().stats().rcvbuf_dropped + e.c().stats().zero_window_dropped +
            e.c().stats().over_window_dropped <=
        1);
  e.Sent();
  e.Read();
  CHECK(e.Sent().size() == 1);  // the window update
}

TEST_CASE("unread data closes the connection with a reset") {
  Endpoint e(Plain());
  e.Data(1, 100);
  e.Sent();
  TcpActions actions;
  e.c().Close(e.now(), &actions);
  REQUIRE(actions.segments.size() == 1);
  CHECK((actions.segments[0].tcp.flags & kTcpRst) != 0);
  CHECK(e.c().state() == TcpState::kClosed);
}

namespace {

// Small segments beyond a hole, none adjacent: they cost 768 bytes each and cannot be merged.
void FillWithFragments(Endpoint* e) {
  for (uint32_t i = 0; i < 100; ++i) e->Data(1001 + i * 200, 100);
}

TcpConfig SmallBuffer() {
  TcpConfig config = Plain();
  config.rcvbuf = 60000;
  config.adaptive_scaling_ratio = false;
  return config;
}

}  // namespace

TEST_CASE("out of memory, a segment that lies behind all others is dropped") {
  Endpoint e(SmallBuffer());
  FillWithFragments(&e);
  CHECK(e.c().stats().ofo_pruned == 0);
  CHECK(e.c().stats().rcvbuf_dropped > 0);
  CHECK(e.c().tcb().win.rmem_alloc <= 60000 + 768);  // one more than fits is taken
}

TEST_CASE(
    "out of memory, what lies behind the newcomer makes room for it, and SACKs are forgotten") {
  Endpoint e(SmallBuffer());
  FillWithFragments(&e);
  e.Sent();
  e.Data(801, 100);
  CHECK(e.c().stats().ofo_pruned > 0);
  CHECK(e.c().tcb().win.rmem_alloc <= 60000);
  CHECK(e.c().tcb().ofo.num_sacks == 1);
  CHECK(e.c().tcb().ofo.sacks[0].end == e.c().tcb().ofo.sacks[0].start + 100);
}

TEST_CASE("out of memory, an skb that another one has grown over is passed over") {
  Endpoint e(SmallBuffer());
  e.Data(1001, 100);
  e.Data(1201, 20);
  e.Data(1101, 200);  // merged into the first, which covers the second now
  REQUIRE(e.c().tcb().ofo.skbs.size() == 2);
  e.SetFrags(9);
  for (uint32_t i = 0; i < 200; ++i) e.Data(1301 + i * 100, 100);
  CHECK(e.c().stats().collapsed > 50);
  e.Data(1, 1000);
  CHECK(e.c().Readable() == 21300);
  e.c().ConsumeReceiveQueue(1000);
  std::vector<uint8_t> bytes(e.c().PeekReceiveQueue()->size);
  SkbCopyBits(*e.c().PeekReceiveQueue(), 0, MutableByteSpan(bytes.data(), bytes.size()));
  const Payload expected = PatternPayload(1000, bytes.size());
  CHECK(std::equal(bytes.begin(), bytes.end(), expected.data));
}

TEST_CASE("out of memory, adjacent skbs that waste much are copied tightly into pages") {
  Endpoint e(SmallBuffer());
  e.SetFrags(9);  // more than half of MAX_SKB_FRAGS: never merged
  for (uint32_t i = 0; i < 200; ++i) e.Data(1001 + i * 100, 100);
  CHECK(e.c().stats().collapsed > 50);
  CHECK(e.c().stats().ofo_pruned == 0);
  e.Data(1, 1000);
  CHECK(e.c().Readable() == 21000);
  e.c().ConsumeReceiveQueue(1000);
  const Skb* copy = e.c().PeekReceiveQueue();
  REQUIRE(copy->frags[0].size == 3776);  // a page less struct skb_shared_info
  std::vector<uint8_t> bytes(copy->size);
  SkbCopyBits(*copy, 0, MutableByteSpan(bytes.data(), bytes.size()));
  const Payload expected = PatternPayload(1000, copy->size);
  CHECK(std::equal(bytes.begin(), bytes.end(), expected.data));
}

}  // namespace ddpsim
