// Chance in the words of those who draw scenarios. Invariant: what it gives is a function of the
// seed and of the stream's name.
#ifndef DDPSIM_SIM_VALIDATE_DICE_H_
#define DDPSIM_SIM_VALIDATE_DICE_H_

#include <cstdint>
#include <initializer_list>

#include "absl/strings/string_view.h"
#include "ddpsim/base/rng.h"

namespace ddpsim {

class Dice {
 public:
  Dice(int64_t seed, absl::string_view stream) : rng_(static_cast<uint64_t>(seed), stream) {}

  // Both ends included, for any two 64-bit ends.
  int64_t Of(int64_t low, int64_t high) {
    const uint64_t span = static_cast<uint64_t>(high) - static_cast<uint64_t>(low);
    const uint64_t step = span == UINT64_MAX ? rng_.U64() : rng_.Below(span + 1);
    return static_cast<int64_t>(static_cast<uint64_t>(low) + step);
  }
  double Unit() { return rng_.Unit(); }
  bool Chance(double p) { return rng_.Unit() < p; }
  template <class T>
  T Pick(std::initializer_list<T> of) {
    return *(of.begin() + rng_.Below(of.size()));
  }
  template <class C>
  const typename C::value_type& OneOf(const C& of) {
    return of[rng_.Below(of.size())];
  }

 private:
  Rng rng_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_DICE_H_
