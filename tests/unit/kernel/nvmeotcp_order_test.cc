// What the driver does in which order, where two cores or two queues of the NIC are concerned.
#include <catch2/catch.hpp>

#include "ddpsim/hw/doorbell.h"
#include "models/kernel/nvmeotcp_driver.h"
#include "tests/unit/kernel/nvmeotcp_bench.h"

using namespace ddpsim;
using Bench = NvmeotcpBench;

TEST_CASE("old rule and new rule change at one instant") {
  KernelBench b(TwoChannels());
  NvmeotcpUlp ulp;
  TcpSocket* socket = b.Connect();
  struct Clock : MmioPort {
    explicit Clock(KernelBench* b) : bench(b) {}
    void OnMmioWrite(const MmioWrite& write) override {
      const size_t before = bench->nic.commands.size();
      bench->nic.OnMmioWrite(write);
      if (bench->nic.commands.size() == before) return;
      const CommandOpcode opcode = bench->nic.commands.back().opcode;
      if (opcode == CommandOpcode::kSetFlowRule || opcode == CommandOpcode::kDeleteFlowRule)
        at.push_back(write.at);
    }
    KernelBench* bench;
    std::vector<SimTime> at;
  } clock(&b);
  b.kernel.cpu().outbox().SetPort(&clock);
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->SkAdd(ctx, socket, Bench::QueueConfig(), &ulp); });
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->SkDel(ctx, socket); });
  REQUIRE(clock.at.size() == 4);
  CHECK(clock.at[0] == clock.at[1]);
  CHECK(clock.at[2] == clock.at[3]);
}

TEST_CASE("doorbells that two cores ring at one ICOSQ leave in the order of their WQEs") {
  KernelConfig config = KernelBench::DefaultConfig();
  config.cpu.cores = 2;
  Bench b(config);
  struct Order : MmioPort {
    explicit Order(KernelBench* b) : bench(b) {}
    void OnMmioWrite(const MmioWrite& write) override {
      if (DoorbellKindOf(write.offset) == DoorbellKind::kSq)
        values.push_back(static_cast<uint16_t>(write.value));
      bench->nic.OnMmioWrite(write);
    }
    KernelBench* bench;
    std::vector<uint16_t> values;
  } order(&b);
  b.kernel.cpu().outbox().SetPort(&order);
  b.nic.hold_completions = true;
  const std::vector<SglEntry> sgl = b.Pages(8);
  // The first core is in the middle of a long piece of work, so its doorbell would leave late.
  Once first([&](ExecContext& ctx) {
    ctx.Charge(Cost::kCopyByteDram, 100'000);
    b.kernel.ddp()->Setup(ctx, b.socket, {1, sgl, &b.ulp});
  });
  Once second([&](ExecContext& ctx) { b.kernel.ddp()->Setup(ctx, b.socket, {2, sgl, &b.ulp}); });
  b.kernel.scheduler().Queue(0, CpuContext::kKworker, &first, b.now);
  b.kernel.scheduler().Queue(1, CpuContext::kKworker, &second, b.now);
  b.Run(b.now + SimTime::Ms(10));
  REQUIRE(order.values.size() == 2);
  CHECK(order.values[0] < order.values[1]);
}

TEST_CASE(
    "a placement whose CQE is polled behind that of its invalidation is rebuilt all the same") {
  Bench b;
  const std::vector<SglEntry> sgl = b.Pages(1);
  REQUIRE(b.Setup(7, sgl));
  std::memset(b.memory.At(sgl[0].addr, 4096), 'x', 4096);
  b.hold = true;
  b.PeerSend(std::string(1000, 'x'));
  b.Teardown(7, sgl);
  REQUIRE(b.ulp.done.size() == 1);
  b.nic.Receive(b.nic.rqs.begin()->first, b.to_kernel[0]->bytes(),
                [](Cqe64* cqe, CqeNvmeotcp* part) {
                  cqe->nvmeotcp_flags = kCqeNvmeotcpZc;
                  cqe->sop_drop_qpn = 1;
                  part->ccid = 7;
                  part->hlen = 66;
                  part->cclen = 1000;
                });
  b.Run(b.now + SimTime::Us(100));
  std::string got;
  b.Do([&](ExecContext& ctx) { got = KernelBench::ReadAll(ctx, b.socket); });
  CHECK(got == std::string(1000, 'x'));
}
