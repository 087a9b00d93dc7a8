#include "sim/validate/trial.h"

#include <catch2/catch.hpp>

namespace ddpsim {

TEST_CASE("the module parameter and the caps each keep the offload away") {
  for (bool parameter : {false, true}) {
    for (bool caps : {false, true}) {
      Trial trial;
      Scenario& s = trial.scenario;
      s.compare = {Mode::kDdpCrc};
      s.workload.bs = 64 << 10;
      s.workload.total_ios = 50;
      s.host.nvme.ddp_offload = parameter;
      s.host.nic.offload.cap_ddp = s.host.nic.offload.cap_ddgst_rx = caps;
      const TrialOutcome outcome = RunTrial(trial);
      CHECK(outcome.passed);
      CHECK((outcome.figures.at("rx-nvme-tcp-sk-add") > 0) == (parameter && caps));
      CHECK((outcome.figures.at("placed_bytes") > 0) == (parameter && caps));
    }
  }
}

TEST_CASE("another order of what happens at one instant moves no data and breaks no law") {
  std::vector<int64_t> bytes;
  for (int64_t tie_seed : {0, 1, 2, 3}) {
    Trial trial;
    trial.scenario.compare = {Mode::kDdpCrc};
    trial.scenario.workload.total_ios = 100;
    trial.scenario.host.cpu.cores = 2;
    trial.scenario.network.c2h.loss.model = settings::LossModelKind::kBernoulli;
    trial.scenario.network.c2h.loss.probability = 0.01;
    trial.scenario.tie_seed = tie_seed;
    const TrialOutcome outcome = RunTrial(trial);
    INFO("tie seed " << tie_seed << ", " << outcome.law << ": " << outcome.detail);
    CHECK(outcome.passed);
    bytes.push_back(outcome.figures.at("read_bytes"));
  }
  CHECK(bytes == std::vector<int64_t>(4, bytes[0]));
}

TEST_CASE(
    "a network that lets nothing through is no failure of a drawn scenario, of another it is") {
  for (bool may_end_early : {true, false}) {
    Trial trial;
    trial.may_end_early = may_end_early;
    trial.scenario.compare = {Mode::kDdpCrc};
    trial.scenario.workload.total_ios = 10;
    trial.scenario.network.c2h.loss.model = settings::LossModelKind::kBernoulli;
    trial.scenario.network.c2h.loss.probability = 1;
    const TrialOutcome outcome = RunTrial(trial);
    INFO(outcome.law << ": " << outcome.detail);
    CHECK(outcome.passed == may_end_early);
    CHECK(outcome.figures.count("runs_ended_early") == (may_end_early ? 1 : 0));
  }
}

TEST_CASE(
    "a load that a known defect fails whole moves nothing for a reason, where it may meet any") {
  Trial trial;
  trial.may_meet_defects = GENERATE(true, false);
  trial.scenario.compare = {Mode::kDdpCrc};
  trial.scenario.workload.total_ios = 6;
  // No read has one PDU, and the NIC vouches for none.
  trial.scenario.target.c2h_chunk = 16 << 10;
  trial.scenario.host.nic.offload.max_pdu_bytes = 4097;
  const TrialOutcome outcome = RunTrial(trial);
  INFO(outcome.law << ": " << outcome.detail);
  CHECK(outcome.figures.at("read_bytes") == 0);
  CHECK(outcome.passed == trial.may_meet_defects);
}

TEST_CASE("old bytes in the next mapping do not make its own bytes ones that were placed twice") {
  Trial trial;
  Scenario& s = trial.scenario;
  s.seed = 840018009;
  s.compare = {Mode::kDdpCrc};
  s.workload.bs = 128 << 10;
  s.workload.iodepth = 2;
  s.workload.total_ios = 24;
  s.network.mtu = 1277;
  s.network.rate_gbps = 10;
  s.network.delay_us = 1;
  s.network.c2h.reorder.list = {21, 333, 1803, 1915};
  s.host.tcp.timestamps = false;
  s.host.nic.rx_frames = 1;
  s.host.nic.rx_latency_ns = 1588;
  s.host.nic.offload.ddp_across_data_gap = false;
  s.target.kind = settings::TargetKind::kSpdk;
  s.target.latency_us.mean = 2.332112600551156;
  s.target.in_capsule_data = 4096;
  s.target.maxh2cdata = s.target.mdts = 128 << 10;
  for (bool may_meet_defects : {true, false}) {
    trial.may_meet_defects = may_meet_defects;
    const TrialOutcome outcome = RunTrial(trial);
    INFO(outcome.law << ": " << outcome.detail);
    CHECK(outcome.figures.at("runs_with_known_defects") == 1);
    CHECK(outcome.passed == may_meet_defects);
  }
}

TEST_CASE("an I/O of a thousand commands that all time out has not stalled") {
  Trial trial;
  trial.may_end_early = true;
  Scenario& s = trial.scenario;
  s.seed = 840018046;
  s.compare = {Mode::kDdp};
  s.workload.bs = 8388096;
  s.workload.total_ios = 1;
  s.workload.runtime_ms = 1;
  s.network.c2h.reorder.probability = 0.7150231749242619;
  s.network.c2h.reorder.delay_us = 2672746.7621467244;
  s.host.nvme.reconnect_delay_ms = 600'000;
  s.host.nvme.kato = 0;
  s.target.mdts = 8192;
  const TrialOutcome outcome = RunTrial(trial);
  INFO(outcome.law << ": " << outcome.detail);
  CHECK(outcome.passed);
  CHECK(outcome.figures.at("runs_ended_early") == 1);
}

TEST_CASE("a broken law fails a drawn scenario too, and so does a loader that takes anything") {
  Trial trial;
  trial.may_end_early = trial.may_meet_defects = true;
  trial.scenario.compare = {Mode::kDdp};
  trial.scenario.host.nvme.data_digest = false;
  trial.scenario.workload.total_ios = 50;
  trial.scenario.network.c2h.corrupt.probability = 0.05;
  trial.scenario.network.c2h.corrupt.fix_checksum = true;
  trial.scenario.network.c2h.corrupt.field = settings::CorruptField::kData;
  CHECK(RunTrial(trial).law == "delivered_bytes_right");
  trial.corruption_expected = true;
  CHECK(RunTrial(trial).passed);
  trial.illegal = {"{}", "/network/mtu"};
  CHECK(RunTrial(trial).law == "loader_refuses");
}

TEST_CASE("what a known defect of the series explains is no failure of a drawn scenario") {
  Trial trial;
  Scenario& s = trial.scenario;
  s.compare = {Mode::kDdpCrc};
  s.workload.total_ios = 200;
  SECTION("C2HData in chunks") {
    s.target.c2h_chunk = 16 << 10;
    s.network.c2h.loss.model = settings::LossModelKind::kBernoulli;
    s.network.c2h.loss.probability = 0.01;
  }
  SECTION("coalesce without the crc bit") {
    s.workload.bs = 128 << 10;
    s.workload.iodepth = 8;
    s.host.nic.driver = settings::NicDriver::kV9;
    s.network.c2h.corrupt.probability = 0.05;
    s.network.c2h.corrupt.fix_checksum = true;
    s.network.c2h.corrupt.field = settings::CorruptField::kData;
  }
  SECTION("ccid reused without ccid_gen") {
    s.workload.iodepth = 1;
    s.host.nic.offload.ccid_gen = false;
  }
  CHECK_FALSE(RunTrial(trial).passed);
  trial.may_meet_defects = true;
  const TrialOutcome outcome = RunTrial(trial);
  INFO(outcome.law << ": " << outcome.detail);
  CHECK(outcome.passed);
  CHECK(outcome.figures.count("runs_with_known_defects") == 1);
}

}  // namespace ddpsim
