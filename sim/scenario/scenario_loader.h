// From the text of a scenario file and the command line's --set to a ScenarioPlan, or to every
// complaint about it. Steps: parse with places, merge the changes of a sweep, --set and --seed,
// read and check the scenario, then each variant, then `expect`. Left out: whether the cost profile
// named exists (the bench knows the profiles and checks by KnownProfiles).
#ifndef DDPSIM_SIM_SCENARIO_SCENARIO_LOADER_H_
#define DDPSIM_SIM_SCENARIO_SCENARIO_LOADER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/text/diagnostic.h"
#include "sim/text/json_node.h"

namespace ddpsim {

// One --set POINTER=VALUE; VALUE is JSON if it parses as such, else a string.
struct Override {
  std::string pointer;
  std::string value;
};

// A change that another file asks for: `value` carries the place where it was written, `key` is
// where its pointer stands.
struct PlacedOverride {
  std::string pointer;
  JsonNode value;
  Origin key;
  bool varies = false;  // the value is one of several that are compared
};

struct LoadOptions {
  std::vector<Override> overrides;
  std::optional<int64_t> seed;
  // Names that host.cpu.profile may have; empty: any.
  std::vector<std::string> profiles;
  // Applied before `overrides`.
  std::vector<PlacedOverride> placed = {};
  // The scenario is run with several seeds: a variant with a seed of its own would be one run told
  // as many.
  bool several_seeds = false;
};

struct LoadResult {
  std::optional<ScenarioPlan> plan;  // nothing if there is any complaint
  Diagnostics diagnostics;
};

// `file` is what complaints call the text.
LoadResult LoadScenario(const std::string& text, const std::string& file,
                        const LoadOptions& options);
// Of a document that is parsed already and stands at `origin`.
LoadResult LoadScenario(JsonNode root, const Origin& origin, const LoadOptions& options);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SCENARIO_SCENARIO_LOADER_H_
