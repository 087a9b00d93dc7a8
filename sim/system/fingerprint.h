// A digest of the event trajectory: every frame that arrived and every request that ended, with its
// time. Any change of behaviour changes it; a change of the code that keeps behaviour keeps it (the
// idea is INET's fingerprint tests).
#ifndef DDPSIM_SIM_SYSTEM_FINGERPRINT_H_
#define DDPSIM_SIM_SYSTEM_FINGERPRINT_H_

#include <cstdint>

#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class Fingerprint {
 public:
  void Add(SimTime at, uint64_t what) {
    // Multiplicative mixing (the constants are splitmix64's).
    value_ = (value_ ^ static_cast<uint64_t>(at.ps())) * 0xbf58476d1ce4e5b9u;
    value_ = (value_ ^ (value_ >> 29) ^ what) * 0x94d049bb133111ebu;
    value_ ^= value_ >> 31;
  }
  uint64_t value() const { return value_; }

 private:
  uint64_t value_ = 0x9e3779b97f4a7c15u;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_FINGERPRINT_H_
