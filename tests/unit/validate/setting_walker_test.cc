#include "sim/validate/setting_walker.h"

#include <catch2/catch.hpp>
#include <set>

#include "sim/validate/setting_drawer.h"

namespace ddpsim {
namespace {

enum class Shape { kRound, kSquare };
constexpr EnumName<Shape> kShapeNames[] = {{Shape::kRound, "round"}, {Shape::kSquare, "square"}};

struct Element {
  int64_t at = 5;
  template <class V>
  void Describe(V& v) {
    v.Integer("at", at, {1, 100'000}, "", "");
  }
};

// Settings that nobody has registered anywhere.
struct Unknown {
  int64_t count = 10;
  int64_t bytes = 4096;
  double share = 0;
  bool on = false;
  Shape shape = Shape::kRound;
  double corner = 1;
  std::vector<int64_t> list;
  std::vector<Element> elements;

  template <class V>
  void Describe(V& v) {
    v.Integer("count", count, {-1, 1'000'000}, "", "");
    v.Bytes("bytes", bytes, {0, 1 << 30}, "");
    v.Number("share", share, {0, 1}, "", "");
    v.Boolean("on", on, "");
    v.Enum("shape", shape, kShapeNames, "");
    v.Case("shape", "square", shape == Shape::kSquare, Presence::kRequired, [&] {
      v.Number("corner", corner, {0, 1000}, "us", "");
    });
    v.Integers("list", list, {1, 50}, "");
    v.Groups("elements", elements, "");
  }
};

Unknown DrawnBy(const DrawPlan& plan, int64_t seed) {
  Unknown unknown;
  Dice dice(seed, "test");
  SettingDrawer drawer(plan, &dice);
  WalkSettings(&unknown, &drawer);
  return unknown;
}

}  // namespace

TEST_CASE("a new setting is drawn to both ends without being registered") {
  DrawPlan plan;
  plan.everything = true;
  std::set<int64_t> counts, bytes, elements;
  std::set<double> shares, corners;
  std::set<Shape> shapes;
  std::set<bool> on;
  size_t listed = 0;
  for (int64_t seed = 1; seed <= 3000; ++seed) {
    const Unknown drawn = DrawnBy(plan, seed);
    counts.insert(drawn.count);
    bytes.insert(drawn.bytes);
    shares.insert(drawn.share);
    shapes.insert(drawn.shape);
    on.insert(drawn.on);
    if (drawn.shape == Shape::kSquare) corners.insert(drawn.corner);
    listed += !drawn.list.empty();
    for (const Element& element : drawn.elements) elements.insert(element.at);
  }
  CHECK((*counts.begin() == -1 && *counts.rbegin() == 1'000'000));
  CHECK((*bytes.begin() == 0 && *bytes.rbegin() == 1 << 30));
  CHECK((*shares.begin() == 0 && *shares.rbegin() == 1));
  CHECK((*corners.begin() == 0 && *corners.rbegin() == 1000));
  CHECK((shapes.size() == 2 && on.size() == 2));
  CHECK(listed > 1000);
  CHECK((*elements.begin() == 1 && *elements.rbegin() == 100'000));
}

TEST_CASE("what a plan does not name keeps its value") {
  DrawPlan plan;
  plan.settings["/share"] = Draw::kEdge;
  for (int64_t seed = 1; seed <= 50; ++seed) {
    const Unknown drawn = DrawnBy(plan, seed);
    CHECK((drawn.share == 0 || drawn.share == 1));
    CHECK((drawn.count == 10 && drawn.bytes == 4096 && !drawn.on));
    CHECK((drawn.list.empty() && drawn.elements.empty()));
  }
}

TEST_CASE(
    "a setting of a case is drawn under the word that it needs, one of an element in a list") {
  DrawPlan plan;
  plan.words["/shape"] = "square";
  plan.settings["/corner"] = Draw::kEdge;
  plan.settings["/elements/*/at"] = Draw::kEdge;
  for (int64_t seed = 1; seed <= 50; ++seed) {
    const Unknown drawn = DrawnBy(plan, seed);
    CHECK(drawn.shape == Shape::kSquare);
    CHECK((drawn.corner == 0 || drawn.corner == 1000));
    REQUIRE_FALSE(drawn.elements.empty());
    const int64_t at = drawn.elements[0].at;
    CHECK((at == 1 || at == 2 || at == 99'999 || at == 100'000));
  }
}

}  // namespace ddpsim
