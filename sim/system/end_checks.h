// What the laws can say only when a run is over: nothing open, all counters in balance.
#ifndef DDPSIM_SIM_SYSTEM_END_CHECKS_H_
#define DDPSIM_SIM_SYSTEM_END_CHECKS_H_

#include "sim/system/system.h"

namespace ddpsim {

void CloseLaws(System* system, RunEnd end);
// The known defect by which every I/O of the load failed, so that no data moved; null: none, or
// some did. REQUIRES: the run is over.
const char* NothingMovedBy(System* system);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_END_CHECKS_H_
