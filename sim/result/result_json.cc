#include "sim/result/result_json.h"

#include <cmath>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

// The result visitor that writes JSON.
class ResultWriter {
 public:
  explicit ResultWriter(Json& out) : out_(out) { out_ = Json::object(); }

  void Integer(const char* name, int64_t value, const char*, const char*) { out_[name] = value; }
  void Number(const char* name, double value, const char*, const char*) {
    out_[name] = Finite(name, value);
  }
  void Text(const char* name, const std::string& value, const char*) { out_[name] = value; }
  void Boolean(const char* name, bool value, const char*) { out_[name] = value; }

  void Numbers(const char* name, const std::vector<double>& values, const char*, const char*) {
    Json& array = out_[name] = Json::array();
    for (double value : values) array.push_back(Finite(name, value));
  }

  void Counts(const char* name, const NamedCounts& counts, const char*, const char*) {
    Json& object = out_[name] = Json::object();
    for (const auto& [key, count] : counts) object[key] = count;
  }

  template <class T>
  void Group(const char* name, const T& value, const char*) {
    ResultWriter inner(out_[name]);
    value.Describe(inner);
  }

  template <class T>
  void Groups(const char* name, const std::vector<T>& values, const char*) {
    Json& array = out_[name] = Json::array();
    for (const T& value : values) {
      array.emplace_back();
      ResultWriter inner(array.back());
      value.Describe(inner);
    }
  }

 private:
  static double Finite(const char* name, double value) {
    SIM_CHECK(std::isfinite(value), name);
    return value;
  }

  Json& out_;
};

Json ProvenanceJson(const Provenance& p) {
  return {{"version", p.version}, {"commit", p.commit},
          {"build", p.build},     {"scenario_sha256", p.scenario_sha256},
          {"seed", p.seed},       {"cost_profile", p.cost_profile}};
}

Json Optional(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json ExpectJson(const ExpectResult& expect) {
  Json failed = Json::array();
  for (const FailedExpectation& one : expect.failed) {
    failed.push_back({{"run", one.run},
                      {"pointer", one.pointer},
                      {"operator", one.op},
                      {"expected", one.expected},
                      {"got", one.got}});
  }
  return {{"passed", expect.passed}, {"failed", failed}};
}

Json WarningsJson(const std::set<Warning>& warnings) {
  Json list = Json::array();
  for (const Warning& warning : warnings)
    list.push_back({{"code", warning.code}, {"text", warning.text}, {"pointer", warning.pointer}});
  return list;
}

template <class T>
Json Described(const T& value) {
  Json out;
  ResultWriter writer(out);
  value.Describe(writer);
  return out;
}

}  // namespace

nlohmann::ordered_json OffloadJson(const OffloadResult& offload) { return Described(offload); }
nlohmann::ordered_json CpuJson(const CpuResult& cpu) { return Described(cpu); }
nlohmann::ordered_json VerificationJson(const VerificationResult& verification) {
  return Described(verification);
}

nlohmann::ordered_json ComparisonJson(const Comparison& comparison) {
  Json rows = Json::array();
  for (const ComparisonRow& row : comparison.rows) {
    rows.push_back({{"mode", row.mode},
                    {"variant", row.variant},
                    {"cycles_per_io_saved_percent", Optional(row.cycles_per_io_saved_percent)},
                    {"throughput_ratio", Optional(row.throughput_ratio)},
                    {"latency_p50_ratio", Optional(row.latency_p50_ratio)},
                    {"latency_p99_ratio", Optional(row.latency_p99_ratio)}});
  }
  return {{"baseline", comparison.baseline}, {"rows", rows}};
}

bool ScenarioResult::passed() const {
  for (const RunResult& run : runs) {
    if (!run.complete() || run.io_bytes() == 0) return false;
    if (!run.verification.passed() && !Foreseen(run)) return false;
  }
  return !runs.empty() && expect.failed.empty();
}

std::set<Warning> ScenarioResult::Warnings() const {
  std::set<Warning> all;
  for (const RunResult& run : runs) all.insert(run.warnings.begin(), run.warnings.end());
  return all;
}

nlohmann::ordered_json RunJson(const RunResult& run) { return Described(run); }

nlohmann::ordered_json ScenarioResultJson(const ScenarioResult& result) {
  Json runs = Json::array();
  for (const RunResult& run : result.runs) runs.push_back(RunJson(run));
  return {{"format", kResultFormat},
          {"provenance", ProvenanceJson(result.provenance)},
          {"scenario", result.scenario},
          {"runs", runs},
          {"comparison", ComparisonJson(result.comparison)},
          {"expect", ExpectJson(result.expect)},
          {"warnings", WarningsJson(result.Warnings())}};
}

// A file's name may be in any encoding.
std::string JsonFileText(const nlohmann::ordered_json& json) {
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace ddpsim
