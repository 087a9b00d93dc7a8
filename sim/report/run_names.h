// The runs of a sweep by name, "MODE" or "VARIANT/MODE", in order of first appearance.
#ifndef DDPSIM_SIM_REPORT_RUN_NAMES_H_
#define DDPSIM_SIM_REPORT_RUN_NAMES_H_

#include <algorithm>
#include <string>
#include <vector>

#include "sim/sweep/sweep.h"

namespace ddpsim::report {

inline std::string RunName(const sweep::RunKey& key) {
  return key.variant.empty() ? key.mode : key.variant + "/" + key.mode;
}

inline std::vector<std::string> RunNames(const sweep::Sweep& sweep) {
  std::vector<std::string> names;
  for (const sweep::SweepCell& cell : sweep.cells) {
    for (const sweep::RunKey& key : cell.runs) {
      const std::string name = RunName(key);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

}  // namespace ddpsim::report

#endif  // DDPSIM_SIM_REPORT_RUN_NAMES_H_
