#include "sim/check/expectations.h"

#include <variant>

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

const char* OperatorName(ExpectOperator op) {
  for (const auto& name : kExpectOperatorNames) {
    if (name.value == op) return name.name;
  }
  return "?";
}

bool Holds(ExpectOperator op, const Json& got, const Json& expected) {
  const bool order = op != ExpectOperator::kEquals && op != ExpectOperator::kNotEquals;
  if (got.is_structured() || (order && !got.is_number())) return false;
  switch (op) {
    case ExpectOperator::kMin:
      return got >= expected;
    case ExpectOperator::kMax:
      return got <= expected;
    case ExpectOperator::kAbove:
      return got > expected;
    case ExpectOperator::kBelow:
      return got < expected;
    case ExpectOperator::kEquals:
      return got == expected;
    case ExpectOperator::kNotEquals:
      return got != expected;
  }
  return false;
}

const Json* FindRun(const std::vector<Json>& runs, const std::string& variant,
                    const std::string& mode) {
  for (const Json& run : runs) {
    if (run.value("mode", "") == mode && run.value("variant", "") == variant) return &run;
  }
  return nullptr;
}

// Null if there is nothing.
const Json* Figure(const Json& run, const std::string& pointer) {
  const Json::json_pointer where(pointer);
  return run.contains(where) ? &run.at(where) : nullptr;
}

// A count above zero would meet it.
bool AllowsSome(const Expectation& e) {
  double value = 0;
  if (const auto* whole = std::get_if<int64_t>(&e.value)) value = static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&e.value)) value = *number;
  if (e.op == ExpectOperator::kEquals || e.op == ExpectOperator::kMax) return value > 0;
  return e.op != ExpectOperator::kBelow || value > 1;
}

}  // namespace

ExpectResult JudgeExpectations(const std::vector<Expectation>& expect,
                               const std::vector<Json>& runs) {
  ExpectResult result;
  for (const Expectation& e : expect) {
    const std::string mode = ModeName(e.mode);
    const Json* run = FindRun(runs, e.variant, mode);
    const Json* got = run == nullptr ? nullptr : Figure(*run, e.pointer);
    Json expected;
    std::visit([&](const auto& value) { expected = value; }, e.value);
    if (got != nullptr && !got->is_null() && Holds(e.op, *got, expected)) {
      ++result.passed;
      continue;
    }
    const std::string name = e.variant.empty() ? mode : e.variant + "/" + mode;
    result.failed.push_back(
        {name, e.pointer, OperatorName(e.op), expected, got == nullptr ? Json() : *got});
  }
  return result;
}

bool ForeseesWrongBytes(const std::vector<Expectation>& expect, const std::string& variant,
                        Mode mode) {
  bool named = false;
  for (const Expectation& e : expect) {
    const bool meant =
        e.variant == variant && e.mode == mode && e.pointer == "/verification/corrupt_delivered";
    if (meant && !AllowsSome(e)) return false;
    named = named || meant;
  }
  return named;
}

}  // namespace ddpsim
