// How sk_add waits for the NIC, and what becomes of a queue that the NIC does not confirm in time.
#include <catch2/catch.hpp>

#include "models/kernel/nvmeotcp_driver.h"
#include "tests/unit/kernel/nvmeotcp_bench.h"

namespace ddpsim {
namespace {

// A socket whose sk_add has begun; CQEs of the ICOSQ are the test's to write.
struct Bench : KernelBench {
  explicit Bench(const char* version = "v30", int64_t hz = 250) : KernelBench(With(version, hz)) {
    socket = Connect();
    nic.hold_completions = true;
    Add();
  }
  static KernelConfig With(const char* version, int64_t hz) {
    KernelConfig config = NvmeotcpBench::Version(version);
    config.tcp.hz = hz;
    return config;
  }
  void Add() {
    nic.wqes.clear();
    Do([&](ExecContext& ctx) {
      begun = kernel.ddp()->SkAdd(ctx, socket, NvmeotcpBench::QueueConfig(), &ulp);
    });
  }
  // Both CQEs: of the static parameters and of SET_PSV.
  void Confirm() {
    for (const FakeNic::Wqe& wqe : nic.wqes) nic.CompleteSend(wqe);
    Run(now + SimTime::Us(100));
  }
  bool steered() { return static_cast<NvmeotcpDriver*>(kernel.ddp())->Offloaded(socket); }
  const UlpDdpStats& stats() { return kernel.ulp_ddp_stats(); }

  NvmeotcpUlp ulp;
  TcpSocket* socket = nullptr;
  bool begun = false;
};

TEST_CASE("sk_add sleeps until the parameters are confirmed, then steers and returns") {
  Bench b;
  CHECK(b.begun);
  CHECK(b.ulp.adds.empty());
  CHECK(b.stats().sk_add == 0);
  b.Confirm();
  CHECK(b.ulp.adds == std::vector<bool>{true});
  CHECK(b.steered());
  CHECK(b.stats().sk_add == 1);
  b.Run(b.now + SimTime::Sec(4));
  CHECK(b.ulp.adds.size() == 1);
}

TEST_CASE("since v6 sk_add gives up after three seconds, and not before") {
  Bench b("v6");
  const SimTime begun = b.now - SimTime::Ms(1);
  b.Run(begun + SimTime::Ms(2'990));
  CHECK(b.ulp.adds.empty());
  // The timer wheel rounds so long a sleep up.
  b.Run(begun + SimTime::Ms(3'300));
  CHECK(b.ulp.adds == std::vector<bool>{false});
  CHECK(b.stats().sk_add_fail == 1);
}

TEST_CASE("before v6 sk_add gives up at the next timer tick, if no CQE has come by then") {
  Bench b("v1", 1000);
  // Do() has passed a millisecond.
  CHECK(b.ulp.adds == std::vector<bool>{false});
  CHECK(b.stats().sk_add == 0);
  CHECK(b.stats().sk_add_fail == 1);
  CHECK_FALSE(b.steered());
  Bench slower("v1", 100);
  CHECK(slower.ulp.adds.empty());
  slower.Confirm();
  CHECK(slower.ulp.adds == std::vector<bool>{true});
}

TEST_CASE("after a sk_add in vain nothing is left in the NIC, and the socket may be added again") {
  Bench b("v1", 1000);
  b.Run(b.now + SimTime::Ms(1));
  CHECK(b.nic.sqs.size() == 1);  // the channel's
  CHECK(b.nic.cqs.size() == 2);
  const uint64_t memory = b.memory.allocated_bytes();
  b.nic.hold_completions = false;
  b.Add();
  CHECK(b.ulp.adds == std::vector<bool>{false, true});
  CHECK(b.stats().sk_add == 1);
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->SkDel(ctx, b.socket); });
  CHECK(b.memory.allocated_bytes() == memory);
}

TEST_CASE("sk_del of a socket whose sk_add sleeps ends it: neither of them is counted as done") {
  Bench b;
  b.Do([&](ExecContext& ctx) { b.kernel.ddp()->SkDel(ctx, b.socket); });
  b.Run(b.now + SimTime::Sec(4));
  CHECK(b.ulp.adds.empty());
  CHECK(b.stats().sk_add == 0);
  CHECK(b.stats().sk_del == 0);
  CHECK(b.stats().sk_add_fail == 1);
  CHECK(b.nic.sqs.size() == 1);
}

}  // namespace
}  // namespace ddpsim
