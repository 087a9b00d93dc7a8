// Judges a scenario's `expect` block on the runs' own JSON, so that a pointer means what a reader
// of the result file sees. Invariant: an expectation that points to nothing, or whose run is
// missing, has failed.
#ifndef DDPSIM_SIM_CHECK_EXPECTATIONS_H_
#define DDPSIM_SIM_CHECK_EXPECTATIONS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/result/expect_result.h"
#include "sim/scenario/scenario.h"

namespace ddpsim {

// `runs`: elements of runs[] as RunJson() writes them.
ExpectResult JudgeExpectations(const std::vector<Expectation>& expect,
                               const std::vector<nlohmann::ordered_json>& runs);

// An expectation about corrupt_delivered allows wrong bytes: they are then counted, and no
// violation.
bool ForeseesWrongBytes(const std::vector<Expectation>& expect, const std::string& variant,
                        Mode mode);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_EXPECTATIONS_H_
