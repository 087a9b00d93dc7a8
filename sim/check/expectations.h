// Judges a scenario's `expect` block on the runs' own JSON, so that a pointer means what a reader
// of the result file sees. Invariant: an expectation that points to nothing, or whose run is
// missing, has failed.
#ifndef DDPSIM_SIM_CHECK_EXPECTATIONS_H_
#define DDPSIM_SIM_CHECK_EXPECTATIONS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace ddpsim {

struct FailedExpectation {
  std::string run;  // MODE or VARIANT/MODE
  std::string pointer;
  std::string op;
  nlohmann::ordered_json expected;
  nlohmann::ordered_json got;  // null: there is nothing
};

struct ExpectResult {
  int passed = 0;
  std::vector<FailedExpectation> failed;
};

// `runs`: elements of runs[] as RunJson() writes them.
ExpectResult JudgeExpectations(const std::vector<Expectation>& expect,
                               const std::vector<nlohmann::ordered_json>& runs);

// "ddp+crc /offload/placed_fraction: expected min 0.9, got 0.85"
std::string ToString(const FailedExpectation& failed);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_EXPECTATIONS_H_
