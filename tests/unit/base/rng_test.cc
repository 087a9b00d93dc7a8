#include "ddpsim/base/rng.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

namespace ddpsim {
namespace {

// Vigna's splitmix64.c and xoshiro256starstar.c (public domain), and FNV-1a, written out once more.
class Reference {
 public:
  Reference(uint64_t seed, const std::string& name) {
    uint64_t hash = 14695981039346656037u;
    for (char c : name) {
      hash ^= static_cast<unsigned char>(c);
      hash *= 1099511628211u;
    }
    x_ = seed;
    x_ = Mix() ^ hash;
    for (uint64_t& word : state_) word = Mix();
  }
  uint64_t Next() {
    const uint64_t result = Rotated(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] * (uint64_t{1} << 17);
    state_[2] = state_[2] ^ state_[0];
    state_[3] = state_[3] ^ state_[1];
    state_[1] = state_[1] ^ state_[2];
    state_[0] = state_[0] ^ state_[3];
    state_[2] = state_[2] ^ shifted;
    state_[3] = Rotated(state_[3], 45);
    return result;
  }

 private:
  static uint64_t Rotated(uint64_t value, unsigned by) {
    return (value << by) + (value >> (64 - by));
  }
  uint64_t Mix() {
    x_ += 11400714819323198485u;
    uint64_t z = x_;
    z = (z ^ z / (uint64_t{1} << 30)) * 13787848793156543929u;
    z = (z ^ z / (uint64_t{1} << 27)) * 10723151780598845931u;
    return z ^ z / (uint64_t{1} << 31);
  }

  uint64_t x_;
  uint64_t state_[4];
};

TEST_CASE("the generator is xoshiro256** seeded by splitmix64 and the name's FNV-1a") {
  for (uint64_t seed : {uint64_t{0}, uint64_t{1}, ~uint64_t{0}}) {
    for (const char* name : {"", "c2h.loss", "x"}) {
      Rng rng(seed, name);
      Reference reference(seed, name);
      for (int i = 0; i < 100; ++i) REQUIRE(rng.U64() == reference.Next());
    }
  }
}

TEST_CASE("Below takes the upper half of the product, Unit the upper 53 bits") {
  Rng rng(1, "x"), same(1, "x");
  for (int i = 0; i < 1000; ++i) {
    const uint64_t word = same.U64();
    REQUIRE(rng.Below(1000) ==
            static_cast<uint64_t>(static_cast<unsigned __int128>(word) * 1000 >> 64));
  }
  for (int i = 0; i < 1000; ++i)
    REQUIRE(rng.Unit() == std::ldexp(static_cast<double>(same.U64() >> 11), -53));
}

TEST_CASE("Below has no bias where the range is near the width of a word") {
  // A third of the words stand for a value twice; without rejection the lower half would come more
  // often.
  const uint64_t n = uint64_t{3} << 62;
  Rng rng(1, "wide");
  int low = 0;
  for (int i = 0; i < 30000; ++i) {
    const uint64_t value = rng.Below(n);
    REQUIRE(value < n);
    low += value % 3 == 0 ? 1 : 0;
  }
  CHECK(std::abs(low - 10000) < 450);  // five standard deviations
}

TEST_CASE("equal seed and name give the same sequence, another name or seed another") {
  Rng a(7, "c2h.loss");
  Rng b(7, "c2h.loss");
  Rng other_name(7, "h2c.loss");
  Rng other_seed(8, "c2h.loss");
  const uint64_t first = a.U64();
  CHECK(b.U64() == first);
  CHECK(other_name.U64() != first);
  CHECK(other_seed.U64() != first);
  for (int i = 0; i < 1000; ++i) REQUIRE(a.U64() == b.U64());
}

TEST_CASE("Below stays below and reaches every value about equally often") {
  Rng rng(1, "below");
  int counts[7] = {};
  for (int i = 0; i < 70000; ++i) ++counts[rng.Below(7)];
  for (int count : counts) CHECK(std::abs(count - 10000) < 500);  // five standard deviations
  for (int i = 0; i < 100; ++i) CHECK(rng.Below(1) == 0);
}

TEST_CASE("Unit lies in [0, 1) with mean one half") {
  Rng rng(1, "unit");
  double sum = 0;
  for (int i = 0; i < 100000; ++i) {
    const double u = rng.Unit();
    REQUIRE(u >= 0);
    REQUIRE(u < 1);
    sum += u;
  }
  CHECK(sum / 100000 == Approx(0.5).margin(0.005));
}

TEST_CASE("Bernoulli hits its probability and draws nothing when certain") {
  Rng rng(1, "bernoulli");
  int hits = 0;
  for (int i = 0; i < 100000; ++i) hits += rng.Bernoulli(0.01) ? 1 : 0;
  CHECK(std::abs(hits - 1000) < 160);
  Rng a(2, "bernoulli");
  Rng b(2, "bernoulli");
  CHECK_FALSE(a.Bernoulli(0));
  CHECK(a.Bernoulli(1));
  CHECK(a.U64() == b.U64());
}

TEST_CASE("Exponential and Normal have their moments") {
  Rng rng(1, "moments");
  double exponential = 0;
  double normal = 0;
  double squares = 0;
  for (int i = 0; i < 100000; ++i) {
    exponential += rng.Exponential(3.0);
    const double n = rng.Normal();
    normal += n;
    squares += n * n;
  }
  CHECK(exponential / 100000 == Approx(3.0).epsilon(0.02));
  CHECK(normal / 100000 == Approx(0.0).margin(0.016));
  CHECK(squares / 100000 == Approx(1.0).epsilon(0.025));
}

}  // namespace
}  // namespace ddpsim
