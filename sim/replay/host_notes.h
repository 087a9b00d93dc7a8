// What a replay tells in words of the simulated host: where nvme-tcp would have ended a connection,
// and whether the recorded host did; what Linux lets pass with a warning; and reads that no mapping
// holds.
#ifndef DDPSIM_SIM_REPLAY_HOST_NOTES_H_
#define DDPSIM_SIM_REPLAY_HOST_NOTES_H_

#include "sim/result/replay_result.h"

namespace ddpsim {

// Adds to `notes`. All modes have been run.
void AddHostNotes(ReplayResult* result);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_HOST_NOTES_H_
