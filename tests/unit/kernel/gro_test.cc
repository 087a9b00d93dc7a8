#include "models/kernel/gro.h"

#include <catch2/catch.hpp>

using namespace ddpsim;

namespace {

class NoScheduler : public CpuScheduler {
 public:
  void Queue(CoreId, CpuContext, WorkItem*, SimTime) override {}
  void Mmio(uint64_t, uint64_t, SimTime) override {}
  uint32_t cores() const override { return 1; }
};

struct Bench {
  explicit Bench(GroConfig config = {}) : gro(config) {}
  RxPacket Packet(uint32_t seq, uint32_t size, uint8_t flags = kTcpAck, bool crc = false,
                  uint16_t port = 1) {
    RxPacket p;
    p.skb = pool.Allocate();
    p.skb->seq = p.skb->tcp.seq = SeqNum(seq);
    p.skb->size = size;
    p.skb->tcp.flags = flags;
    p.skb->tcp.options.has_timestamps = true;
    p.skb->ulp_crc = crc;
    p.skb->checksum_verified = true;
    p.skb->truesize = 2304;
    if (size > 0) p.skb->frags.push_back({nullptr, size, 0, nullptr});
    p.flow.source_port = port;
    return p;
  }
  void Give(RxPacket p) { gro.Receive(ctx, std::move(p), &out); }

  SkbPool pool;
  Gro gro;
  NoScheduler scheduler;
  CostTable costs;
  CostLedger ledger;
  ExecContext ctx{&scheduler, &costs, &ledger, 0, CpuContext::kSoftirq, SimTime::Zero()};
  std::vector<RxPacket> out;
};

}  // namespace

TEST_CASE("packets in sequence merge until the end of the poll") {
  Bench b;
  for (uint32_t i = 0; i < 5; ++i) b.Give(b.Packet(i * 1448, 1448));
  CHECK(b.out.empty());
  b.gro.Flush(b.ctx, &b.out);
  REQUIRE(b.out.size() == 1);
  CHECK(b.out[0].skb->size == 5 * 1448);
  CHECK(b.out[0].skb->segments == 5);
  CHECK(b.out[0].skb->gso_size == 1448);
  CHECK(b.out[0].skb->truesize == 5 * 2304);
}

TEST_CASE("a short packet or PSH ends the group") {
  Bench b;
  b.Give(b.Packet(0, 1448));
  b.Give(b.Packet(1448, 100));
  REQUIRE(b.out.size() == 1);
  CHECK(b.out[0].skb->size == 1548);
  b.Give(b.Packet(1548, 1448));
  b.Give(b.Packet(2996, 1448, kTcpAck | kTcpPsh));
  REQUIRE(b.out.size() == 2);
  CHECK((b.out[1].skb->tcp.flags & kTcpPsh) != 0);
}

TEST_CASE("a packet out of sequence flushes the group and starts its own") {
  Bench b;
  b.Give(b.Packet(0, 1448));
  b.Give(b.Packet(2 * 1448, 1448));
  REQUIRE(b.out.size() == 1);
  CHECK(b.gro.held() == 1);
}

TEST_CASE("a different ack, window or timestamp keeps packets apart") {
  const auto differs = [](void (*change)(TcpHeader&)) {
    Bench b;
    b.Give(b.Packet(0, 1448));
    RxPacket p = b.Packet(1448, 1448);
    change(p.skb->tcp);
    b.Give(std::move(p));
    return b.out.size() == 1;
  };
  CHECK(differs([](TcpHeader& h) { h.ack = SeqNum(5); }));
  CHECK(differs([](TcpHeader& h) { h.window = 5; }));
  CHECK(differs([](TcpHeader& h) { h.options.ts_val = 5; }));
  CHECK_FALSE(differs([](TcpHeader&) {}));
}

TEST_CASE("the crc bit splits groups, placement does not") {
  Bench b;
  RxPacket placed = b.Packet(1448, 1448);
  placed.skb->ulp_ddp = true;
  b.Give(b.Packet(0, 1448));
  b.Give(std::move(placed));
  CHECK(b.out.empty());
  b.Give(b.Packet(2896, 1448, kTcpAck, true));
  REQUIRE(b.out.size() == 1);
  CHECK(b.out[0].skb->ulp_ddp);
  CHECK_FALSE(b.out[0].skb->ulp_crc);
}

TEST_CASE("the early versions' one shared bit splits on placement too") {
  GroConfig config;
  config.splits_on_placement = true;
  Bench b(config);
  RxPacket placed = b.Packet(1448, 1448);
  placed.skb->ulp_ddp = true;
  b.Give(b.Packet(0, 1448));
  b.Give(std::move(placed));
  CHECK(b.out.size() == 1);
}

TEST_CASE("flows are merged side by side") {
  Bench b;
  for (uint32_t i = 0; i < 3; ++i) {
    b.Give(b.Packet(i * 1448, 1448, kTcpAck, false, 1));
    b.Give(b.Packet(i * 1448, 1448, kTcpAck, false, 2));
  }
  b.gro.Flush(b.ctx, &b.out);
  REQUIRE(b.out.size() == 2);
  CHECK(b.out[0].skb->segments == 3);
}

TEST_CASE("a group stays below 64 KiB with its headers") {
  Bench b;
  for (uint32_t i = 0; i < 46; ++i) b.Give(b.Packet(i * 1448, 1448));
  REQUIRE(b.out.size() == 1);
  CHECK(b.out[0].skb->segments == 45);
}

TEST_CASE("pure ACKs pass at once, behind what they follow") {
  Bench b;
  b.Give(b.Packet(0, 1448));
  b.Give(b.Packet(1448, 0));
  REQUIRE(b.out.size() == 2);
  CHECK(b.out[0].skb->size == 1448);
  CHECK(b.out[1].skb->size == 0);
}

TEST_CASE("the ninth flow of a bucket pushes out the oldest") {
  Bench b;
  for (uint16_t port = 1; port <= 9; ++port) b.Give(b.Packet(0, 1448, kTcpAck, false, port));
  REQUIRE(b.out.size() == 1);
  CHECK(b.out[0].flow.source_port == 1);
}
