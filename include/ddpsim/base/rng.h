// Named random streams: Rng(seed, "c2h.loss") gives the same sequence on every machine, compiler
// and optimisation level, and adding a stream never disturbs another. xoshiro256** 1.0 (Blackman,
// Vigna), seeded by splitmix64 of seed and FNV-1a(name). No std::*_distribution (their output is
// not specified) and no absl::BitGen (differs from run to run).
#ifndef DDPSIM_BASE_RNG_H_
#define DDPSIM_BASE_RNG_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ddpsim {

class Rng {
 public:
  Rng(uint64_t seed, absl::string_view name);

  uint64_t U64();
  // Uniform in [0, n), unbiased. REQUIRES: n > 0.
  uint64_t Below(uint64_t n);
  // Uniform in [0, 1) with 53 bits.
  double Unit();
  // True with probability p; draws nothing when p <= 0 or p >= 1.
  bool Bernoulli(double p);
  double Exponential(double mean);
  // Standard normal, Box-Muller, one value per two draws (the second is thrown away: no hidden
  // state).
  double Normal();

 private:
  uint64_t s_[4];
};

}  // namespace ddpsim

#endif  // DDPSIM_BASE_RNG_H_
