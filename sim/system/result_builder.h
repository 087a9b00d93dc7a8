// From a finished system to its figures.
#ifndef DDPSIM_SIM_SYSTEM_RESULT_BUILDER_H_
#define DDPSIM_SIM_SYSTEM_RESULT_BUILDER_H_

#include "sim/result/run_result.h"
#include "sim/system/system.h"

namespace ddpsim {

// Judges the laws that close at the end of a run, then collects every figure but mode and ended_by.
RunResult BuildResult(System* system, RunEnd end);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_RESULT_BUILDER_H_
