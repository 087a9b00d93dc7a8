#include "sim/tcp_check/trace_report.h"

#include <cstdlib>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sim/tcp_check/segment_text.h"

namespace ddpsim {
namespace {

constexpr const char* kVerdicts[] = {"PASS", "FAIL", "SKIP"};

struct Totals {
  size_t verdicts[3] = {0, 0, 0};
  size_t expects = 0;
  size_t matched = 0;
  size_t segments = 0;
  size_t checks = 0;
  size_t checks_skipped = 0;
  size_t soft_psh = 0;
  int64_t time_error_us = 0;

  void Add(const TraceResult& result) {
    ++verdicts[static_cast<size_t>(result.verdict)];
    expects += result.expects;
    matched += result.matched;
    segments += result.segments;
    checks += result.checks;
    checks_skipped += result.checks_skipped;
    soft_psh += result.soft_psh;
    const int64_t error = LargestTimeError(result);
    if (std::abs(error) > std::abs(time_error_us)) time_error_us = error;
  }

  std::string Line() const {
    return absl::StrCat(verdicts[0], " pass, ", verdicts[1], " fail, ", verdicts[2], " skip");
  }
};

using GroupKey = std::pair<std::string, std::string>;  // class, group

std::map<GroupKey, Totals> ByGroup(const std::vector<TraceResult>& results) {
  std::map<GroupKey, Totals> groups;
  for (const TraceResult& result : results) groups[{result.test_class, result.group}].Add(result);
  return groups;
}

nlohmann::ordered_json TotalsJson(const Totals& totals) {
  return {{"pass", totals.verdicts[0]},        {"fail", totals.verdicts[1]},
          {"skip", totals.verdicts[2]},        {"expects", totals.expects},
          {"expects_matched", totals.matched}, {"segments_compared", totals.segments},
          {"checks_compared", totals.checks},  {"checks_skipped", totals.checks_skipped},
          {"soft_psh", totals.soft_psh},       {"largest_time_error_us", totals.time_error_us}};
}

nlohmann::ordered_json MismatchJson(const TraceMismatch& mismatch) {
  return {{"event", mismatch.event},       {"line", mismatch.line},
          {"t_us", mismatch.us},           {"field", mismatch.field},
          {"expected", mismatch.expected}, {"actual", mismatch.actual},
          {"previous", mismatch.previous}};
}

nlohmann::ordered_json ResultJson(const TraceResult& result) {
  nlohmann::ordered_json out = {{"file", result.file},
                                {"name", result.name},
                                {"class", result.test_class},
                                {"group", result.group},
                                {"verdict", kVerdicts[static_cast<size_t>(result.verdict)]}};
  if (!result.reason.empty()) out["reason"] = result.reason;
  if (result.first_mismatch) out["first_mismatch"] = MismatchJson(*result.first_mismatch);
  out["mismatches"] = result.mismatches;
  out["expects"] = result.expects;
  out["expects_matched"] = result.matched;
  out["segments_compared"] = result.segments;
  out["checks_compared"] = result.checks;
  out["checks_skipped"] = result.checks_skipped;
  out["soft_psh"] = result.soft_psh;
  out["time_errors_us"] = result.time_errors_us;
  return out;
}

}  // namespace

std::string TraceLines(const TraceResult& result, bool score) {
  std::string out = absl::StrCat(kVerdicts[static_cast<size_t>(result.verdict)], " ", result.file);
  if (result.verdict == TraceVerdict::kSkip) absl::StrAppend(&out, " ", result.reason);
  if (result.first_mismatch) {
    const TraceMismatch& m = *result.first_mismatch;
    absl::StrAppend(&out, " event ", m.event, " (t=", MillisecondsText(m.us), ", line ", m.line,
                    ") ", m.field, "\n  expected  ", m.expected, "\n  actual    ", m.actual,
                    "\n  previous  ", m.previous);
  }
  if (score && result.verdict != TraceVerdict::kSkip)
    absl::StrAppend(&out, result.first_mismatch ? "\n  matched   " : "  matched ", result.matched,
                    "/", result.expects);
  return out + "\n";
}

std::string TraceSummary(const std::vector<TraceResult>& results) {
  Totals all;
  for (const TraceResult& result : results) all.Add(result);
  std::string out;
  const std::map<GroupKey, Totals> groups = ByGroup(results);
  if (groups.size() > 1) {
    for (const auto& [key, totals] : groups)
      absl::StrAppend(&out, "class ", key.first, ", ", key.second.empty() ? "no group" : key.second,
                      ": ", totals.Line(), "; matched expects ", totals.matched, "/",
                      totals.expects, "\n");
  }
  absl::StrAppend(&out, all.Line(), "\n", all.segments, " segments and ", all.checks,
                  " state checks compared (", all.checks_skipped,
                  " checks skipped); matched expects ", all.matched, "/", all.expects, "; ",
                  all.soft_psh, " soft PSH differences; ");
  absl::StrAppendFormat(&out, "largest time error %+.3f ms\n",
                        static_cast<double>(all.time_error_us) / 1000);
  return out;
}

nlohmann::ordered_json TraceJson(const std::vector<TraceResult>& results) {
  Totals all;
  for (const TraceResult& result : results) all.Add(result);
  nlohmann::ordered_json out = {{"format", "ddpsim-tcp-check/1"}, {"totals", TotalsJson(all)}};
  out["groups"] = nlohmann::ordered_json::array();
  for (const auto& [key, totals] : ByGroup(results)) {
    nlohmann::ordered_json group = {{"class", key.first}, {"group", key.second}};
    group.update(TotalsJson(totals));
    out["groups"].push_back(group);
  }
  out["files"] = nlohmann::ordered_json::array();
  for (const TraceResult& result : results) out["files"].push_back(ResultJson(result));
  return out;
}

}  // namespace ddpsim
