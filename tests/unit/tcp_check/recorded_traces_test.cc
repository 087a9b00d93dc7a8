// Breaks when the TCP model stops doing what a recorded Linux 6.18 did.
#include <catch2/catch.hpp>

#include "trace_case.h"

namespace ddpsim {

namespace {

void CheckAll(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    const TraceResult result = RunTraceText(FileText(file));
    INFO(file << ": " << (result.first_mismatch ? result.first_mismatch->actual : ""));
    CHECK(result.verdict == TraceVerdict::kPass);
    CHECK(result.matched == result.expects);
    CHECK(result.expects > 0);
  }
}

}  // namespace

TEST_CASE("the endpoint answers every trace that was given as Linux did") {
  const std::vector<std::string> files = TraceFiles("");
  REQUIRE(files.size() == 18);
  CheckAll(files);
}

TEST_CASE("the endpoint answers random scripts as Linux did") {
  const std::vector<std::string> files = TraceFiles("/recorded");
  REQUIRE(files.size() >= 80);
  CheckAll(files);
}

}  // namespace ddpsim
