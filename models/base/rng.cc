#include "ddpsim/base/rng.h"

#include <cmath>

#include "ddpsim/base/mix64.h"

namespace ddpsim {
namespace {

uint64_t SplitMix64(uint64_t* state) { return Mix64(*state += 0x9e3779b97f4a7c15u); }

uint64_t Rotl(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

}  // namespace

Rng::Rng(uint64_t seed, absl::string_view name) {
  uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a, 64 bit
  for (char c : name) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
  uint64_t state = seed;
  state = SplitMix64(&state) ^ hash;
  for (uint64_t& word : s_) word = SplitMix64(&state);
}

uint64_t Rng::U64() {
  const uint64_t result = Rotl(s_[1] * 5, 7) * 9;
  const uint64_t t = s_[1] << 17;
  s_[2] ^= s_[0];
  s_[3] ^= s_[1];
  s_[1] ^= s_[2];
  s_[0] ^= s_[3];
  s_[2] ^= t;
  s_[3] = Rotl(s_[3], 45);
  return result;
}

uint64_t Rng::Below(uint64_t n) {
  // Lemire, "Fast Random Integer Generation in an Interval" (2019): multiply, reject the biased low
  // part.
  unsigned __int128 product = static_cast<unsigned __int128>(U64()) * n;
  if (static_cast<uint64_t>(product) < n) {
    const uint64_t threshold = -n % n;
    while (static_cast<uint64_t>(product) < threshold) {
      product = static_cast<unsigned __int128>(U64()) * n;
    }
  }
  return static_cast<uint64_t>(product >> 64);
}

double Rng::Unit() { return static_cast<double>(U64() >> 11) * 0x1.0p-53; }

bool Rng::Bernoulli(double p) {
  if (p <= 0) return false;
  if (p >= 1) return true;
  return Unit() < p;
}

double Rng::Exponential(double mean) { return -mean * std::log1p(-Unit()); }

double Rng::Normal() {
  const double u = 1.0 - Unit();
  const double v = Unit();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586 * v);
}

}  // namespace ddpsim
