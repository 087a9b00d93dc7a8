// Any bytes as a TCP trace test: read, run against the TCP model in both ways, and reported.
// Property: a refusal says why.
#include <cstdlib>
#include <string>

#include "sim/tcp_check/trace_reader.h"
#include "sim/tcp_check/trace_report.h"
#include "sim/tcp_check/trace_runner.h"
#include "tests/fuzz/fuzz_main.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  ddpsim::Diagnostics diagnostics;
  const std::optional<ddpsim::Trace> trace = ddpsim::ReadTrace(text, "fuzz", diagnostics);
  if (!trace) {
    if (diagnostics.empty()) std::abort();
    return 0;
  }
  for (bool resync : {false, true}) {
    const ddpsim::TraceResult result = ddpsim::RunTrace(*trace, {resync, true});
    ddpsim::TraceLines(result, resync);
    ddpsim::TraceJson({result}).dump(1, ' ', false,
                                     nlohmann::ordered_json::error_handler_t::replace);
  }
  return 0;
}
