// From the text of a sweep file to a SweepPlan, or to every complaint about it. What the values
// mean to a scenario is not looked at here: expand.h loads every point's scenario.
#ifndef DDPSIM_SIM_SWEEP_PLAN_READER_H_
#define DDPSIM_SIM_SWEEP_PLAN_READER_H_

#include <optional>
#include <string>

#include "sim/sweep/plan.h"

namespace ddpsim::sweep {

// `file` is what complaints call the text.
std::optional<SweepPlan> ReadPlan(const std::string& text, const std::string& file,
                                  Diagnostics& out);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_PLAN_READER_H_
