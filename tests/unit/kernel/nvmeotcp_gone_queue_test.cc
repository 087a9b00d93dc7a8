// Packets of a queue that is gone, and what its ICOSQ had no room for.
#include <catch2/catch.hpp>

#include "models/kernel/nvmeotcp_driver.h"
#include "tests/unit/kernel/nvmeotcp_bench.h"

namespace ddpsim {
namespace {

// A packet that the NIC judged before sk_del; its CQE is polled when the test writes it.
struct Bench : NvmeotcpBench {
  using NvmeotcpBench::NvmeotcpBench;
  void SendHeld(const std::string& text) {
    hold = true;
    PeerSend(text);
    REQUIRE(to_kernel.size() == 1);
  }
  void ReceiveHeld(FlowTag tag) {
    nic.Receive(nic.rqs.begin()->first, to_kernel[0]->bytes(),
                [tag](Cqe64* cqe, CqeNvmeotcp* part) {
                  cqe->nvmeotcp_flags = kCqeNvmeotcpZc;
                  cqe->sop_drop_qpn = tag;
                  part->ccid = 7;
                  part->hlen = 66;
                  part->cclen = 100;
                });
  }
  void Delete() {
    Do([&](ExecContext& ctx) { kernel.ddp()->SkDel(ctx, socket); });
  }
};

TEST_CASE("a CQE whose flow tag names no queue any more is dropped and counted") {
  Bench b;
  REQUIRE(b.Setup(7, b.Pages(1)));
  b.SendHeld(std::string(100, 'x'));
  b.Delete();
  b.ReceiveHeld(1);
  b.Run(b.now + SimTime::Us(100));
  CHECK(b.kernel.ulp_ddp_stats().drop == 1);
  CHECK(b.kernel.ulp_ddp_stats().bytes == 0);
  CHECK(b.socket->PeekReceive() == nullptr);
}

TEST_CASE("a tag is not given out again while a CQE in the receive ring names it") {
  KernelConfig config = Bench::DefaultConfig();
  config.cpu.cores = 2;
  Bench b(config);
  b.SendHeld(std::string(100, 'x'));
  b.Delete();
  // The channel's core is busy: the CQE waits.
  Once busy([](ExecContext& ctx) { ctx.Charge(Cost::kCopyByteDram, 2'000'000); });
  b.kernel.scheduler().Queue(0, CpuContext::kKworker, &busy, b.now);
  b.Run(b.now + SimTime::Us(1));
  b.ReceiveHeld(1);
  Once again([&](ExecContext& ctx) {
    b.kernel.ddp()->SkAdd(ctx, b.socket, Bench::QueueConfig(), &b.ulp);
  });
  b.kernel.scheduler().Queue(1, CpuContext::kKworker, &again, b.now);
  b.Run(b.now + SimTime::Ms(10));
  REQUIRE(b.ulp.adds.size() == 2);
  CHECK(b.LastCommand(CommandOpcode::kSetFlowRule)->flow_rule.flow_tag == 2);
  CHECK(b.kernel.ulp_ddp_stats().drop == 1);
}

TEST_CASE("objects outlive a doorbell that a long piece of work rings late") {
  KernelConfig config = Bench::DefaultConfig();
  config.cpu.cores = 2;
  Bench b(config);
  const std::vector<SglEntry> sgl = b.Pages(1);
  REQUIRE(b.Setup(7, sgl));
  Once slow([&](ExecContext& ctx) {
    ctx.Charge(Cost::kCopyByteDram, 3'000'000);
    b.kernel.ddp()->Teardown(ctx, b.socket, {7, sgl, &b.ulp});
  });
  Once deletes([&](ExecContext& ctx) { b.kernel.ddp()->SkDel(ctx, b.socket); });
  b.kernel.scheduler().Queue(1, CpuContext::kKworker, &slow, b.now);
  b.kernel.scheduler().Queue(0, CpuContext::kKworker, &deletes, b.now + SimTime::Us(1));
  b.Run(b.now + SimTime::Ms(10));  // a doorbell of a queue that is no more would end the test here
  CHECK(b.nic.sqs.size() == 1);
  CHECK(b.ulp.done.size() == 1);
}

TEST_CASE("requests whose invalidation was posted are done once when the queue goes, others not") {
  Bench b;
  const std::vector<SglEntry> sgl = b.Pages(4);
  for (Ccid ccid : {1, 2, 3}) REQUIRE(b.Setup(ccid, sgl));
  b.nic.hold_completions = true;
  b.Teardown(1, sgl);
  b.Teardown(3, sgl);
  b.Delete();
  CHECK(b.ulp.done.size() == 2);
  CHECK(b.kernel.ulp_ddp_stats().setup == 3);
  CHECK(b.kernel.ulp_ddp_stats().teardown == 2);
}

TEST_CASE("answers that the ICOSQ has no room for are lost and counted, the ring stays whole") {
  Bench b;
  b.nic.hold_completions = true;
  b.nic.wqes.clear();
  for (int i = 0; i < 4000; ++i)
    b.Do([&](ExecContext& ctx) { b.kernel.ddp()->Resync(ctx, b.socket, SeqNum(i)); });
  const uint64_t lost = b.kernel.ulp_ddp_stats().icosq_full;
  CHECK(lost > 0);
  CHECK(b.nic.wqes.size() == 4000 - lost);  // FakeNic looks at each WQE's index
  std::vector<FakeNic::Wqe> posted;
  posted.swap(b.nic.wqes);
  for (const FakeNic::Wqe& wqe : posted) b.nic.CompleteSend(wqe);
  b.Run(b.now + SimTime::Ms(10));
  b.nic.hold_completions = false;
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->Resync(ctx, b.socket, SeqNum(1)); });
  CHECK(b.kernel.ulp_ddp_stats().icosq_full == lost);
  CHECK(b.nic.wqes.size() == 1);
}

// Maps one ccid again and again without a word of the NIC, until there is no room.
void Fill(Bench* b) {
  b->nic.hold_completions = true;
  const std::vector<SglEntry> sgl = b->Pages(1);
  const UlpDdpStats& stats = b->kernel.ulp_ddp_stats();
  while (stats.icosq_full + stats.setup_fail == 0) b->Setup(5, sgl);
}

TEST_CASE("a teardown that finds no room is lost: the request waits for its queue's end") {
  for (const char* version : {"v1", "v30"}) {
    Bench b(Bench::Version(version));
    const std::vector<SglEntry> sgl = b.Pages(8);
    REQUIRE(b.Setup(3, sgl));
    Fill(&b);
    const uint64_t lost = b.kernel.ulp_ddp_stats().icosq_full;
    b.Teardown(3, sgl);
    CHECK(b.nic.wqes.empty());
    CHECK(b.kernel.ulp_ddp_stats().icosq_full == lost + 1);
    CHECK(b.kernel.ulp_ddp_stats().teardown == 1);
    b.Delete();
    CHECK(b.ulp.done.empty());
  }
}

TEST_CASE("a setup that finds no room fails before v6; since then nobody looks, and it is lost") {
  Bench early(Bench::Version("v5")), now(Bench::Version("v6"));
  Fill(&early);
  Fill(&now);
  CHECK(early.kernel.ulp_ddp_stats().setup_fail == 1);
  CHECK(early.kernel.ulp_ddp_stats().icosq_full == 0);
  CHECK(now.kernel.ulp_ddp_stats().setup_fail == 0);
  CHECK(now.kernel.ulp_ddp_stats().icosq_full == 1);
  CHECK_FALSE(early.Setup(3, early.Pages(128)));
  CHECK(now.Setup(3, now.Pages(128)));
  CHECK(now.nic.wqes.empty());
}

TEST_CASE("the ring has room for all setups and invalidations at once at the usual sizes") {
  for (uint32_t size : {16u, 32u, 64u, 128u, 256u}) {
    UlpDdpConfig config = Bench::QueueConfig();
    config.queue_size = size;
    Bench b(Bench::DefaultConfig(), config);
    b.nic.hold_completions = true;
    const std::vector<SglEntry> sgl = b.Pages(128);
    for (Ccid ccid = 0; ccid < size; ++ccid) {
      REQUIRE(b.Setup(ccid, sgl));
      b.Teardown(ccid, sgl);
    }
    CHECK(b.kernel.ulp_ddp_stats().icosq_full == 0);
  }
}

}  // namespace
}  // namespace ddpsim
