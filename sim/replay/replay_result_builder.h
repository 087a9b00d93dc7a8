// From a finished replay to its figures. Judges the laws that close at the end.
#ifndef DDPSIM_SIM_REPLAY_REPLAY_RESULT_BUILDER_H_
#define DDPSIM_SIM_REPLAY_REPLAY_RESULT_BUILDER_H_

#include "sim/replay/capture_survey.h"
#include "sim/replay/replay_system.h"
#include "sim/result/replay_result.h"

namespace ddpsim {

void AddRun(ReplaySystem* system, Mode mode, const CaptureSurvey& survey, ReplayResult* result);
// What each mode saves over the first.
void CompareRuns(ReplayResult* result);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_REPLAY_RESULT_BUILDER_H_
