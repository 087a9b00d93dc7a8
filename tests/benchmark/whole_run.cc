// The whole system, laws and all: scenarios/quickstart.json, shortened, in the modes that differ
// most. A packet is a data frame that the target put on the wire, as /wire/c2h/packets counts it.
#include <fstream>
#include <sstream>
#include <string>

#include "ddpsim/base/check.h"
#include "sim/scenario/scenario_loader.h"
#include "sim/system/run.h"
#include "tests/benchmark/per_packet.h"

// SystemC's library refers to it; nothing calls it.
extern "C" int sc_main(int, char*[]) { return 0; }

namespace ddpsim {
namespace {

Scenario Shortened(const char* name, const char* ios) {
  std::ifstream file(std::string(DDPSIM_SCENARIOS) + "/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  LoadOptions options;
  options.overrides.push_back({"/workload/total_ios", ios});
  const LoadResult loaded = LoadScenario(text.str(), name, options);
  SIM_CHECK(loaded.plan.has_value(), "the scenario does not load");
  return loaded.plan->scenario;
}

void WholeRun(benchmark::State& state, const char* name, Mode mode) {
  const Scenario scenario = Shortened(name, "1000");
  int64_t packets = 0;
  for (auto _ : state) {
    const auto result = RunMode(scenario, mode, RunOptions());
    SIM_CHECK(result.ok() && result->verification.verdict == "pass", "the run failed");
    packets += result->wire.c2h.packets;
  }
  ReportPerPacket(state, packets);
}
BENCHMARK_CAPTURE(WholeRun, quickstart_software, "quickstart.json", Mode::kSoftware);
BENCHMARK_CAPTURE(WholeRun, quickstart_ddp_crc, "quickstart.json", Mode::kDdpCrc);
BENCHMARK_CAPTURE(WholeRun, loss_1_ddp_crc, "loss_1.json", Mode::kDdpCrc);
BENCHMARK_CAPTURE(WholeRun, mtu9000_software, "mtu9000.json", Mode::kSoftware);

}  // namespace
}  // namespace ddpsim
