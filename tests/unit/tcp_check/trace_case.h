// Traces written inside of tests: a handshake (peer MSS 1000, SACK, no timestamps, RTT 10 ms,
// unscaled window) and then the events given.
#ifndef DDPSIM_TESTS_UNIT_TCP_CHECK_TRACE_CASE_H_
#define DDPSIM_TESTS_UNIT_TCP_CHECK_TRACE_CASE_H_

#include <string>
#include <vector>

#include "sim/tcp_check/trace_runner.h"

namespace ddpsim {

// The text of a file; `top` are further members of the root, each ending in a comma.
std::string TraceText(const std::string& events, const std::string& top = "");
TraceResult RunTraceText(const std::string& text, TraceRunOptions options = {});
// Runs the events behind the handshake.
TraceResult RunEvents(const std::string& events, TraceRunOptions options = {},
                      const std::string& top = "");

// All .json files of a folder of tests/data/tcp, sorted.
std::vector<std::string> TraceFiles(const std::string& folder);
std::string FileText(const std::string& path);

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_TCP_CHECK_TRACE_CASE_H_
