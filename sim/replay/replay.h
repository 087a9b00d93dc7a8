// The one door between the command line and a replay: survey the capture, play it to the simulated
// host once per mode, return what came of it. Errors as of SurveyCapture(); any other status: an
// output could not be written (74). A model bug leaves as ModelBug (70).
#ifndef DDPSIM_SIM_REPLAY_REPLAY_H_
#define DDPSIM_SIM_REPLAY_REPLAY_H_

#include "absl/status/statusor.h"
#include "sim/replay/replay_options.h"
#include "sim/result/replay_result.h"

namespace ddpsim {

absl::StatusOr<ReplayResult> ReplayCapture(const ReplayOptions& options);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_REPLAY_H_
