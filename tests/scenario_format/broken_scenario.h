// A broken scenario, written with a "^" where the complaint must point.
#ifndef DDPSIM_TESTS_SCENARIO_FORMAT_BROKEN_SCENARIO_H_
#define DDPSIM_TESTS_SCENARIO_FORMAT_BROKEN_SCENARIO_H_

#include <catch2/catch.hpp>
#include <string>

#include "sim/scenario/scenario_loader.h"

namespace ddpsim {

struct BrokenScenario {
  const char* marked;   // the scenario with its "^"
  const char* pointer;  // of the complaint
  const char* phrase;   // in the complaint
};

struct MarkedText {
  std::string text;
  Place place{1, 1};
};

inline MarkedText Unmark(const std::string& marked) {
  MarkedText out;
  const size_t mark = marked.find('^');
  REQUIRE(mark != std::string::npos);
  out.text = marked.substr(0, mark) + marked.substr(mark + 1);
  for (size_t i = 0; i < mark; ++i) {
    out.place = marked[i] == '\n' ? Place{out.place.line + 1, 1}
                                  : Place{out.place.line, out.place.column + 1};
  }
  return out;
}

// One complaint, at the mark, about the pointer, with the phrase.
inline void CheckBroken(const BrokenScenario& broken) {
  const MarkedText marked = Unmark(broken.marked);
  const LoadResult result = LoadScenario(marked.text, "s.json", {});
  INFO(broken.marked);
  INFO(result.diagnostics.ToString());
  CHECK_FALSE(result.plan.has_value());
  REQUIRE(result.diagnostics.list().size() == 1);
  const std::string where = "s.json:" + std::to_string(marked.place.line) + ":" +
                            std::to_string(marked.place.column) + ": " +
                            (*broken.pointer == '\0' ? "/" : broken.pointer) + ": ";
  const std::string complaint = ToString(result.diagnostics.list()[0]);
  CHECK_THAT(complaint, Catch::StartsWith(where));
  CHECK_THAT(complaint, Catch::Contains(broken.phrase));
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_SCENARIO_FORMAT_BROKEN_SCENARIO_H_
