// The results of traces as text (the format's section 7) and as JSON.
#ifndef DDPSIM_SIM_TCP_CHECK_TRACE_REPORT_H_
#define DDPSIM_SIM_TCP_CHECK_TRACE_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/tcp_check/trace_result.h"

namespace ddpsim {

// "PASS file", "SKIP file reason" or FAIL with the first mismatch. `score`: add matched/total.
std::string TraceLines(const TraceResult& result, bool score);
// "N pass, M fail, K skip" and what was compared; per class and group if there are several.
std::string TraceSummary(const std::vector<TraceResult>& results);
nlohmann::ordered_json TraceJson(const std::vector<TraceResult>& results);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_TRACE_REPORT_H_
