#include "sim/validate/validate_report.h"

#include <algorithm>
#include <ctime>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "nlohmann/json.hpp"
#include "sim/cli/version.h"
#include "sim/text/visible.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

std::string Xml(const std::string& text) {
  std::string clean;
  for (char c : text) clean += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return absl::StrReplaceAll(clean,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string Time(double unix_time) {
  const auto seconds = static_cast<std::time_t>(unix_time);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S+00:00", std::gmtime(&seconds));
  return text;
}

std::string Text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

size_t ValidateReport::passed() const {
  return static_cast<size_t>(
      std::count_if(cases.begin(), cases.end(), [](const CaseResult& c) { return c.passed; }));
}

std::string ReportTable(const ValidateReport& report) {
  std::string out = absl::StrCat("validate: ", report.title, "\n");
  for (const auto& [name, value] : report.figures)
    absl::StrAppendFormat(&out, "  %-28s %16d\n", name, value);
  for (const CaseResult& one : report.cases) {
    if (one.passed && !report.list_passed) continue;
    absl::StrAppendFormat(&out, "%s  %-26s %-30s %s\n", one.passed ? "ok  " : "FAIL", one.test,
                          one.law.empty() ? "-" : one.law, one.detail);
    if (!one.scenario_file.empty()) {
      absl::StrAppend(&out, "      minimised: ", one.scenario_file,
                      one.faults >= 0 ? absl::StrCat(", faults: ", one.faults) : std::string(),
                      "\n");
    }
    if (!one.command.empty()) absl::StrAppend(&out, "      again: ", one.command, "\n");
  }
  absl::StrAppend(&out, report.passed(), " of ", report.planned, " passed",
                  report.cases.size() < report.planned
                      ? absl::StrCat(", ", report.planned - report.cases.size(), " did not run")
                      : std::string(),
                  "\n");
  return VisibleLines(out);
}

std::string ReportJson(const ValidateReport& report) {
  Json json;
  json["format"] = "ddpsim-validate/1";
  json["provenance"] = {{"version", std::string(kVersion)},
                        {"commit", std::string(kCommit)},
                        {"build", std::string(kBuild)}};
  json["what"] = report.title;
  json["planned"] = report.planned;
  json["ran"] = report.cases.size();
  json["passed"] = report.passed();
  json["verdict"] = report.good() ? "pass" : "fail";
  json["figures"] = report.figures;
  if (report.coverage) {
    json["outer_tenth"] = report.coverage->with_outer_tenth();
    for (const SettingCoverage& row : report.coverage->settings())
      json["coverage"][row.pointer] = row.counts;
  }
  json["cases"] = Json::array();
  for (const CaseResult& one : report.cases) {
    if (one.passed && !report.list_passed) continue;
    json["cases"].push_back({{"test", one.test},
                             {"group", one.group},
                             {"result", one.passed ? "pass" : "fail"},
                             {"law", one.law},
                             {"detail", one.detail},
                             {"command", one.command},
                             {"scenario", one.scenario_file},
                             {"faults", one.faults}});
  }
  return Text(json);
}

std::string ReportJunit(const ValidateReport& report) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  const size_t missing = report.planned - report.cases.size();
  absl::StrAppendFormat(
      &out, "<testsuite name=\"ddpsim validate: %s\" tests=\"%d\" failures=\"%d\" errors=\"%d\">\n",
      Xml(report.title), report.planned, report.cases.size() - report.passed(), missing);
  for (const CaseResult& one : report.cases) {
    absl::StrAppendFormat(&out, "  <testcase name=\"%s\" classname=\"ddpsim.%s\" time=\"%.3f\"",
                          Xml(one.test), Xml(one.group), one.seconds);
    if (one.passed) {
      out += "/>\n";
      continue;
    }
    absl::StrAppendFormat(&out, ">\n    <failure type=\"%s\" message=\"%s\">%s</failure>\n",
                          Xml(one.law), Xml(one.detail), Xml(one.command));
    out += "  </testcase>\n";
  }
  if (missing > 0) {
    absl::StrAppendFormat(&out,
                          "  <testcase name=\"all planned\" classname=\"ddpsim\"><error "
                          "message=\"%d did not run\"/></testcase>\n",
                          missing);
  }
  return out + "</testsuite>\n";
}

std::string ReportNipa(const ValidateReport& report) {
  Json json;
  json["executor"] = "ddpsim-validate";
  json["branch"] = std::string(kCommit);
  json["start"] = Time(report.started);
  json["end"] = Time(report.ended);
  json["link"] = "";
  json["results"] = Json::array();
  for (const CaseResult& one : report.cases) {
    json["results"].push_back({{"test", one.test},
                               {"group", one.group},
                               {"result", one.passed ? "pass" : "fail"},
                               {"time", one.seconds}});
  }
  if (report.cases.size() < report.planned) {
    json["results"].push_back(
        {{"test", "all-planned"}, {"group", "ddpsim"}, {"result", "fail"}, {"time", 0}});
  }
  return Text(json);
}

}  // namespace ddpsim
