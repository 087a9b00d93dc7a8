#include "sim/system/run.h"

#include <cstdio>
#include <memory>

#include "ddpsim/ports/fresh_kernel.h"
#include "sim/system/cost_profile.h"
#include "sim/system/result_builder.h"
#include "sim/system/system.h"
#include "sim/system/warnings.h"

namespace ddpsim {
namespace {

const char* EndedBy(RunEnd end) {
  switch (end) {
    case RunEnd::kTotalIos:
      return kEndedByIos;
    case RunEnd::kRuntime:
      return kEndedByRuntime;
    case RunEnd::kInterrupted:
      return kEndedByInterrupt;
    case RunEnd::kConnectFailed:
      return kEndedByConnectFailure;
    case RunEnd::kControllerLost:
      return kEndedByControllerLoss;
    case RunEnd::kEndOfTime:
      return kEndedByEndOfTime;
    case RunEnd::kStalled:
      break;
  }
  return kEndedByStall;
}

void TellBrokenLaw(const Laws& laws, const RunOptions& options) {
  const Law* law = laws.FirstBroken();
  if (law == nullptr || options.broken_law == nullptr) return;
  const Law::Told told = *law->First();
  *options.broken_law = {law->name(), *told.text, told.defect == nullptr ? "" : told.defect};
}

RunEnd RunToEnd(System* system, const RunOptions& options) {
  try {
    return system->Run(options.interrupt, [&options](int64_t ios, SimTime now) {
      if (options.progress) options.progress({ios, now});
    });
  } catch (...) {
    // What stopped the run may be the consequence of what a law has seen before.
    const Laws& laws = system->recorder().laws();
    TellBrokenLaw(laws, options);
    if (const Law* law = laws.FirstBroken(); law != nullptr) {
      std::fprintf(stderr, "ddpsim: before that %s was broken: %s\n", law->name().c_str(),
                   law->First()->text->c_str());
    }
    throw;
  }
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
  const RunEnd end = RunToEnd(&system, options);
  RunResult result = BuildResult(&system, end);
  result.warnings = WarningsOf(scenario, &system);
  TellBrokenLaw(system.recorder().laws(), options);
  result.mode = ModeName(mode);
  result.ended_by = EndedBy(end);
  result.end_reason = system.failure();
  if (capture != nullptr) {
    const absl::Status closed = capture->Close();
    if (!closed.ok()) return closed;
  }
  return result;
}

std::vector<std::string> CostProfiles() { return CostProfileNames(); }

}  // namespace ddpsim
