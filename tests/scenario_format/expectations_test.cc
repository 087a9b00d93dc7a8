#include "sim/check/expectations.h"

#include <catch2/catch.hpp>

#include "sim/result/result_json.h"
#include "tests/scenario_format/sample_run.h"

namespace ddpsim {
namespace {

using Value = std::variant<bool, int64_t, double, std::string>;

ExpectResult Judge(const std::string& pointer, ExpectOperator op, Value value,
                   const std::string& variant = "") {
  return JudgeExpectations({{variant, Mode::kDdp, pointer, op, value}},
                           {RunJson(SampleRun("ddp", 90'000))});
}

bool Met(const std::string& pointer, ExpectOperator op, Value value) {
  const ExpectResult result = Judge(pointer, op, value);
  CHECK(static_cast<size_t>(result.passed) + result.failed.size() == 1);
  return result.passed == 1;
}

TEST_CASE("numbers are compared by every operator, at and beside the bound") {
  const std::string ios = "/read/total_ios";
  CHECK(Met(ios, ExpectOperator::kMin, int64_t{4000}));
  CHECK_FALSE(Met(ios, ExpectOperator::kMin, int64_t{4001}));
  CHECK(Met(ios, ExpectOperator::kMax, int64_t{4000}));
  CHECK_FALSE(Met(ios, ExpectOperator::kMax, int64_t{3999}));
  CHECK(Met(ios, ExpectOperator::kAbove, int64_t{3999}));
  CHECK_FALSE(Met(ios, ExpectOperator::kAbove, int64_t{4000}));
  CHECK(Met(ios, ExpectOperator::kBelow, int64_t{4001}));
  CHECK_FALSE(Met(ios, ExpectOperator::kBelow, int64_t{4000}));
  CHECK(Met(ios, ExpectOperator::kEquals, int64_t{4000}));
  CHECK_FALSE(Met(ios, ExpectOperator::kNotEquals, int64_t{4000}));
}

TEST_CASE("a bound may have a fraction") {
  CHECK(Met("/cpu/utilization", ExpectOperator::kMin, 0.5));
  CHECK_FALSE(Met("/cpu/utilization", ExpectOperator::kAbove, 0.5));
}

TEST_CASE("strings are compared for equality") {
  CHECK(Met("/verification/verdict", ExpectOperator::kEquals, std::string("pass")));
  CHECK_FALSE(Met("/verification/verdict", ExpectOperator::kEquals, std::string("fail")));
  CHECK(Met("/verification/verdict", ExpectOperator::kNotEquals, std::string("fail")));
  CHECK_FALSE(Met("/verification/verdict", ExpectOperator::kMin, int64_t{1}));
}

TEST_CASE("a pointer to nothing fails, even when something unequal is wanted") {
  CHECK_FALSE(Met("/offload/not_placed/no_such_reason", ExpectOperator::kMax, int64_t{1}));
  CHECK_FALSE(Met("/offload/not_placed/no_such_reason", ExpectOperator::kNotEquals, int64_t{1}));
  CHECK_FALSE(Met("/offload/intervals/10", ExpectOperator::kMin, int64_t{0}));
}

TEST_CASE("a group of figures is no figure") {
  CHECK_FALSE(Met("/offload", ExpectOperator::kNotEquals, int64_t{1}));
}

TEST_CASE("an expectation of a run that is missing fails") {
  const ExpectResult result = Judge("/read/total_ios", ExpectOperator::kMin, int64_t{1}, "other");
  REQUIRE(result.failed.size() == 1);
  CHECK(ToString(result.failed[0]) == "other/ddp /read/total_ios: expected min 1, nothing there");
}

TEST_CASE("a failure tells what was expected and what came") {
  const ExpectResult result = Judge("/read/total_ios", ExpectOperator::kMin, int64_t{5000});
  REQUIRE(result.failed.size() == 1);
  CHECK(ToString(result.failed[0]) == "ddp /read/total_ios: expected min 5000, got 4000");
}

}  // namespace
}  // namespace ddpsim
