#include "sim/replay/replay.h"

#include <memory>
#include <utility>

#include "ddpsim/ports/fresh_kernel.h"
#include "sim/replay/capture_notes.h"
#include "sim/replay/capture_survey.h"
#include "sim/replay/host_notes.h"
#include "sim/replay/replay_result_builder.h"
#include "sim/replay/replay_system.h"
#include "sim/system/cost_profile.h"

namespace ddpsim {
namespace {

// What the recorded host accepted must fit: the largest that sk_rcvbuf can be.
constexpr int64_t kReceiveBuffer = int64_t{1} << 30;
// v6 of the series answers a resync request at exactly the asked header only.
constexpr uint32_t kExactResyncSince = 6;

SystemConfig ConfigOf(const ReplayOptions& options, Mode mode, const CostProfile& profile,
                      const CaptureSurvey& survey) {
  SystemConfig config = TranslateScenario(options.scenario, mode, profile);
  config.kernel.device.mtu = survey.mtu;
  config.kernel.cpu.cores = survey.cores;
  config.kernel.device.channels = survey.cores;
  config.kernel.tcp.rcvbuf = kReceiveBuffer;
  if (options.driver != 0) {
    config.kernel.device.driver = "v" + std::to_string(options.driver);
    const settings::OffloadConfig asked = options.scenario.host.nic.offload;
    const settings::OffloadConfig usual;
    // What was not asked for is the revision's own.
    if (asked.io_threshold == usual.io_threshold) config.kernel.io_threshold.reset();
    if (asked.max_queues == usual.max_queues) config.kernel.max_queues.reset();
    if (asked.resync_answer == usual.resync_answer)
      config.nvme.ddp.resync_exact = options.driver >= kExactResyncSince;
  }
  config.nic.pause = true;
  config.link.lossless = true;
  return config;
}

absl::Status ReplayMode(const ReplayOptions& options, Mode mode, const CostProfile& profile,
                        const CaptureSurvey& survey, ReplayResult* result) {
  WalkOptions walk_options = WalkOptionsOf(options, survey);
  walk_options.connection.check_digests = false;
  auto walk = CaptureWalk::Open(options.file, walk_options);
  if (!walk.ok()) return walk.status();
  std::unique_ptr<AnnotatedCapture> annotated;
  if (options.pcap_file) {
    const std::string path = options.pcap_file(mode);
    if (!path.empty()) {
      auto opened = AnnotatedCapture::Open(path);
      if (!opened.ok()) return opened.status();
      annotated = *std::move(opened);
    }
  }
  FreshKernel kernel;
  ReplaySystem system(ConfigOf(options, mode, profile, survey), mode, options, survey.facts,
                      *std::move(walk), annotated.get());
  if (absl::Status status = system.Run(); !status.ok()) return status;
  if (system.interrupted()) {
    result->interrupted = true;
    return absl::OkStatus();
  }
  AddRun(&system, mode, survey, result);
  return annotated == nullptr ? absl::OkStatus() : annotated->Close();
}

std::string NameOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace

absl::StatusOr<ReplayResult> ReplayCapture(const ReplayOptions& options) {
  const absl::StatusOr<CostProfile> profile = LoadCostProfile(options.scenario.host.cpu.profile);
  if (!profile.ok()) return absl::InvalidArgumentError(profile.status().message());
  absl::StatusOr<CaptureSurvey> survey = SurveyCapture(options);
  if (!survey.ok()) return survey.status();
  ReplayResult result;
  result.name = NameOf(options.file);
  result.cost_profile = options.scenario.host.cpu.profile;
  DescribeCapture(*survey, options, &result);
  for (Mode mode : options.scenario.compare) {
    if (options.interrupt != nullptr && *options.interrupt != 0) result.interrupted = true;
    if (result.interrupted) break;
    if (absl::Status status = ReplayMode(options, mode, *profile, *survey, &result); !status.ok())
      return status;
  }
  JudgeMovement(*survey, &result);
  CompareRuns(&result);
  AddHostNotes(&result);
  return result;
}

}  // namespace ddpsim
