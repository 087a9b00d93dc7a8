#include "sim/validate/run_cost.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr int64_t kBudget = int64_t{4} << 20;

Scenario Bounded(Scenario s, int64_t seed) {
  Dice dice(seed, "test");
  BoundCost(kBudget, &s, &dice);
  return s;
}

}  // namespace

TEST_CASE("a large load is made affordable, and one of its extremes stays") {
  Scenario s;
  s.workload.bs = 16 << 20;
  s.workload.iodepth = 65'536;
  s.workload.numjobs = 4'096;
  s.workload.total_ios = 1000;
  int kept = 0;
  for (int64_t seed = 1; seed <= 50; ++seed) {
    const settings::WorkloadConfig load = Bounded(s, seed).workload;
    CHECK(load.bs * load.iodepth * load.numjobs <= int64_t{64} << 20);
    CHECK(load.bs * load.total_ios <= std::max(kBudget, load.bs));
    CHECK((load.bs % 512 == 0 && load.total_ios >= 1 && load.size >= load.bs));
    kept += load.bs == 16 << 20 || load.iodepth == 65'536 || load.numjobs == 4'096;
  }
  CHECK(kept >= 25);
}

TEST_CASE("delays cost nothing: they stay, and so does a day that ends with the I/Os") {
  Scenario s;
  s.network.delay_us = 1'000'000;
  s.target.latency_us.mean = 10'000'000;
  s.workload.runtime_ms = 86'400'000;
  s.workload.total_ios = 10;
  const Scenario bounded = Bounded(s, 1);
  CHECK(bounded.network.delay_us == 1'000'000);
  CHECK(bounded.target.latency_us.mean == 10'000'000);
  CHECK(bounded.workload.runtime_ms == 86'400'000);
  CHECK(bounded.workload.total_ios == 10);
}

TEST_CASE("of thousands of queues and of tries to reconnect one gives way") {
  Scenario s;
  s.workload.total_ios = 64;
  s.host.nvme.ctrl_loss_tmo = 3600;
  s.host.nvme.reconnect_delay_ms = 1;
  s.host.nvme.queues = 4096;
  int many_queues = 0, many_tries = 0;
  for (int64_t seed = 1; seed <= 200; ++seed) {
    const settings::NvmeConfig nvme = Bounded(s, seed).host.nvme;
    CHECK(nvme.queues * (1 + nvme.ctrl_loss_tmo) <= 100'000);
    CHECK(nvme.queues >= 1);
    many_queues += nvme.queues == 4096;
    many_tries += nvme.ctrl_loss_tmo == 3600;
  }
  CHECK(many_queues > 0);
  CHECK(many_tries > 50);
}

TEST_CASE("of PDUs of four bytes and hundreds of attempts one gives way") {
  Scenario s;
  s.workload.total_ios = 64;
  s.target.c2h_chunk = 4;
  s.host.nvme.max_retries = 254;
  int kept = 0;
  for (int64_t seed = 1; seed <= 50; ++seed) {
    const Scenario bounded = Bounded(s, seed);
    const int64_t chunk = bounded.target.c2h_chunk, retries = bounded.host.nvme.max_retries;
    CHECK(kBudget / chunk * (1 + retries) <= 4'000'000);
    CHECK(chunk % 4 == 0);
    kept += retries == 254;
  }
  CHECK(kept > 10);
  CHECK(kept < 40);
  s.host.nvme.max_retries = 2;
  CHECK(Bounded(s, 1).target.c2h_chunk == 4);
}

TEST_CASE("more I/Os than could ever be run are ended by time") {
  Scenario s;
  s.workload.bs = 512;
  s.workload.iodepth = 1;
  s.workload.total_ios = 1'000'000'000'000;
  const Scenario bounded = Bounded(s, 1);
  CHECK(bounded.workload.total_ios == 1'000'000'000'000);
  CHECK((bounded.workload.runtime_ms >= 1 && bounded.workload.runtime_ms <= 4));
}

}  // namespace ddpsim
