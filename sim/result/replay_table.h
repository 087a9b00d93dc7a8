// The result of a replay for people: what the capture holds, then, mode by mode, what this NIC
// would have done with it.
#ifndef DDPSIM_SIM_RESULT_REPLAY_TABLE_H_
#define DDPSIM_SIM_RESULT_REPLAY_TABLE_H_

#include <string>

#include "sim/result/replay_result.h"

namespace ddpsim {

std::string ReplayTable(const ReplayResult& result, bool color);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_REPLAY_TABLE_H_
