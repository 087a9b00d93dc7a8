// A scenario, resolved: every setting of one simulated experiment, checked, with nothing left to
// guess. LoadScenario() (scenario_loader.h) makes one from JSON; the bench builds the system from
// it. The defaults are the members' initial values, everywhere.
#ifndef DDPSIM_SIM_SCENARIO_SCENARIO_H_
#define DDPSIM_SIM_SCENARIO_SCENARIO_H_

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ddpsim/base/fields.h"
#include "sim/scenario/host_config.h"
#include "sim/scenario/network_config.h"
#include "sim/scenario/target_config.h"
#include "sim/scenario/workload_config.h"

namespace ddpsim {

// What the NIC (or the bench, for skip) takes off the host.
enum class Mode { kSoftware, kCrc, kDdp, kDdpCrc, kSkip };
inline constexpr EnumName<Mode> kModeNames[] = {{Mode::kSoftware, "software"},
                                                {Mode::kCrc, "crc"},
                                                {Mode::kDdp, "ddp"},
                                                {Mode::kDdpCrc, "ddp+crc"},
                                                {Mode::kSkip, "skip"}};
const char* ModeName(Mode mode);

enum class ExpectOperator { kMin, kMax, kAbove, kBelow, kEquals, kNotEquals };
inline constexpr EnumName<ExpectOperator> kExpectOperatorNames[] = {
    {ExpectOperator::kMin, "min"},       {ExpectOperator::kMax, "max"},
    {ExpectOperator::kAbove, "above"},   {ExpectOperator::kBelow, "below"},
    {ExpectOperator::kEquals, "equals"}, {ExpectOperator::kNotEquals, "not_equals"}};

// One figure of one run must compare so with `value`. `pointer` is a JSON Pointer into that run's
// element of runs[].
struct Expectation {
  std::string variant;  // empty: the scenario itself
  Mode mode = Mode::kSoftware;
  std::string pointer;
  ExpectOperator op = ExpectOperator::kEquals;
  std::variant<bool, int64_t, double, std::string> value;
};

struct Scenario {
  std::string description;
  int64_t seed = 1;
  int64_t tie_seed = 0;
  std::vector<Mode> compare = {Mode::kSoftware, Mode::kCrc, Mode::kDdp, Mode::kDdpCrc, Mode::kSkip};
  settings::WorkloadConfig workload;
  settings::NetworkConfig network;
  settings::HostConfig host;
  settings::TargetConfig target;

  template <class V>
  void Describe(V& v) {
    v.String("description", description, "what the scenario shows");
    v.Integer("seed", seed, {0, INT64_MAX}, "",
              "seed of every random stream; the same seed gives the same bytes");
    v.Integer("tie_seed", tie_seed, {0, INT64_MAX}, "",
              "order of what happens at the same instant: 0, first come first served; else drawn "
              "from this seed");
    v.Enums("compare", compare, kModeNames, "modes to run, the first is the baseline");
    v.Group("workload", workload, "the load, in fio's words");
    v.Group("network", network, "the link and its faults");
    v.Group("host", host, "the storage host");
    v.Group("target", target, "the storage target");
  }
};

// The same scenario under a named set of changes. Its compare list is the scenario's own.
struct ScenarioVariant {
  std::string name;
  std::vector<std::pair<std::string, std::string>> changes;  // JSON Pointer, JSON text
  Scenario scenario;
};

// Everything one scenario file asks for: the scenario itself always runs, then each variant.
struct ScenarioPlan {
  Scenario scenario;
  std::vector<ScenarioVariant> variants;
  std::vector<Expectation> expect;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SCENARIO_SCENARIO_H_
