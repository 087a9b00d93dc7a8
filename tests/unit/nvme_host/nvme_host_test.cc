#include "models/nvme_host/nvme_host.h"

#include <catch2/catch.hpp>

#include "tests/unit/nvme_host/fake_target.h"

namespace ddpsim {
namespace {

TEST_CASE("nvme_host: connects, reads and compares every byte, closes") {
  for (const bool digests : {false, true}) {
    NvmeHostConfig config;
    config.header_digest = config.data_digest = digests;
    Bench bench(config);
    bench.Connect();
    REQUIRE(bench.host->ready());
    REQUIRE(bench.Load(ReadsOf(65536, 50, 8)));
    const LoadStats& r = bench.host->result();
    CHECK(r.ios == 50);
    CHECK(r.errors == 0);
    CHECK(r.bytes == 50 * 65536);
    CHECK(r.bytes_checked == 50 * 65536);
    CHECK(r.wrong_ios == 0);
    CHECK(r.canaries_damaged == 0);
    CHECK(r.clat.count() == 50);
    CHECK(bench.host->IoStats().copied_bytes == 50 * 65536);
    CHECK(bench.host->IoStats().digests_by_software == (digests ? 50 : 0));
    bench.host->Shutdown(bench.cpu.now);
    bench.Run();
    CHECK(bench.host->closed());
    CHECK(bench.stream(0).shut_down);
    CHECK(bench.stream(1).shut_down);
  }
}

TEST_CASE(
    "nvme_host: properties are got and set in the order of a captured Linux 6.1, and CC ends it") {
  Bench bench;
  bench.Connect();
  CHECK(bench.properties == std::vector<uint8_t>{0x00, 0x14, 0x14, 0x00, 0x14, 0x1c, 0x08});
  bench.host->Shutdown(bench.cpu.now);
  bench.Run();
  CHECK(bench.properties ==
        std::vector<uint8_t>{0x00, 0x14, 0x14, 0x00, 0x14, 0x1c, 0x08, 0x14, 0x1c});
}

TEST_CASE("nvme_host: any cut of the stream into skbs delivers the same bytes") {
  for (const uint32_t cut : {1u, 3u, 23u, 24u, 25u, 4096u, 100'000u}) {
    NvmeHostConfig config;
    config.header_digest = true;
    Bench bench(config);
    bench.cut = cut;
    bench.Connect();
    REQUIRE(bench.Load(ReadsOf(8192, 4, 4)));
    CHECK(bench.host->result().ios == 4);
    CHECK(bench.host->result().wrong_ios == 0);
    CHECK(bench.host->IoStats().digests_bad == 0);
  }
}

// nvme_tcp_try_recv(): one read_sock() under one lock takes what there is.
TEST_CASE("nvme_host: all skbs that wait are read in one go") {
  Bench bench;
  bench.cut = 100;
  bench.Connect();
  bench.io_stream().read_sections = 0;
  REQUIRE(bench.Load(ReadsOf(8192, 1, 1)));  // 83 skbs with its response
  CHECK(bench.io_stream().read_sections <= 2);
}

// nvme_tcp_io_work(): after a millisecond it queues itself again.
TEST_CASE("nvme_host: a turn that took longer than its quota is queued once more") {
  const auto queued = [](int64_t millicycles) {
    Bench bench;
    bench.Connect();
    bench.cpu.ledger = CostLedger();
    bench.cpu.costs.millicycles.fill(millicycles);
    REQUIRE(bench.Load(ReadsOf(8192, 1, 1)));
    return bench.cpu.Charged(Cost::kQueueWork);
  };
  CHECK(queued(1'000'000) == queued(1) + 1);
}

TEST_CASE("nvme_host: SUCCESS ends a read without a response capsule") {
  Bench bench;
  bench.Connect();
  bench.success_flag = true;
  REQUIRE(bench.Load(ReadsOf(4096, 5, 4)));
  CHECK(bench.host->result().ios == 5);
}

TEST_CASE("nvme_host: small writes go in the capsule, large ones by R2T in PDUs of MAXH2CDATA") {
  for (const uint32_t bs : {4096u, 65536u}) {
    Bench bench;
    bench.Connect();
    LoadConfig load = ReadsOf(bs, 6, 1);
    load.write = true;
    REQUIRE(bench.Load(load));
    CHECK(bench.host->result().errors == 0);
    CHECK(bench.writes_ok);
    CHECK(bench.h2c_pdus == (bs == 4096 ? 0 : 24));
  }
}

TEST_CASE("nvme_host: a PDU that TCP takes in parts goes on where it stopped") {
  Bench bench;
  bench.Connect();
  LoadConfig load = ReadsOf(32768, 2, 1);
  load.write = true;
  bench.io_stream().room = 50;
  REQUIRE(bench.host->StartLoad(load, bench.content, nullptr, bench.cpu.now).ok());
  for (int i = 0; i < 5000 && !bench.host->finished(); ++i) {
    bench.Run();
    bench.io_stream().room = 50;
    ExecContext ctx = bench.cpu.Context();
    bench.io_stream().callbacks->OnWriteSpace(ctx);
  }
  CHECK(bench.host->finished());
  CHECK(bench.writes_ok);
}

TEST_CASE("nvme_host: 1 MiB is split into two commands of 512 KiB by the driver's limits") {
  for (const bool offload : {false, true}) {
    Bench bench({}, offload);
    bench.Connect();
    REQUIRE(bench.Load(ReadsOf(1 << 20, 2, 1)));
    REQUIRE(bench.io_commands.size() == (offload ? 4 : 2));
    CHECK(bench.io_commands[0].nlb + 1u == (offload ? 1024 : 2048));
    if (offload) {
      CHECK(bench.io_commands[1].slba == bench.io_commands[0].slba + 1024);
    }
    CHECK(bench.host->result().ios == 2);
    CHECK(bench.host->result().wrong_ios == 0);
  }
}

TEST_CASE("nvme_host: iodepth beyond the queue's tags waits for tags") {
  NvmeHostConfig config;
  config.queue_size = 16;
  Bench bench(config);
  bench.Connect();
  bench.hold_io = true;
  CHECK_FALSE(bench.Load(ReadsOf(4096, 100, 64)));
  CHECK(bench.host->controller().io_queue(0).stats().requests ==
        15 + 1);  // Connect took the reserved tag
  bench.hold_io = false;
  bench.Run();
  CHECK(bench.host->finished());
  CHECK(bench.host->result().ios == 100);
}

TEST_CASE("nvme_host: each time a large I/O waits for tags again, more of it was handed over") {
  NvmeHostConfig config;
  config.queue_size = 3;
  Bench bench(config);
  bench.Connect();
  bench.hold_io = true;
  // Four commands for two tags.
  CHECK_FALSE(bench.Load(ReadsOf(4 << 20, 1, 1)));
  CHECK(bench.host->result().waits_for_tag == 1);
  bench.hold_io = false;
  bench.Run();
  CHECK(bench.host->finished());
  CHECK(bench.host->controller().io_queue(0).stats().requests == 4 + 1);
  CHECK(bench.host->result().waits_for_tag > 1);
}

TEST_CASE("nvme_host: without a ramp exactly total_ios are issued") {
  Bench bench;
  bench.Connect();
  REQUIRE(bench.Load(ReadsOf(4096, 20, 4)));
  CHECK(bench.host->result().submitted == 20);
  CHECK(bench.host->result().ios == 20);
  CHECK(bench.io_commands.size() == 20);
}

TEST_CASE("nvme_host: ramp I/Os come before the window and are not counted") {
  Bench bench;
  bench.Connect();
  LoadConfig load = ReadsOf(4096, 20, 4);
  load.ramp_ios = 7;
  REQUIRE(bench.Load(load));
  CHECK(bench.host->result().ios == 20);
  CHECK(bench.host->result().window_start > SimTime::Zero());
}

TEST_CASE("nvme_host: when the window opens no ramp I/O is in flight, and no other I/O is in it") {
  // Counts the commands that the target has seen when the window opens and closes.
  struct Watcher : WindowObserver {
    explicit Watcher(const Bench& bench) : bench(bench) {}
    void OnWindowStart(SimTime) override { at_start = bench.io_commands.size(); }
    void OnWindowEnd(SimTime) override { at_end = bench.io_commands.size(); }
    const Bench& bench;
    size_t at_start = 0, at_end = 0;
  };
  for (const uint32_t jobs : {1u, 3u}) {
    Bench bench;
    bench.Connect();
    Watcher watcher(bench);
    LoadConfig load = ReadsOf(4096, 20, 4);
    load.ramp_ios = 7;
    load.numjobs = jobs;
    REQUIRE(bench.host->StartLoad(load, bench.content, &watcher, bench.cpu.now).ok());
    bench.Run();
    CHECK(bench.host->finished());
    CHECK(watcher.at_start == 7);
    CHECK(watcher.at_end == 7 + 20);
    CHECK(bench.host->result().submitted == 7 + 20);
    CHECK(bench.host->result().bytes == 20 * 4096);
  }
}

TEST_CASE("nvme_host: whichever of runtime and number of I/Os comes first ends the load") {
  for (const bool runtime_first : {true, false}) {
    Bench bench;
    bench.Connect();
    LoadConfig load = ReadsOf(4096, runtime_first ? 1'000'000 : 5, 4);
    load.runtime = runtime_first ? SimTime::Ms(10) : SimTime::Sec(1000);
    REQUIRE(bench.Load(load));
    CHECK(bench.host->load().reached_total() == !runtime_first);
    CHECK(bench.host->result().ios > 0);
  }
}

TEST_CASE("nvme_host: a load that is cut short closes its window there") {
  Bench bench;
  bench.Connect();
  bench.hold_io = true;
  CHECK_FALSE(bench.Load(ReadsOf(4096, 10, 4)));
  bench.host->load().Abort(SimTime::Sec(7));
  CHECK(bench.host->finished());
  CHECK(bench.host->result().ios == 0);
  CHECK(bench.host->result().window_end == SimTime::Sec(7));
}

TEST_CASE("nvme_host: after the runtime nothing is issued, and what is in flight is counted") {
  Bench bench;
  bench.Connect();
  LoadConfig load = ReadsOf(4096, 0, 4);
  load.runtime = SimTime::Ms(100);
  REQUIRE(bench.Load(load));
  const LoadStats& r = bench.host->result();
  CHECK(r.ios > 0);
  CHECK(r.ios == r.submitted);
  CHECK((r.window_end - r.window_start).us() >= 100'000);
  CHECK((r.window_end - r.window_start).us() < 150'000);  // what is in flight drains
}

TEST_CASE("nvme_host: jobs share out the I/Os and the queues") {
  NvmeHostConfig config;
  config.queues = 2;
  Bench bench(config);
  bench.Connect();
  LoadConfig load = ReadsOf(4096, 31, 4);
  load.numjobs = 3;
  REQUIRE(bench.Load(load));
  CHECK(bench.host->result().ios == 31);
  CHECK(bench.host->controller().io_queue(0).stats().requests > 0);
  CHECK(bench.host->controller().io_queue(1).stats().requests == 1 + 10);
}

TEST_CASE("nvme_host: a wrong digest is tried again, and fails after five retries") {
  Bench bench;
  bench.Connect();
  bench.bad_digests = 5;
  REQUIRE(bench.Load(ReadsOf(4096, 1, 1)));
  CHECK(bench.host->result().errors == 0);
  CHECK(bench.host->IoStats().retries == 5);
  bench.bad_digests = 6;
  REQUIRE(bench.Load(ReadsOf(4096, 1, 1)));
  CHECK(bench.host->result().errors == 1);
  CHECK(bench.host->result().bytes_checked == 0);
  CHECK(bench.host->IoStats().retries == 10);
  CHECK(bench.host->IoStats().digests_bad == 11);
}

TEST_CASE("nvme_host: a wrong byte under a right digest is seen") {
  Bench bench;
  bench.Connect();
  bench.wrong_bytes = 1;
  REQUIRE(bench.Load(ReadsOf(4096, 3, 1)));
  const LoadStats& r = bench.host->result();
  CHECK(r.wrong_ios == 1);
  CHECK(r.wrong_bytes == 1);
  CHECK(r.first_wrong_offset % 4096 == 100);
}

TEST_CASE(
    "nvme_host: a wrong header digest resets the controller, and the I/O is done after the "
    "reconnect") {
  NvmeHostConfig config;
  config.header_digest = true;
  Bench bench(config);
  bench.Connect();
  bench.bad_header_digests = 1;
  CHECK_FALSE(bench.Load(ReadsOf(4096, 10, 4)));
  CHECK(bench.host->controller().error_recoveries() == 1);
  CHECK(bench.host->IoStats().header_digests_bad == 1);
  CHECK(bench.host->controller().last_refusal().kind == HostRefusalKind::kHeaderDigest);
  constexpr auto kKind = static_cast<size_t>(HostRefusalKind::kHeaderDigest);
  CHECK(bench.host->IoStats().refusals[kKind] == 1);
  for (int i = 0; i < 10 && !bench.host->finished(); ++i) bench.RunTimers();
  CHECK(bench.host->finished());
  CHECK(bench.host->result().ios == 10);
  CHECK(bench.host->result().errors == 0);
  CHECK(bench.cpu.now > SimTime::Sec(10));
  CHECK(bench.streams.streams.size() == 4);
}

TEST_CASE("nvme_host: a load that does not fit the namespace is refused") {
  Bench bench;
  bench.Connect();
  LoadConfig load = ReadsOf(4096, 1, 4);
  load.size = bench.capacity + 4096;
  CHECK_FALSE(bench.host->StartLoad(load, bench.content, nullptr, bench.cpu.now).ok());
  load = ReadsOf(1000, 1, 4);
  CHECK_FALSE(bench.host->StartLoad(load, bench.content, nullptr, bench.cpu.now).ok());
}

}  // namespace
}  // namespace ddpsim
