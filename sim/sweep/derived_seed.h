// The seed of a repetition. The first keeps the scenario's own; the others come from it by
// splitmix64 (Steele, Lea, Flood, OOPSLA 2014), so that adding repetitions leaves earlier ones as
// they are. All cells have the same seeds: differences between cells are not differences of luck.
// Invariant: below 2^53, so that JavaScript's numbers hold it.
#ifndef DDPSIM_SIM_SWEEP_DERIVED_SEED_H_
#define DDPSIM_SIM_SWEEP_DERIVED_SEED_H_

#include <cstdint>

#include "ddpsim/base/mix64.h"

namespace ddpsim::sweep {

inline int64_t DerivedSeed(int64_t seed, int64_t repetition) {
  if (repetition == 0) return seed;
  const uint64_t step = static_cast<uint64_t>(repetition) * 0x9e3779b97f4a7c15;
  return static_cast<int64_t>(Mix64(static_cast<uint64_t>(seed) + step) >> 11);
}

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_DERIVED_SEED_H_
