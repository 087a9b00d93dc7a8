// The result for people: modes side by side, then where bytes were not placed, what the wire did,
// and what went wrong. At most 100 columns for the five modes. Every figure in it is in the JSON
// too.
#ifndef DDPSIM_SIM_RESULT_RESULT_TABLE_H_
#define DDPSIM_SIM_RESULT_RESULT_TABLE_H_

#include <string>

#include "sim/result/scenario_result.h"

namespace ddpsim {

std::string ResultTable(const ScenarioResult& result, bool color);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_RESULT_TABLE_H_
