// A double for people: whole numbers without an exponent.
#ifndef DDPSIM_SIM_SCENARIO_NUMBER_TEXT_H_
#define DDPSIM_SIM_SCENARIO_NUMBER_TEXT_H_

#include <cmath>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace ddpsim {

inline std::string NumberText(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15)
    return absl::StrCat(static_cast<int64_t>(value));
  return absl::StrCat(value);
}

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SCENARIO_NUMBER_TEXT_H_
