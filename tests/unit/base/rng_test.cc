#include "ddpsim/base/rng.h"

#include <catch2/catch.hpp>
#include <cmath>

namespace ddpsim {
namespace {

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
