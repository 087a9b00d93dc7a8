// From a plan to every point's scenario, all checked before anything runs. A complaint about a
// value names its place in the plan. Invariant: the same plan and model give the same ids in the
// same order; values or repetitions added later leave the ids of the others as they are.
#ifndef DDPSIM_SIM_SWEEP_EXPAND_H_
#define DDPSIM_SIM_SWEEP_EXPAND_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario_loader.h"
#include "sim/sweep/plan.h"
#include "sim/sweep/sweep.h"

namespace ddpsim::sweep {

// More points than this is a slip of the pen, and would not fit into memory.
inline constexpr size_t kMaxPoints = 100'000;

struct ExpandInput {
  std::string name;
  JsonNode base;
  Origin base_origin;
  std::string base_file;  // what commands call it; "" if it stands in the plan
  LoadOptions options;    // --set, --seed, the profiles
  std::string model_version;
};

struct Expansion {
  std::vector<std::string> files;  // that it was read from
  Sweep sweep;
  std::map<std::string, std::string> scenarios;  // id -> resolved scenario
};

std::optional<Expansion> Expand(const SweepPlan& plan, const ExpandInput& input, Diagnostics& out);

// Of a resolved scenario: 16 hex digits of SHA-256 over model version and scenario.
std::string PointId(const std::string& scenario, const std::string& model_version);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_EXPAND_H_
