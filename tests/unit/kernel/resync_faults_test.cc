#include "models/kernel/resync_faults.h"

#include <catch2/catch.hpp>

#include "tests/unit/kernel/kernel_bench.h"

namespace ddpsim {
namespace {

struct Ulp : UlpDdpUlpOps {
  void ResyncRequest(ExecContext&, SeqNum seq) override { asked.push_back(seq.value()); }
  void DdpTeardownDone(ExecContext&, void*) override {}
  std::vector<uint32_t> asked;
};

// An offloaded socket in a driver with such faults.
struct Bench : KernelBench {
  explicit Bench(const ResyncFaultConfig& faults) : KernelBench(With(faults)) {
    socket = Connect();
    Do([&](ExecContext& ctx) {
      UlpDdpConfig config;
      config.queue_size = 16;
      kernel.ddp()->SkAdd(ctx, socket, config, &ulp);
    });
    nic.wqes.clear();
    kernel.resync_faults().Enable();
  }
  static KernelConfig With(const ResyncFaultConfig& faults) {
    KernelConfig config = DefaultConfig();
    config.device.resync_faults = faults;
    return config;
  }
  void Answer(uint32_t seq) {
    Do([&](ExecContext& ctx) { kernel.ddp()->Resync(ctx, socket, SeqNum(seq)); });
  }
  // Sequence numbers of the answers that reached the NIC.
  std::vector<uint32_t> Posted() const {
    std::vector<uint32_t> posted;
    for (const FakeNic::Wqe& wqe : nic.wqes) {
      WqeStaticParams params;
      std::memcpy(&params, wqe.bytes.data() + kUmrHeaderSize, sizeof(params));
      posted.push_back(params.nvme_resync_tcp_sn);
    }
    return posted;
  }

  Ulp ulp;
  TcpSocket* socket = nullptr;
};

TEST_CASE("a lost answer never reaches the NIC, the others do") {
  ResyncFaultConfig faults;
  faults.lost = {2};
  Bench b(faults);
  for (uint32_t seq : {100u, 200u, 300u}) b.Answer(seq);
  CHECK(b.Posted() == std::vector<uint32_t>{100, 300});
}

TEST_CASE("a late answer reaches the NIC after its delay, behind later ones") {
  ResyncFaultConfig faults;
  faults.late_list = {{1, SimTime::Ms(5)}};
  Bench b(faults);
  b.Answer(100);
  b.Answer(200);
  CHECK(b.Posted() == std::vector<uint32_t>{200});
  b.Run(b.now + SimTime::Ms(5));
  CHECK(b.Posted() == std::vector<uint32_t>{200, 100});
}

TEST_CASE("a late answer of a queue that was taken down is not posted") {
  ResyncFaultConfig faults;
  faults.late_list = {{1, SimTime::Ms(5)}};
  Bench b(faults);
  b.Answer(100);
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->SkDel(ctx, b.socket); });
  b.Run(b.now + SimTime::Ms(10));
  CHECK(b.Posted().empty());
}

TEST_CASE("by chance a share of the answers goes wrong, the same ones for the same seed") {
  ResyncFaultConfig config;
  config.loss = 0.3;
  config.late = 0.3;
  config.delay = SimTime::Us(7);
  ResyncFaults one(config, 5), same(config, 5);
  one.Enable();
  same.Enable();
  int lost = 0, late = 0;
  for (int i = 0; i < 1000; ++i) {
    const AnswerFate a = one.OnAnswer(), b = same.OnAnswer();
    CHECK(a.lost == b.lost);
    CHECK(a.delay == b.delay);
    lost += a.lost ? 1 : 0;
    late += a.delay == SimTime::Us(7) ? 1 : 0;
  }
  CHECK((lost > 200 && lost < 400));
  CHECK((late > 200 && late < 400));
}

TEST_CASE("nothing goes wrong before faults begin and after they end, and nothing is counted") {
  ResyncFaultConfig config;
  config.lost = {1};
  ResyncFaults faults(config, 1);
  CHECK_FALSE(faults.OnAnswer().lost);
  faults.Enable();
  CHECK(faults.OnAnswer().lost);
  faults.Disable();
  CHECK_FALSE(faults.OnAnswer().lost);
}

TEST_CASE("a stray answer follows its request and no other") {
  ResyncFaultConfig config;
  config.stray = {{2, SimTime::Us(3), 540}};
  ResyncFaults faults(config, 1);
  faults.Enable();
  CHECK(faults.OnRequest().empty());
  const std::vector<StrayAnswer> due = faults.OnRequest();
  REQUIRE(due.size() == 1);
  CHECK(due[0].offset == 540);
  CHECK(faults.OnRequest().empty());
}

}  // namespace
}  // namespace ddpsim
