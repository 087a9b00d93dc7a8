// Reads a file of the format tcp-trace-test/1. Unknown keys are ignored, as the format asks;
// everything that would make the test mean something else is an error with file:line:col and JSON
// Pointer.
#ifndef DDPSIM_SIM_TCP_CHECK_TRACE_READER_H_
#define DDPSIM_SIM_TCP_CHECK_TRACE_READER_H_

#include <optional>
#include <string>

#include "sim/tcp_check/trace.h"
#include "sim/text/diagnostic.h"

namespace ddpsim {

// Nothing if `out` is not empty afterwards.
std::optional<Trace> ReadTrace(const std::string& text, const std::string& file, Diagnostics& out);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_TRACE_READER_H_
