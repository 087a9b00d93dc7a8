#include <catch2/catch.hpp>

#include "models/nvme_host/controller.h"
#include "tests/unit/nvme_host/fake_target.h"

namespace ddpsim {
namespace {

LoadConfig Reads(uint64_t ios) { return ReadsOf(4096, ios, 4); }

// Lets timers fire until `until` says so; false: it never did.
bool Wait(Bench& bench, const std::function<bool()>& until, int timers = 2'000) {
  for (int i = 0; i < timers && !until(); ++i) bench.RunTimers();
  return until();
}

Controller& ControllerOf(Bench& bench) { return bench.host->controller(); }

TEST_CASE("controller: without an answer to its SYN the first connect fails, once") {
  Bench bench;
  bench.deaf = true;
  bench.Connect();
  bench.stream(0).is_timed_out = true;
  bench.stream(0).Close(bench.cpu.Context());
  bench.Run();
  CHECK(bench.host->failed());
  CHECK(bench.host->failure() == "queue 0: no SYN+ACK came in time");
  bench.RunTimers();
  CHECK(bench.streams.streams.size() == 1);
}

TEST_CASE("controller: a SYN that a reset answers has not waited in vain") {
  Bench bench;
  bench.deaf = true;
  bench.Connect();
  bench.stream(0).is_reset = true;
  bench.stream(0).Close(bench.cpu.Context());
  bench.Run();
  CHECK(bench.host->failure() == "queue 0: a reset answered its SYN");
}

TEST_CASE("controller: an ICResp is waited for 10 s") {
  Bench bench;
  bench.mute = true;
  bench.Connect();
  CHECK(Wait(bench, [&] { return bench.host->failed(); }));
  CHECK(bench.host->failure() == "queue 0: no ICResp came within 10 s");
  CHECK(bench.cpu.now > SimTime::Sec(10));
  CHECK(bench.cpu.now < SimTime::Ms(10'600));
  CHECK(bench.stream(0).aborted);
}

TEST_CASE("controller: a command of the set-up is waited for 60 s, whatever its socket does") {
  Bench bench;
  bench.held_opcode = kNvmeAdminIdentify;
  bench.Connect();
  REQUIRE(bench.streams.streams.size() == 1);
  bench.stream(0).Close(bench.cpu.Context());
  bench.Run();
  CHECK_FALSE(bench.host->failed());
  CHECK(Wait(bench, [&] { return bench.host->failed(); }));
  CHECK(bench.host->failure() == "Identify failed with status 371h: no answer came in time");
  CHECK(bench.cpu.now > SimTime::Sec(60));
  CHECK(bench.cpu.now < SimTime::Sec(66));
}

TEST_CASE("controller: a controller that never becomes ready is given up after CAP.TO") {
  Bench bench;
  bench.never_ready = true;
  bench.Connect();
  CHECK(Wait(
      bench, [&] { return bench.host->failed(); }, 20'000));
  CHECK(bench.host->failure() == "the controller did not become ready");
  CHECK(bench.cpu.now > SimTime::Ms(500));
  CHECK(bench.cpu.now < SimTime::Sec(1));
}

TEST_CASE("keep-alive: sent every half KATO, every quarter where traffic counts") {
  for (const bool traffic_based : {false, true}) {
    Bench bench;
    bench.ctratt = traffic_based ? 0x40 : 0;
    bench.Connect();
    const SimTime start = bench.cpu.now;
    // The set-up's own commands count as traffic: the first look finds them.
    CHECK(Wait(bench, [&] { return bench.keep_alives == 4; }));
    const SimTime took = bench.cpu.now - start;
    CHECK(took > (traffic_based ? SimTime::Ms(6'200) : SimTime::Sec(10)));
    CHECK(took < (traffic_based ? SimTime::Ms(7'600) : SimTime::Ms(11'100)));
    CHECK(bench.host->ready());
  }
}

TEST_CASE("keep-alive: an answer that comes late, within KATO, resets nothing") {
  Bench bench;
  bench.Connect();
  bench.held_opcode = kNvmeAdminKeepAlive;
  CHECK(Wait(bench, [&] { return bench.cpu.now > SimTime::Sec(5); }));
  CHECK(ControllerOf(bench).error_recoveries() == 0);
  bench.held_opcode.reset();
  bench.Run();
  CHECK(Wait(bench, [&] { return bench.keep_alives >= 3; }));
  CHECK(ControllerOf(bench).error_recoveries() == 0);
}

TEST_CASE("keep-alive: KATO after it was sent it has expired, and the controller is reset") {
  Bench bench;
  bench.Connect();
  bench.held_opcode = kNvmeAdminKeepAlive;
  CHECK(Wait(bench, [&] { return ControllerOf(bench).error_recoveries() == 1; }));
  CHECK(bench.cpu.now > SimTime::Ms(7'500));
  CHECK(bench.cpu.now < SimTime::Ms(8'400));
}

TEST_CASE("keep-alive: KATO 0 sends none") {
  NvmeHostConfig config;
  config.keep_alive = SimTime::Zero();
  Bench bench(config);
  bench.Connect();
  CHECK_FALSE(Wait(
      bench, [&] { return bench.keep_alives > 0; }, 20));
}

TEST_CASE("controller: an I/O that takes longer than its timeout resets, and is done afterwards") {
  NvmeHostConfig config;
  config.io_timeout = SimTime::Sec(2);
  Bench bench(config);
  bench.Connect();
  bench.hold_io = true;
  CHECK_FALSE(bench.Load(Reads(10)));
  CHECK(Wait(bench, [&] { return ControllerOf(bench).error_recoveries() == 1; }));
  CHECK(bench.cpu.now > SimTime::Sec(2));
  CHECK(bench.cpu.now < SimTime::Ms(3'400));
  CHECK(bench.stream(1).aborted);
  bench.hold_io = false;
  CHECK(Wait(bench, [&] { return bench.host->finished(); }));
  CHECK(bench.host->result().ios == 10);
  CHECK(bench.host->result().errors == 0);
}

TEST_CASE("controller: a queue that died while others were connected is found by its first I/O") {
  Bench bench({}, true);
  bench.driver.hold_adds = true;
  bench.Connect();
  bench.stream(1).Close(bench.cpu.Context());
  ExecContext ctx = bench.cpu.Context();
  bench.driver.ulp->SkAddDone(ctx, true);
  bench.Run();
  REQUIRE(bench.host->ready());
  bench.driver.hold_adds = false;
  const SimTime begun = bench.cpu.now;
  bench.Load(Reads(4));
  CHECK(ControllerOf(bench).error_recoveries() == 1);
  CHECK(bench.cpu.now - begun < SimTime::Sec(1));
  CHECK(Wait(bench, [&] { return bench.host->finished(); }));
  CHECK(bench.host->result().errors == 0);
}

TEST_CASE("controller: a shutdown aborts every socket after its FIN") {
  Bench bench;
  bench.Connect();
  bench.host->Shutdown(bench.cpu.now);
  bench.Run();
  CHECK(bench.host->closed());
  for (const auto& stream : bench.streams.streams) {
    CHECK(stream->shut_down);
    CHECK(stream->aborted);
  }
}

TEST_CASE(
    "controller: 5 ms of I/O timeout reset it again and again, until the retries are used up") {
  NvmeHostConfig config;
  config.io_timeout = SimTime::Ms(5);
  config.reconnect_delay = SimTime::Ms(1);
  Bench bench(config);
  bench.Connect();
  bench.hold_io = true;
  bench.Load(Reads(4));
  CHECK(Wait(bench, [&] { return bench.host->finished(); }));
  CHECK(bench.host->result().errors == 4);
  CHECK(ControllerOf(bench).error_recoveries() == 6);
  CHECK(Wait(bench, [&] { return bench.host->ready(); }));
}

TEST_CASE(
    "controller: reconnects are tried ctrl_loss_tmo / reconnect_delay times, then all I/O fails") {
  NvmeHostConfig config;
  config.reconnect_delay = SimTime::Sec(2);
  config.max_reconnects = MaxReconnects(SimTime::Sec(5), config.reconnect_delay);
  REQUIRE(config.max_reconnects == 3);
  Bench bench(config);
  bench.Connect();
  bench.hold_io = true;
  bench.Load(Reads(4));
  bench.mute = true;
  CHECK(Wait(bench, [&] { return bench.host->lost(); }));
  CHECK(bench.host->failed());
  bench.Run();
  CHECK(bench.host->finished());
  CHECK(bench.host->result().ios == 4);
  CHECK(bench.host->result().errors == 4);
  CHECK(bench.host->failure() == "queue 0: no ICResp came within 10 s");
  // The first admin queue and its I/O queue, then an admin queue for each attempt.
  CHECK(bench.streams.streams.size() == 2 + 3);
  for (const auto& stream : bench.streams.streams) CHECK(stream->aborted);
}

TEST_CASE("controller: with ctrl_loss_tmo 0 the first reset removes it") {
  NvmeHostConfig config;
  config.max_reconnects = MaxReconnects(SimTime::Zero(), config.reconnect_delay);
  config.io_timeout = SimTime::Sec(1);
  Bench bench(config);
  bench.Connect();
  bench.hold_io = true;
  bench.Load(Reads(4));
  CHECK(Wait(bench, [&] { return bench.host->finished(); }));
  CHECK(bench.host->lost());
  CHECK(bench.host->failure() == "an I/O was not answered in time");
  CHECK(bench.host->result().errors == 4);
  CHECK(bench.streams.streams.size() == 2);
}

TEST_CASE(
    "controller: I/Os that wait for a tag fail with the rest when the controller is removed") {
  NvmeHostConfig config;
  config.queue_size = 16;
  config.max_reconnects = 0;
  config.io_timeout = SimTime::Sec(1);
  Bench bench(config);
  bench.Connect();
  bench.hold_io = true;
  LoadConfig load = Reads(100);
  load.iodepth = 64;
  bench.Load(load);
  CHECK(Wait(bench, [&] { return bench.host->finished(); }));
  const LoadStats& result = bench.host->result();
  CHECK(result.errors == result.submitted);
  CHECK(result.submitted >= 16);
}

TEST_CASE("controller: when it is removed the load ends with what was under way") {
  NvmeHostConfig config;
  config.max_reconnects = 0;
  config.io_timeout = SimTime::Sec(1);
  Bench bench(config);
  bench.Connect();
  bench.hold_io = true;
  bench.Load(Reads(100));
  CHECK(Wait(bench, [&] { return bench.host->finished(); }));
  CHECK(bench.host->result().submitted == 4);
}

TEST_CASE("controller: a reconnect that works counts its attempts from nothing again") {
  NvmeHostConfig config;
  config.max_reconnects = 1;
  config.io_timeout = SimTime::Sec(1);
  config.max_retries = 255;
  Bench bench(config);
  bench.Connect();
  bench.hold_io = true;
  bench.Load(Reads(4));
  CHECK(Wait(bench, [&] { return ControllerOf(bench).error_recoveries() == 5; }));
  CHECK_FALSE(bench.host->lost());
}

TEST_CASE("controller: a shutdown that nobody answers ends after the command's 60 s") {
  Bench bench;
  bench.Connect();
  REQUIRE(bench.Load(Reads(4)));
  bench.mute = true;
  const SimTime start = bench.cpu.now;
  bench.host->Shutdown(start);
  bench.Run();
  CHECK(Wait(bench, [&] { return bench.host->closed(); }));
  CHECK(bench.host->failure() == "the shutdown was not answered in time");
  CHECK(bench.cpu.now - start > SimTime::Sec(60));
  CHECK(bench.cpu.now - start < SimTime::Sec(66));
}

}  // namespace
}  // namespace ddpsim
