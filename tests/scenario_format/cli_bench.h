// The command line with a bench that runs nothing: what it is asked for comes out as if all were
// well.
#ifndef DDPSIM_TESTS_SCENARIO_FORMAT_CLI_BENCH_H_
#define DDPSIM_TESTS_SCENARIO_FORMAT_CLI_BENCH_H_

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "sim/cli/cli.h"
#include "tests/scenario_format/captured.h"
#include "tests/scenario_format/sample_run.h"

namespace ddpsim {

// Offloading modes need half of the cycles; nothing is ever wrong.
inline absl::StatusOr<RunResult> GoodRun(const Scenario& scenario, Mode mode,
                                         const RunOptions& options) {
  if (!options.pcap_file.empty()) std::ofstream(options.pcap_file) << "packets";
  return SampleRun(ModeName(mode), mode == Mode::kSoftware ? 90'000 : 45'000);
}

inline absl::StatusOr<ReplayResult> GoodReplay(const ReplayOptions& options) {
  ReplayResult result;
  result.name = "a.pcap";
  result.packets = 12;
  ReplayConnectionResult connection;
  connection.tuple = "10.9.0.2:40000 -> 10.9.0.1:4420";
  connection.role = "io";
  connection.pdus["C2HData"] = 3;
  for (Mode mode : options.scenario.compare) {
    ReplayRun run;
    run.mode = ModeName(mode);
    run.verification.verdict = "pass";
    result.runs.push_back(run);
    ReplayConnectionRun one;
    one.offload.payload_bytes = 4096;
    connection.runs.push_back(one);
  }
  result.connections.push_back(connection);
  return result;
}

inline Captured Cli(const std::vector<std::string>& arguments, decltype(Bench::run) run = GoodRun,
                    decltype(Bench::replay) replay = GoodReplay) {
  return RunCaptured(arguments, {std::move(run), {"e5-2660v4"}, nullptr, std::move(replay)});
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_SCENARIO_FORMAT_CLI_BENCH_H_
