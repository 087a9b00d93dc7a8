#include "models/kernel/driver_sq.h"

#include <catch2/catch.hpp>

#include "ddpsim/hw/doorbell.h"
#include "tests/unit/kernel/fake_nic.h"

using namespace ddpsim;

namespace {

struct Scheduler : CpuScheduler {
  explicit Scheduler(FakeNic* nic) : nic(nic) {}
  void Queue(CoreId, CpuContext, WorkItem*, SimTime) override {}
  void Mmio(uint64_t offset, uint64_t value, SimTime at) override {
    ++doorbells;
    nic->OnMmioWrite({offset, value, at});
  }
  uint32_t cores() const override { return 1; }
  FakeNic* nic;
  int doorbells = 0;
};

struct Owner : TxOwner {
  void OnTxCompleted(ExecContext&, uint32_t truesize) override { completed += truesize; }
  uint32_t completed = 0;
};

struct Bench {
  explicit Bench(uint32_t tx_queue_len = 1000) {
    outbox.SetPort(&nic);
    sq.Create(&commands, &memory, 6, tx_queue_len, {6, 64, 0, 0, 0}, SimTime::Zero());
    data = memory.Allocate(65536);
  }
  TxPacket Packet(uint32_t size, uint32_t gso_size = 0) {
    TxPacket packet;
    packet.segment.payload_size = size;
    packet.segment.gso_size = gso_size;
    packet.segment.truesize = 100;
    if (size > 0) packet.segment.payload.push_back({memory.At(data, size), size, data, nullptr});
    packet.owner = &owner;
    return packet;
  }

  HostMemory memory;
  Calendar calendar;
  MmioOutbox outbox{&calendar};
  CommandChannel commands{&memory, &outbox};
  FakeNic nic{&memory};
  Scheduler scheduler{&nic};
  CostTable costs;
  CostLedger ledger;
  ExecContext ctx{&scheduler, &costs, &ledger, 0, CpuContext::kSoftirq, SimTime::Zero()};
  Owner owner;
  DriverSq sq;
  PhysAddr data = 0;
};

}  // namespace

TEST_CASE("one doorbell and one completion for a batch of packets") {
  Bench b;
  for (int i = 0; i < 4; ++i) b.sq.Xmit(b.ctx, b.Packet(100));
  CHECK(b.scheduler.doorbells == 0);
  b.sq.Kick(b.ctx);
  b.sq.Kick(b.ctx);
  CHECK(b.scheduler.doorbells == 1);
  REQUIRE(b.nic.wqes.size() == 4);
  CHECK(b.owner.completed == 0);
  CHECK(b.sq.PollCq(b.ctx, 128));
  CHECK(b.owner.completed == 400);
  CHECK_FALSE(b.sq.PollCq(b.ctx, 128));
}

TEST_CASE("a TSO WQE carries headers inline, the MSS and the payload by reference") {
  Bench b;
  b.sq.Xmit(b.ctx, b.Packet(9000, 1448));
  b.sq.Kick(b.ctx);
  const FakeNic::Wqe& wqe = b.nic.wqes[0];
  CHECK(wqe.ctrl().opcode() == WqeOpcode::kTso);
  WqeEthSegment eth;
  std::memcpy(&eth, wqe.bytes.data() + 16, sizeof(eth));
  CHECK(eth.mss == 1448);
  CHECK(eth.inline_hdr_size == 54);
  WqeDataSegment segment;
  std::memcpy(&segment, wqe.bytes.data() + wqe.bytes.size() - 16, sizeof(segment));
  CHECK(segment.addr == b.data);
  CHECK(segment.byte_count == 9000);
}

TEST_CASE("the headers of a WQE are those of a whole packet, with their length and checksum") {
  Bench b;
  TxPacket packet = b.Packet(1000);
  packet.addresses.source_ip = 0x0a000001;
  packet.addresses.destination_ip = 0x0a000002;
  packet.segment.tcp.source_port = 4420;
  b.sq.Xmit(b.ctx, std::move(packet));
  b.sq.Kick(b.ctx);
  std::vector<uint8_t> frame(b.nic.wqes[0].bytes.begin() + 30, b.nic.wqes[0].bytes.begin() + 84);
  frame.resize(54 + 1000);
  ParsedFrame parsed;
  REQUIRE(ParseFrame(frame, &parsed));
  CHECK(parsed.ip_total_length == 1040);
  CHECK(parsed.payload.size() == 1000);
  CHECK(VerifyIpv4Checksum(frame, parsed));
}

// NAPI's budget: the rest waits for the next poll.
TEST_CASE("one poll takes as many completions as its budget says") {
  Bench b;
  for (int i = 0; i < 5; ++i) {
    b.sq.Xmit(b.ctx, b.Packet(100));
    b.sq.Kick(b.ctx);
  }
  CHECK(b.sq.PollCq(b.ctx, 2));
  CHECK(b.owner.completed == 200);
  CHECK(b.sq.PollCq(b.ctx, 2));
  CHECK(b.owner.completed == 400);
}

TEST_CASE("a full ring makes packets wait in order, and completions let them go") {
  Bench b;
  b.nic.hold_completions = true;
  for (int i = 0; i < 50; ++i) b.sq.Xmit(b.ctx, b.Packet(100));
  b.sq.Kick(b.ctx);
  const size_t first = b.nic.wqes.size();
  CHECK(first < 50);
  CHECK(b.sq.stats().queue_stopped == 50 - first);
  b.nic.CompleteSend(b.nic.wqes.back());
  b.nic.hold_completions = false;
  while (b.sq.PollCq(b.ctx, 128)) {
  }
  CHECK(b.nic.wqes.size() >= 50);
  CHECK(b.owner.completed == 5000);
}

TEST_CASE("a full pfifo drops, and the sender's budget comes back") {
  Bench b(2);
  b.nic.hold_completions = true;
  for (int i = 0; i < 50; ++i) b.sq.Xmit(b.ctx, b.Packet(100));
  CHECK(b.sq.stats().dropped == b.sq.stats().queue_stopped - 2);
  CHECK(b.owner.completed == 100 * b.sq.stats().dropped);
}

TEST_CASE("WQEs never wrap: the ring's end is filled with NOPs") {
  Bench b;
  for (int i = 0; i < 200; ++i) {
    b.sq.Xmit(b.ctx, b.Packet(i % 2 == 0 ? 100 : 0));
    b.sq.Kick(b.ctx);
    b.sq.PollCq(b.ctx, 128);
  }
  CHECK(b.owner.completed == 20000);
  for (const FakeNic::Wqe& wqe : b.nic.wqes) {
    const uint32_t at = wqe.ctrl().wqe_index() & 63;
    CHECK(at + DsToWqebbs(wqe.ctrl().ds_count()) <= 64);
  }
}
