// The result file: what a scenario's runs told, as JSON in a fixed order (format
// "ddpsim-result/1"). Invariant: the same figures give the same bytes; only `provenance` may differ
// between builds.
#ifndef DDPSIM_SIM_RESULT_RESULT_JSON_H_
#define DDPSIM_SIM_RESULT_RESULT_JSON_H_

#include <nlohmann/json.hpp>

#include "sim/result/scenario_result.h"

namespace ddpsim {

inline constexpr char kResultFormat[] = "ddpsim-result/1";

// Parts that other results have too.
nlohmann::ordered_json OffloadJson(const OffloadResult& offload);
nlohmann::ordered_json CpuJson(const CpuResult& cpu);
nlohmann::ordered_json VerificationJson(const VerificationResult& verification);
nlohmann::ordered_json ComparisonJson(const Comparison& comparison);

// One element of runs[].
nlohmann::ordered_json RunJson(const RunResult& run);
nlohmann::ordered_json ScenarioResultJson(const ScenarioResult& result);

// Indented by one, ending in a newline: readable, and small enough for a sweep.
std::string JsonFileText(const nlohmann::ordered_json& json);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_RESULT_JSON_H_
