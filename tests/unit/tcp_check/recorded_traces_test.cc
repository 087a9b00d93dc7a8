// Breaks when the TCP model stops doing what a recorded Linux 6.18 did.
#include <catch2/catch.hpp>

#include "trace_case.h"

namespace ddpsim {

TEST_CASE("the endpoint answers every recorded trace as Linux did") {
  const std::vector<std::string> files = TraceFiles("");
  REQUIRE(!files.empty());
  for (const std::string& file : files) {
    const TraceResult result = RunTraceText(FileText(file));
    INFO(file << ": " << (result.first_mismatch ? result.first_mismatch->actual : ""));
    CHECK(result.verdict == TraceVerdict::kPass);
    CHECK(result.matched == result.expects);
    CHECK(result.expects > 0);
  }
}

}  // namespace ddpsim
