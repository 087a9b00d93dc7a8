#include "sim/check/law.h"

#include <catch2/catch.hpp>

#include "sim/check/laws.h"

namespace ddpsim {
namespace {

struct Strict : Law {
  Strict() : Law("strict") {}
  void Break(const char* what, SimTime now, const char* defect = nullptr) {
    Violate(now, what);
    if (defect != nullptr) Explain(defect);
  }
};

TEST_CASE("a violation that no known defect explains is kept behind any number of explained ones") {
  Strict law;
  CHECK_FALSE(law.First().has_value());
  for (int i = 0; i < 20; ++i) law.Break("known", 1_us, "a defect");
  CHECK(law.violation_count() == 20);
  CHECK(law.unexplained_count() == 0);
  CHECK(law.violations().size() == 8);
  CHECK(std::string(law.First()->defect) == "a defect");
  law.Break("new", 2_us);
  law.Break("newer", 3_us);
  CHECK(law.unexplained_count() == 2);
  CHECK(law.violations().size() == 8);
  CHECK(law.First()->defect == nullptr);
  CHECK(*law.First()->text == "at 2000 ns: new");
}

TEST_CASE("a violation that is not among those kept is explained like any other") {
  Strict law;
  for (int i = 0; i < 9; ++i) law.Break("new", 1_us);
  law.Break("known", 2_us, "a defect");
  CHECK(law.unexplained_count() == 9);
  for (const char* defect : law.defects()) CHECK(defect == nullptr);
}

TEST_CASE("several violations may come from one defect, those told last") {
  Strict law;
  for (int i = 0; i < 7; ++i) law.Break("new", 1_us);
  for (int i = 0; i < 4; ++i) law.Break("known", 2_us);
  law.Explain("a defect", 4);
  CHECK(law.unexplained_count() == 7);
  REQUIRE(law.defects().size() == 8);
  for (int i = 0; i < 7; ++i) CHECK(law.defects()[static_cast<size_t>(i)] == nullptr);
  CHECK(law.defects()[7] != nullptr);
  law.Explain("a defect", 0);
  CHECK(law.unexplained_count() == 7);
}

TEST_CASE("a violation is explained by its number, whatever was told after it") {
  Strict law;
  law.Break("old", 1_us);
  law.Break("new", 2_us);
  law.ExplainNumber("a defect", 1);
  CHECK(law.unexplained_count() == 1);
  REQUIRE(law.defects().size() == 2);
  CHECK(std::string(law.defects()[0]) == "a defect");
  CHECK(law.defects()[1] == nullptr);
}

TEST_CASE("the law broken first is one that no known defect explains, if there is any") {
  const HostMemory memory;
  Laws laws(&memory);
  laws.ownership.OnMatched(1, 512, 1, 2, 1_us);
  laws.ownership.Explain("a defect");
  CHECK(laws.FirstBroken() == &laws.ownership);
  laws.storage.OnRefused(1, Refusal::kHeader, 5_us);
  CHECK(laws.FirstBroken() == &laws.storage);
}

}  // namespace
}  // namespace ddpsim
