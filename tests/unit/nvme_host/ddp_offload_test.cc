#include "models/nvme_host/ddp_offload.h"

#include <catch2/catch.hpp>

#include "tests/unit/nvme_host/fake_target.h"

namespace ddpsim {
namespace {

struct Resync {
  explicit Resync(const DdpSettings& settings)
      : offload(config, boxes, &stats), ctx(cpu.Context()) {
    config.ddp = settings;
    boxes.ddp = &driver;
    offload.Add(ctx, &stream, nullptr);
    offload.OnAdded(true);
  }
  FakeScheduler cpu;
  FakeDriver driver;
  SkbPool skbs;
  FakeStream stream{&skbs};
  QueueConfig config;
  HostBoxes boxes;
  HostQueueStats stats;
  DdpOffload offload;
  ExecContext ctx;
};

TEST_CASE("ddp_offload: a resync request is answered at exactly the asked header, once") {
  Resync r({});
  r.offload.OnResyncRequest(SeqNum(5000), SimTime::Zero());
  r.offload.OnHeader(r.ctx, SeqNum(4000), 24);
  CHECK(r.driver.resyncs.empty());
  r.offload.OnHeader(r.ctx, SeqNum(5000), 24);
  r.offload.OnHeader(r.ctx, SeqNum(5000), 24);
  CHECK(r.driver.resyncs == std::vector<SeqNum>{SeqNum(5000)});
}

TEST_CASE(
    "ddp_offload: a guess that was no header is never answered, and stays until overwritten") {
  Resync r({});
  r.offload.OnResyncRequest(SeqNum(5000), SimTime::Zero());
  r.offload.OnHeader(r.ctx, SeqNum(5010), 24);
  CHECK(r.driver.resyncs.empty());
  r.offload.OnResyncRequest(SeqNum(9000), SimTime::Zero());
  r.offload.OnHeader(r.ctx, SeqNum(9000), 24);
  CHECK(r.driver.resyncs == std::vector<SeqNum>{SeqNum(9000)});
}

TEST_CASE("ddp_offload: v1 to v5 answer with the first header at or after the asked place") {
  DdpSettings settings;
  settings.resync_exact = false;
  Resync r(settings);
  r.offload.OnResyncRequest(SeqNum(5000), SimTime::Zero());
  r.offload.OnHeader(r.ctx, SeqNum(4990), 24);
  r.offload.OnHeader(r.ctx, SeqNum(5010), 24);
  CHECK(r.driver.resyncs == std::vector<SeqNum>{SeqNum(5010)});
}

TEST_CASE("ddp_offload: sequence numbers may wrap between request and answer") {
  Resync r({});
  r.offload.OnResyncRequest(SeqNum(10), SimTime::Zero());
  r.offload.OnHeader(r.ctx, SeqNum(0xfffffff0), 24);
  r.offload.OnHeader(r.ctx, SeqNum(10), 24);
  CHECK(r.driver.resyncs == std::vector<SeqNum>{SeqNum(10)});
}

TEST_CASE("ddp_offload: resync numbers may name the last byte of the header") {
  DdpSettings settings;
  settings.resync_last_byte = true;
  Resync r(settings);
  r.offload.OnResyncRequest(SeqNum(5023), SimTime::Zero());
  r.offload.OnHeader(r.ctx, SeqNum(5000), 24);
  CHECK(r.driver.resyncs == std::vector<SeqNum>{SeqNum(5023)});
}

TEST_CASE("ddp_offload: a request completes only after its status and its teardown") {
  Bench bench({}, true);
  bench.driver.immediate = false;
  bench.Connect();
  LoadConfig load;
  load.total_ios = 1;
  load.size = 1 << 20;
  CHECK_FALSE(bench.Load(load));
  CHECK(bench.driver.teardowns.size() == 1);
  CHECK(bench.host->result().completed == 0);
  ExecContext ctx = bench.cpu.Context();
  bench.driver.FinishTeardowns(ctx);
  bench.Run();
  CHECK(bench.host->finished());
  CHECK(bench.host->result().completed == 1);
}

TEST_CASE("ddp_offload: the admin queue is never offloaded, I/O queues after their Connect") {
  Bench bench({}, true);
  bench.Connect();
  CHECK(bench.driver.added == std::vector<ByteStream*>{&bench.stream(1)});
  CHECK(bench.driver.config.data_digest);
  CHECK(bench.driver.config.queue_size == 128);
  bench.host->Shutdown(bench.cpu.now);
  bench.Run();
  CHECK(bench.driver.deleted == 1);
}

TEST_CASE("ddp_offload: CIDs have no generation when the NIC wants a linear range") {
  for (const bool offload : {false, true}) {
    Bench bench({}, offload);
    bench.Connect();
    LoadConfig load;
    load.bs = 4096;
    load.total_ios = 20;
    load.iodepth = 1;
    REQUIRE((load.size = 1 << 20, bench.Load(load)));
    CHECK(bench.io_commands[1].command_id == (offload ? 0x0001 : 0x1001));
  }
}

TEST_CASE("ddp_offload: queues are added one after the other, and the controller waits for each") {
  NvmeHostConfig config;
  config.queues = 2;
  Bench bench(config, true);
  bench.driver.hold_adds = true;
  bench.Connect();
  CHECK_FALSE(bench.host->ready());
  CHECK(bench.driver.added.size() == 1);
  ExecContext ctx = bench.cpu.Context();
  bench.driver.ulp->SkAddDone(ctx, true);
  bench.Run();
  CHECK_FALSE(bench.host->ready());
  REQUIRE(bench.driver.added.size() == 2);
  bench.driver.ulp->SkAddDone(ctx, true);
  bench.Run();
  CHECK(bench.host->ready());
}

TEST_CASE("ddp_offload: a queue whose sk_add fails is plain, and reads go on") {
  Bench bench({}, true);
  bench.driver.add_succeeds = false;
  bench.Connect();
  REQUIRE(bench.host->ready());
  LoadConfig load;
  load.total_ios = 4;
  load.size = 1 << 20;
  CHECK(bench.Load(load));
  CHECK(bench.driver.setups == 0);
  bench.host->Shutdown(bench.cpu.now);
  bench.Run();
  CHECK(bench.driver.deleted == 0);
}

// nvme_tcp_error_recovery() finds no state that it may change to resetting, and does nothing.
TEST_CASE("ddp_offload: a socket that closes while sk_add sleeps does not end the set-up") {
  Bench bench({}, true);
  bench.driver.hold_adds = true;
  bench.Connect();
  FakeStream& io = bench.stream(1);
  io.Close(bench.cpu.Context());
  bench.Run();
  CHECK_FALSE(io.shut_down);
  CHECK(bench.driver.deleted == 0);
  ExecContext ctx = bench.cpu.Context();
  bench.driver.ulp->SkAddDone(ctx, true);
  bench.Run();
  CHECK_FALSE(io.shut_down);
  CHECK(bench.driver.deleted == 0);
  CHECK(bench.host->ready());
}

TEST_CASE("ddp_offload: the last entry of a mapping ends with the I/O, not with its page") {
  Bench bench({}, true);
  bench.Connect();
  LoadConfig load;
  load.bs = 33280;  // 32 KiB and one block
  load.total_ios = 1;
  load.size = 1 << 20;
  REQUIRE(bench.Load(load));
  REQUIRE(bench.driver.maps.size() == 1);
  const std::vector<SglEntry>& sgl = bench.driver.maps.begin()->second;
  REQUIRE(sgl.size() == 9);
  for (size_t i = 0; i < 8; ++i) CHECK(sgl[i].length == 4096);
  CHECK(sgl[8].length == 512);
}

}  // namespace
}  // namespace ddpsim
