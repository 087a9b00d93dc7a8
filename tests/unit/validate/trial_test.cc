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

}  // namespace ddpsim
