// All runs of one scenario, compared and judged: one result file, or one element of its array.
#ifndef DDPSIM_SIM_RESULT_SCENARIO_RESULT_H_
#define DDPSIM_SIM_RESULT_SCENARIO_RESULT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "sim/result/comparison.h"
#include "sim/result/expect_result.h"
#include "sim/result/run_result.h"

namespace ddpsim {

// Where a result comes from. The only part that may differ between two builds that give the same
// result.
struct Provenance {
  std::string version;
  std::string commit;
  std::string build;
  std::string scenario_sha256;  // of the scenario file as it was read
  int64_t seed = 0;
  std::string cost_profile;
};

// "MODE" or "VARIANT/MODE".
inline std::string RunName(const RunResult& run) {
  return run.variant.empty() ? run.mode : run.variant + "/" + run.mode;
}

struct ScenarioResult {
  std::string name;  // for people: the file's name without folder and extension; not in the JSON
  Provenance provenance;
  nlohmann::ordered_json scenario;  // fully resolved
  std::vector<RunResult> runs;
  Comparison comparison;
  ExpectResult expect;
  // Runs, as RunName() has it, whose verdict or defects an expectation names: that then decides
  // instead of the verdict.
  std::set<std::string> foreseen;

  // Every run complete, with data moved, no law broken that is not foreseen, every expectation met.
  bool passed() const;
  // Of all runs, each once.
  std::set<Warning> Warnings() const;
  bool Foreseen(const RunResult& run) const { return foreseen.count(RunName(run)) != 0; }
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_SCENARIO_RESULT_H_
