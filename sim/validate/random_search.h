// Trials by seed: random scenarios, or a scenario of the user's under other seeds. Of the random
// ones each eighth is also made illegal, and the loader must refuse that. Failures are minimised
// and written as scenario files.
#ifndef DDPSIM_SIM_VALIDATE_RANDOM_SEARCH_H_
#define DDPSIM_SIM_VALIDATE_RANDOM_SEARCH_H_

#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/validate/trial.h"
#include "sim/validate/validate_report.h"

namespace ddpsim {

std::vector<Trial> RandomTrials(int64_t first, int64_t count);
// What RandomTrials() would run, as files in `folder`, which is made; and manifest.jsonl, a line
// for each: {"file", "style", "outer": settings in an outer tenth}, or {"file", "refused_at"} for
// an illegal one. What could not be written, or "".
std::string WriteRandomScenarios(int64_t first, int64_t count, const std::string& folder);
// Every mode of `plan` and of its variants under seeds first .. first + count - 1.
std::vector<Trial> ScenarioTrials(const ScenarioPlan& plan, const std::string& name, int64_t first,
                                  int64_t count);

// `again` is the command that repeats a trial, but for its seed. Minimised scenarios go to
// `folder`.
ValidateReport Search(const std::vector<Trial>& trials, const Workers& workers,
                      const std::string& again, const std::string& folder);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_RANDOM_SEARCH_H_
