// Replays a capture in tests.
#ifndef DDPSIM_TESTS_REPLAY_REPLAY_BENCH_H_
#define DDPSIM_TESTS_REPLAY_REPLAY_BENCH_H_

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "sim/replay/replay.h"

namespace ddpsim {

inline std::string CapturePath(const std::string& name) {
  return std::string(DDPSIM_TEST_DATA) + "/captures/" + name;
}

inline ReplayOptions OptionsFor(const std::string& file, std::vector<Mode> modes) {
  ReplayOptions options;
  options.file = file;
  options.scenario.compare = std::move(modes);
  return options;
}

inline ReplayResult Replay(const ReplayOptions& options) {
  absl::StatusOr<ReplayResult> result = ReplayCapture(options);
  INFO(result.status().ToString());
  REQUIRE(result.ok());
  return *std::move(result);
}

// The verdict is `verdict`, and what was not placed has a reason, in every connection and mode.
inline void CheckAccounts(const ReplayResult& result, const char* verdict = "pass") {
  for (size_t mode = 0; mode < result.runs.size(); ++mode) {
    INFO(result.name << " " << result.runs[mode].mode);
    for (const Violation& violation : result.runs[mode].verification.violations)
      UNSCOPED_INFO(violation.law << ": " << violation.detail);
    CHECK(result.runs[mode].verification.verdict == verdict);
    for (const ReplayConnectionResult& connection : result.connections) {
      const OffloadResult& offload = connection.runs[mode].offload;
      int64_t sum = offload.placed_bytes;
      for (const auto& [reason, bytes] : offload.not_placed) sum += bytes;
      CHECK(sum == offload.payload_bytes);
      CHECK(offload.false_crc_ok == 0);
    }
  }
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_REPLAY_REPLAY_BENCH_H_
