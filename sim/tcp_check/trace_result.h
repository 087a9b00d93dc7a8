// What came of one trace: verdict, the first mismatch, and what was compared.
#ifndef DDPSIM_SIM_TCP_CHECK_TRACE_RESULT_H_
#define DDPSIM_SIM_TCP_CHECK_TRACE_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ddpsim {

enum class TraceVerdict : uint8_t { kPass, kFail, kSkip };

struct TraceMismatch {
  size_t event = 0;
  int line = 0;
  int64_t us = 0;
  std::string field;
  std::string expected;
  std::string actual;
  std::string previous;
};

struct TraceResult {
  std::string file;
  std::string name;
  std::string test_class;
  std::string group;
  TraceVerdict verdict = TraceVerdict::kPass;
  std::string reason;  // why it was skipped
  std::optional<TraceMismatch> first_mismatch;
  size_t mismatches = 0;
  size_t expects = 0;
  size_t matched = 0;
  size_t segments = 0;  // compared
  size_t checks = 0;
  size_t checks_skipped = 0;  // the model has no such field, or the file could not express it
  size_t soft_psh = 0;
  std::vector<int64_t> time_errors_us;  // sent - expected, of every matched expect with a time
};

// The time error of largest magnitude; 0 without any.
int64_t LargestTimeError(const TraceResult& result);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_TRACE_RESULT_H_
