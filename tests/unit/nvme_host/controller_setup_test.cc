// What the controller makes of the target's answers.
#include <catch2/catch.hpp>

#include "models/nvme_host/controller.h"
#include "tests/unit/nvme_host/fake_target.h"

namespace ddpsim {
namespace {

TEST_CASE("controller: as many queues are made as both sides have") {
  NvmeHostConfig config;
  config.queues = 4;
  for (const uint16_t granted : {0, 1, 3, 100}) {
    Bench bench(config);
    bench.cpu.core_count = 4;
    bench.granted = granted;
    bench.Connect();
    REQUIRE(bench.host->ready());
    CHECK(bench.streams.streams.size() == 1u + std::min(4, granted + 1));  // 0's based
  }
}

// NVM Express Base 2.0, CC.CSS 110b where CAP.CSS bit 6 is set; EN comes with the second write, SHN
// with the last.
TEST_CASE("controller: CC asks for all command sets where there are some, and enables afterwards") {
  for (const bool many : {false, true}) {
    Bench bench;
    if (many) bench.cap |= uint64_t{1} << 43;
    bench.Connect();
    bench.host->Shutdown(bench.cpu.now);
    bench.Run();
    const uint64_t cc = many ? 0x460060 : 0x460000;
    CHECK(bench.cc_written == std::vector<uint64_t>{cc, cc | 1, cc | 0x4001});
  }
}

TEST_CASE("controller: commands count in the namespace's logical blocks") {
  Bench bench;
  bench.lbads = 12;
  bench.hold_io = true;
  bench.Connect();
  CHECK_FALSE(bench.Load(ReadsOf(65536, 1)));
  const FakeStream& stream = bench.io_stream();
  REQUIRE(stream.sent.size() == 72);
  CHECK(LoadLe16(&stream.sent[8 + 48]) == 15);  // NLB, 0's based
}

TEST_CASE("controller: a target that takes more after a reconnect gets more") {
  NvmeHostConfig config;
  config.io_timeout = SimTime::Sec(1);
  Bench bench(config);
  bench.mdts = 4;  // 64 KiB
  bench.Connect();
  REQUIRE(bench.Load(ReadsOf(1 << 20, 1)));
  CHECK(bench.io_commands.size() == 16);
  bench.mdts = 0;
  bench.hold_io = true;
  bench.Load(ReadsOf(1 << 20, 1));
  for (int i = 0; i < 200 && bench.host->controller().error_recoveries() == 0; ++i)
    bench.RunTimers();
  bench.hold_io = false;
  for (int i = 0; i < 200 && !bench.host->finished(); ++i) bench.RunTimers();
  bench.io_commands.clear();
  REQUIRE(bench.Load(ReadsOf(1 << 20, 1)));
  CHECK(bench.io_commands.size() == 1);
}

TEST_CASE("controller: an offload that was waited for queues its work once") {
  Bench bench({}, true);
  bench.driver.hold_adds = true;
  bench.Connect();
  REQUIRE_FALSE(bench.host->ready());
  const int64_t before = bench.cpu.Charged(Cost::kQueueWork);
  ExecContext ctx = bench.cpu.Context();
  bench.driver.ulp->SkAddDone(ctx, true);
  CHECK(bench.cpu.Charged(Cost::kQueueWork) == before + 1);
}

}  // namespace
}  // namespace ddpsim
