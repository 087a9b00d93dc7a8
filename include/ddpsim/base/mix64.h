// The finish of splitmix64 (Steele, Lea, Flood 2014, variant 13 of Stafford): each bit of the
// result depends on all bits of `x`. Invariants: a bijection; 0 stays 0; not for adversaries.
#ifndef DDPSIM_BASE_MIX64_H_
#define DDPSIM_BASE_MIX64_H_

#include <cstdint>

namespace ddpsim {

constexpr uint64_t Mix64(uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

}  // namespace ddpsim

#endif  // DDPSIM_BASE_MIX64_H_
