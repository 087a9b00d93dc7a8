// How often each setting was drawn where: per word, per outer tenth of a range, at its very ends.
// A number that kept its default is not counted. Invariant: it counts what the run will have, not
// what was meant to be drawn.
#ifndef DDPSIM_SIM_VALIDATE_COVERAGE_H_
#define DDPSIM_SIM_VALIDATE_COVERAGE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace ddpsim {

struct SettingCoverage {
  std::string pointer;
  // "lowest tenth", "between", "highest tenth", "least", "most", a word, "true", "listed", ...
  std::map<std::string, int64_t> counts;
};

class DrawCoverage {
 public:
  DrawCoverage();

  void Add(const Scenario& scenario);
  int64_t scenarios() const { return scenarios_; }
  // With at least one setting in an outer tenth of its range.
  int64_t with_outer_tenth() const { return with_outer_tenth_; }
  // In the order of the schema, those never drawn too.
  const std::vector<SettingCoverage>& settings() const { return settings_; }

  // "setting | lowest tenth | ..." for people.
  std::string Table() const;

 private:
  int64_t scenarios_ = 0;
  int64_t with_outer_tenth_ = 0;
  std::vector<SettingCoverage> settings_;
};

// The settings of `scenario` that are not at their default and lie in an outer tenth.
std::vector<std::string> OuterTenthSettings(const Scenario& scenario);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_COVERAGE_H_
