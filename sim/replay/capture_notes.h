// What a reader should know of a capture, in whole sentences: how it was made, what was repaired or
// left out, why nothing of it could be played.
#ifndef DDPSIM_SIM_REPLAY_CAPTURE_NOTES_H_
#define DDPSIM_SIM_REPLAY_CAPTURE_NOTES_H_

#include <string>

#include "sim/replay/capture_survey.h"

namespace ddpsim {

// Of the capture as it is; no run is in the result yet.
void AddNotes(const CaptureSurvey& survey, const ReplayOptions& options, ReplayResult* result);

// Of a capture that holds no connection of the ports asked for.
std::string WhyNoConnection(const ReplayOptions& options, const CaptureScan& scan);

// Makes runs that moved no data fail, and says why nothing was moved when none did.
void JudgeMovement(const CaptureSurvey& survey, ReplayResult* result);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_CAPTURE_NOTES_H_
