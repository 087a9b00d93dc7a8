#include "models/kernel/nvmeotcp_rx.h"

#include <catch2/catch.hpp>

using namespace ddpsim;

namespace {

class NoScheduler : public CpuScheduler {
 public:
  void Queue(CoreId, CpuContext, WorkItem*, SimTime) override {}
  void Mmio(uint64_t, uint64_t, SimTime) override {}
  uint32_t cores() const override { return 1; }
};

struct Ulp : UlpDdpUlpOps {
  void ResyncRequest(ExecContext&, SeqNum seq) override { asked.push_back(seq); }
  void DdpTeardownDone(ExecContext&, void*) override {}
  std::vector<SeqNum> asked;
};

constexpr uint32_t kPayloadOffset = 66;
constexpr FlowTag kTag = 1;

DriverVersion CursorRestarts() {
  DriverVersion version;
  version.sgl_cursor_restarts = true;
  return version;
}

struct Bench {
  explicit Bench(const char* version = "v30") : Bench(*ParseDriverVersion(version)) {}
  explicit Bench(const DriverVersion& version, HostObserver* observer = nullptr)
      : rx(version, &memory, &stats, observer) {
    pages = memory.Allocate(3 * 4096);
    buffer = memory.Allocate(4096);
    // Entries in a order that is not the order of addresses.
    sgl = {{pages + 4096, 4096}, {pages, 1000}, {pages + 8192, 4096}};
    queue.ulp = &ulp;
    queue.entries.resize(4);
    queue.entries[2] = {sgl, 4096 + 1000 + 4096, nullptr, 1};
    rx.Register(kTag, &queue);
  }
  SkbPtr Packet(uint32_t payload) {
    SkbPtr skb = pool.Allocate();
    skb->seq = SeqNum(1000);
    skb->size = payload;
    skb->truesize = 2304;
    const PhysAddr at = buffer + kPayloadOffset;
    skb->frags.push_back({memory.At(at, payload), payload, at, nullptr});
    return skb;
  }
  SkbPtr Receive(uint32_t payload, uint8_t flags, uint32_t before = 0, uint32_t ccoff = 0,
                 uint32_t cclen = 0, FlowTag tag = kTag) {
    Cqe64 cqe;
    cqe.nvmeotcp_flags = flags;
    cqe.sop_drop_qpn = tag;
    CqeNvmeotcp part;
    part.ccid = 2;
    part.hlen = static_cast<uint16_t>(kPayloadOffset + before);
    part.ccoff_or_resync_tcp_sn = ccoff;
    part.cclen = static_cast<uint16_t>(cclen);
    SkbPtr skb = Packet(payload);
    rx.OnPacket(ctx, cqe, part, kPayloadOffset, &skb);
    return skb;
  }

  HostMemory memory;
  PhysAddr pages = 0, buffer = 0;
  std::vector<SglEntry> sgl;
  UlpDdpStats stats;
  Ulp ulp;
  NvmeotcpRxState queue;
  NvmeotcpRx rx;
  SkbPool pool;
  NoScheduler scheduler;
  CostTable costs;
  CostLedger ledger;
  ExecContext ctx{&scheduler, &costs, &ledger, 0, CpuContext::kSoftirq, SimTime::Zero()};
};

}  // namespace

TEST_CASE("header, placed pages and tail follow each other in the rebuilt skb") {
  Bench b;
  const SkbPtr skb = b.Receive(1448, kCqeNvmeotcpZc, 24, 0, 1000);
  REQUIRE(skb->frags.size() == 3);
  CHECK(skb->frags[0].size == 24);
  CHECK(skb->frags[0].addr == b.buffer + kPayloadOffset);
  CHECK(skb->frags[1].size == 1000);
  CHECK(skb->frags[1].addr == b.pages + 4096);
  CHECK(skb->frags[2].size == 424);
  CHECK(skb->frags[2].addr == b.buffer + kPayloadOffset + 24 + 1000);
  CHECK(skb->size == 1448);
  CHECK(skb->ulp_ddp);
  CHECK(b.stats.packets == 1);
  CHECK(b.stats.bytes == 1000);
}

TEST_CASE(
    "placed bytes that cross SGL entries get one frag per entry, and the cursor goes on from "
    "there") {
  Bench b;
  const SkbPtr first = b.Receive(1448, kCqeNvmeotcpZc, 0, 3900, 1448);
  REQUIRE(first->frags.size() == 3);
  CHECK(first->frags[0].addr == b.pages + 4096 + 3900);
  CHECK(first->frags[0].size == 196);
  CHECK(first->frags[1].addr == b.pages);
  CHECK(first->frags[1].size == 1000);
  CHECK(first->frags[2].addr == b.pages + 8192);
  CHECK(first->frags[2].size == 252);
  const SkbPtr next = b.Receive(1448, kCqeNvmeotcpZc, 0, 5348, 1448);
  REQUIRE(next->frags.size() == 1);
  CHECK(next->frags[0].addr == b.pages + 8192 + 252);
}

TEST_CASE("the cursor skips what was not placed") {
  Bench b;
  b.Receive(1448, kCqeNvmeotcpZc, 0, 0, 1448);
  const SkbPtr skb = b.Receive(1000, kCqeNvmeotcpZc, 0, 5096, 1000);
  CHECK(skb->frags[0].addr == b.pages + 8192);
}

TEST_CASE("a new mapping of the same ccid starts the cursor anew") {
  Bench b;
  b.Receive(1448, kCqeNvmeotcpZc, 0, 5096, 1448);
  ++b.queue.entries[2].ccid_gen;
  const SkbPtr skb = b.Receive(1448, kCqeNvmeotcpZc, 0, 0, 1448);
  CHECK(skb->frags[0].addr == b.pages + 4096);
}

TEST_CASE(
    "a CQE of the earlier mapping, polled behind the next setup, leaves the cursor at its end") {
  Bench posted, mended(CursorRestarts());
  for (Bench* b : {&posted, &mended}) {
    ++b->queue.entries[2].ccid_gen;
    b->Receive(1000, kCqeNvmeotcpZc, 0, 5096, 1000);
  }
  CHECK(posted.Receive(1448, kCqeNvmeotcpZc, 0, 0, 1448)->frags[0].addr ==
        posted.pages + 8192 + 1000);
  CHECK(mended.Receive(1448, kCqeNvmeotcpZc, 0, 0, 1448)->frags[0].addr == mended.pages + 4096);
}

TEST_CASE("a CQE beyond the SGL of its ccid costs the packet, unless the driver looks") {
  Bench posted, mended(CursorRestarts());
  CHECK(posted.Receive(1000, kCqeNvmeotcpZc, 0, 9000, 1000) == nullptr);
  CHECK(posted.stats.drop == 1);
  CHECK(posted.stats.bytes == 0);
  const SkbPtr skb = mended.Receive(1000, kCqeNvmeotcpZc, 0, 9000, 1000);
  REQUIRE(skb->frags.size() == 1);
  CHECK(skb->frags[0].addr == mended.buffer + kPayloadOffset);
  CHECK_FALSE(skb->ulp_ddp);
}

TEST_CASE("a CQE behind the cursor of its own mapping gets pages from where the cursor stands") {
  Bench b;
  b.Receive(1448, kCqeNvmeotcpZc, 0, 5096, 1448);
  const SkbPtr skb = b.Receive(1448, kCqeNvmeotcpZc, 0, 0, 1448);
  CHECK(skb->frags[0].addr == b.pages + 8192 + 1448);
  b.Receive(1000, kCqeNvmeotcpZc, 0, 0, 1000);
  // No more bytes in the SGL.
  CHECK(b.Receive(1448, kCqeNvmeotcpZc, 0, 0, 1448) == nullptr);
  CHECK(b.stats.drop == 1);
}

TEST_CASE("a cursor from a longer SGL entry than the new mapping's has nothing left there") {
  DriverVersion version;
  version.ccid_gen = false;
  Bench b(version);
  b.Receive(1000, kCqeNvmeotcpZc, 0, 2000, 1000);
  b.sgl = {{b.pages, 512}, {b.pages + 4096, 512}};
  b.queue.entries[2] = {b.sgl, 1024, nullptr, 1};
  CHECK(b.Receive(1000, kCqeNvmeotcpZc, 0, 0, 1000) == nullptr);
}

struct Watcher : HostObserver {
  void OnPlacementReport(const PlacementReport& report, SimTime) override { last = report; }
  void OnDriverDrop(const Skb&, DriverDrop why, uint32_t placed, SimTime) override {
    dropped.push_back({why, placed});
  }
  PlacementReport last;
  std::vector<std::pair<DriverDrop, uint32_t>> dropped;
};

TEST_CASE("an observer is told where frags begin, and in which mapping the cursor began") {
  Watcher watcher;
  Bench b(DriverVersion(), &watcher);
  b.queue.entries[2].mappings = 5;
  const auto receive = [&](uint32_t ccoff, uint32_t cclen, FlowTag tag = kTag) {
    b.Receive(1448, kCqeNvmeotcpZc, 0, ccoff, cclen, tag);
  };
  receive(5096, 1448);
  CHECK((watcher.last.cursor == 5096 && watcher.last.ccoff == 5096));
  CHECK((watcher.last.mapping == 5 && watcher.last.cursor_mapping == 5));
  receive(0, 1000);
  CHECK((watcher.last.cursor == 6544 && watcher.last.ccoff == 0 && !watcher.last.past_sgl));
  receive(9000, 1448);
  CHECK(watcher.last.past_sgl);
  receive(0, 1448, 9);
  REQUIRE(watcher.dropped.size() == 2);
  CHECK(watcher.dropped[0] == std::make_pair(DriverDrop::kPastSgl, 1448u));
  CHECK(watcher.dropped[1] == std::make_pair(DriverDrop::kNoQueue, 1448u));
}

TEST_CASE("a cursor that goes on in another mapping's SGL stands elsewhere than it has counted") {
  Watcher watcher;
  Bench b(DriverVersion(), &watcher);
  const auto receive = [&](uint32_t ccoff) {
    return b.Receive(100, kCqeNvmeotcpZc, 0, ccoff, 100)->frags[0].addr;
  };
  b.queue.entries[2].mappings = 1;
  receive(4200);  // in the second entry
  CHECK(watcher.last.cursor == 4200);
  b.queue.entries[2].sgl = {b.sgl[1], b.sgl[0], b.sgl[2]};
  b.queue.entries[2].mappings = 2;
  CHECK(receive(4300) == b.sgl[0].addr + 204);
  CHECK((watcher.last.mapping == 2 && watcher.last.cursor_mapping == 1));
  CHECK((watcher.last.ccoff == 4300 && watcher.last.cursor == 1000 + 204));
}

TEST_CASE("the last byte of the SGL can be placed and the next mapping begins cleanly") {
  Bench b;
  b.Receive(1000, kCqeNvmeotcpZc, 0, 8192, 1000);
  ++b.queue.entries[2].ccid_gen;
  CHECK(b.Receive(1000, kCqeNvmeotcpZc, 0, 0, 1000)->frags[0].addr == b.pages + 4096);
}

TEST_CASE("a resync CQE asks the ULP and leaves the skb as it was") {
  Bench b;
  const SkbPtr skb = b.Receive(1448, kCqeNvmeotcpResync, 0, 4711);
  REQUIRE(b.ulp.asked.size() == 1);
  CHECK(b.ulp.asked[0] == SeqNum(4711));
  CHECK(skb->frags.size() == 1);
  CHECK_FALSE(skb->ulp_crc);
  CHECK(b.stats.resync == 1);
}

TEST_CASE("an offload CQE of an unknown queue is dropped and counted") {
  Bench b;
  CHECK(b.Receive(1448, kCqeNvmeotcpZc, 0, 0, 1448, 9) == nullptr);
  CHECK(b.stats.drop == 1);
}

TEST_CASE("the crc bit alone marks the skb and places nothing") {
  Bench b;
  const SkbPtr skb = b.Receive(1448, kCqeNvmeotcpDdgst);
  CHECK(skb->ulp_crc);
  CHECK_FALSE(skb->ulp_ddp);
}

TEST_CASE(
    "from v6 on the first claim of a good crc after a resync is not believed, before v6 the first "
    "CQE of any kind") {
  Bench now("v30"), early("v1");
  for (Bench* b : {&now, &early}) {
    b->queue.after_resync_cqe = true;
    CHECK_FALSE(b->Receive(1448, kCqeNvmeotcpZc, 0, 0, 1448)->ulp_crc);
  }
  CHECK_FALSE(now.Receive(1448, kCqeNvmeotcpDdgst)->ulp_crc);
  CHECK(now.Receive(1448, kCqeNvmeotcpDdgst)->ulp_crc);
  CHECK(early.Receive(1448, kCqeNvmeotcpDdgst)->ulp_crc);
}

TEST_CASE("an skb that would need more than 17 frags is dropped") {
  Bench b;
  b.sgl.assign(20, {b.pages, 64});
  b.queue.entries[2] = {b.sgl, 20 * 64, nullptr, 7};
  CHECK(b.Receive(1448, kCqeNvmeotcpZc, 0, 0, 1280) == nullptr);
  CHECK(b.stats.drop == 1);
}
