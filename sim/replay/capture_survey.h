// The first look at a capture, before anything is simulated: walks it once and says what is in it.
// Errors: InvalidArgument: not a capture, damaged, or without a connection of the port (exit 65);
// NotFound: there is no such file (66).
#ifndef DDPSIM_SIM_REPLAY_CAPTURE_SURVEY_H_
#define DDPSIM_SIM_REPLAY_CAPTURE_SURVEY_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "models/capture/capture_walk.h"
#include "sim/replay/replay_connection.h"
#include "sim/replay/replay_options.h"
#include "sim/result/replay_result.h"

namespace ddpsim {

struct CaptureSurvey {
  std::shared_ptr<const CaptureScan> scan;
  std::unique_ptr<CaptureWalk> walk;  // finished
  uint32_t mtu = 1500;                // of the replay
  uint32_t mtu_without_syns = 0;      // where packets are larger than that; 0: they are not
  uint32_t path_mtu = 1500;           // as the capture has it
  uint32_t cores = 1;
  std::vector<ConnectionFacts> facts;
};

// `options.interrupt`: the walk ends early, with what it has.
absl::StatusOr<CaptureSurvey> SurveyCapture(const ReplayOptions& options);
WalkOptions WalkOptionsOf(const ReplayOptions& options, const CaptureSurvey& survey);

// What the survey found, as results; no run is in it yet.
void DescribeCapture(const CaptureSurvey& survey, const ReplayOptions& options,
                     ReplayResult* result);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_CAPTURE_SURVEY_H_
