// A cost profile: what the kernel's code costs on one real machine, a price per row of net/cost.h
// with its source, and the machine's frequency, cores and last-level cache. Kept as
// scenarios/profiles/NAME.json and compiled into the binary. Invariant: a profile prices every row,
// and names no other.
#ifndef DDPSIM_SIM_SYSTEM_COST_PROFILE_H_
#define DDPSIM_SIM_SYSTEM_COST_PROFILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ddpsim/net/cost.h"

namespace ddpsim {

struct CostProfile {
  std::string name;
  CostTable costs;
  uint32_t cores = 1;      // when the scenario does not say
  uint64_t llc_bytes = 0;  // what I/O buffers get of the last-level cache
};

// Names of the profiles compiled in, sorted.
std::vector<std::string> CostProfileNames();
// NotFound for an unknown name; InvalidArgument "file:line:col: /pointer: ..." for a bad profile.
absl::StatusOr<CostProfile> LoadCostProfile(const std::string& name);
absl::StatusOr<CostProfile> ParseCostProfile(const std::string& text, const std::string& file);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_COST_PROFILE_H_
