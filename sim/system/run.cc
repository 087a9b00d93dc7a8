#include "sim/system/run.h"

#include <cstdio>
#include <memory>

#include "ddpsim/ports/fresh_kernel.h"
#include "sim/system/cost_profile.h"
#include "sim/system/result_builder.h"
#include "sim/system/system.h"

namespace ddpsim {
namespace {

const char* EndedBy(RunEnd end, const Scenario& scenario) {
  if (end == RunEnd::kInterrupted) return kEndedByInterrupt;
  if (end == RunEnd::kStalled) return kEndedByStall;
  return scenario.workload.total_ios > 0 ? kEndedByIos : kEndedByRuntime;
}

}  // namespace

absl::StatusOr<RunResult> RunMode(const Scenario& scenario, Mode mode, const RunOptions& options) {
  const absl::StatusOr<CostProfile> profile = LoadCostProfile(scenario.host.cpu.profile);
  if (!profile.ok()) return absl::InvalidArgumentError(profile.status().message());
  std::unique_ptr<CaptureTap> capture;
  if (!options.pcap_file.empty()) {
    auto opened = CaptureTap::Open(options.pcap_file);
    if (!opened.ok()) return opened.status();
    capture = *std::move(opened);
  }
  SystemConfig config = TranslateScenario(scenario, mode, *profile);
  config.corruption_expected = options.corruption_expected;
  FreshKernel kernel;
  System system(config, capture.get());
  system.recorder().fault_log().Enable(options.fault_log);
  const RunEnd end = system.Run(options.interrupt, [&options](int64_t ios, SimTime now) {
    if (options.progress) options.progress({ios, now});
  });
  if (!system.failure().empty()) std::fprintf(stderr, "ddpsim: %s\n", system.failure().c_str());
  RunResult result = BuildResult(&system, end);
  result.mode = ModeName(mode);
  result.ended_by = EndedBy(end, scenario);
  if (capture != nullptr) {
    const absl::Status closed = capture->Close();
    if (!closed.ok()) return closed;
  }
  return result;
}

std::vector<std::string> CostProfiles() { return CostProfileNames(); }

}  // namespace ddpsim
