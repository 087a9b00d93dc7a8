// What became of a scenario's `expect` block. sim/check/expectations.h judges it; result file,
// table and command line show it.
#ifndef DDPSIM_SIM_RESULT_EXPECT_RESULT_H_
#define DDPSIM_SIM_RESULT_EXPECT_RESULT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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

// "ddp+crc /offload/placed_fraction: expected min 0.9, got 0.85"
std::string ToString(const FailedExpectation& failed);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_EXPECT_RESULT_H_
