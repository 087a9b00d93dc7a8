// Breaks when the TCP model leaves a rule of the RFCs or of Linux. Each trace carries, beside the
// rule in words, `broken_by`: a JSON Patch that switches the rule off in the configuration, or
// writes down what a TCP without the rule would have done. With it the trace must fail: it looks at
// what it says it looks at.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "trace_case.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

TEST_CASE("the endpoint keeps every rule that has a trace") {
  const std::vector<std::string> files = TraceFiles("/rules");
  REQUIRE(files.size() >= 80);
  for (const std::string& file : files) {
    const TraceResult result = RunTraceText(FileText(file));
    INFO(file << ": " << (result.first_mismatch ? result.first_mismatch->actual : ""));
    CHECK(result.verdict == TraceVerdict::kPass);
    CHECK(result.expects > 0);
  }
}

TEST_CASE("every trace of a rule fails when the rule is broken") {
  for (const std::string& file : TraceFiles("/rules")) {
    const Json trace = Json::parse(FileText(file));
    INFO(file << ": " << trace.value("description", ""));
    REQUIRE(trace.contains("broken_by"));
    REQUIRE(!trace["broken_by"].empty());
    const TraceResult result = RunTraceText(trace.patch(trace["broken_by"]).dump());
    CHECK(result.verdict == TraceVerdict::kFail);
  }
}

}  // namespace ddpsim
