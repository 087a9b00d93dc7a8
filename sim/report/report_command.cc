#include "sim/report/report_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "sim/cli/console.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/report/packed_text.h"
#include "sim/report/page_data.h"
#include "sim/report/plots.h"
#include "sim/report/terminal_table.h"
#include "sim/result/result_reference.h"
#include "sim/sweep/results.h"
#include "sim/sweep/sweep_folder.h"
#include "sim/text/nearest_name.h"
#include "sim/text/visible.h"

namespace ddpsim {
namespace report {
namespace {

int Fail(int status, const std::string& text) {
  Complain(text);
  return status;
}

std::string Own(const CommandLine& line, const char* name, const std::string& otherwise) {
  const auto found = line.own.find(name);
  return found == line.own.end() ? otherwise : found->second;
}

// The metric's index; SIZE_MAX if there is none of that name.
size_t FindMetric(const sweep::Results& results, const std::string& name, std::string* accepted) {
  std::vector<std::string> names;
  for (size_t i = 0; i < results.metrics.size(); ++i) {
    // Plans of earlier versions may name text.
    if (sweep::IsText(results.metrics[i])) continue;
    if (results.metrics[i].name == name) return i;
    names.push_back(results.metrics[i].name);
  }
  const ResultPointer* known = FindResultPointer(name);
  const bool text = known != nullptr && known->text;
  *accepted = absl::StrCat(text ? ": it is text, no number" : "", AcceptedNames(name, names));
  return SIZE_MAX;
}

// What would write `to` over, or among, the files that the sweep keeps in its folder; or "".
std::string WhyLost(const sweep::SweepFolder& folder, const std::string& to) {
  constexpr const char* kKept[] = {"plan.json", "results.csv", "results.json", ".lock", "points",
                                   "failed",    "scenarios",   "tmp",          "slurm"};
  if (to.empty() || to == "-") return "";
  std::error_code error;
  const std::filesystem::path inside =
      std::filesystem::weakly_canonical(to, error).lexically_relative(
          std::filesystem::weakly_canonical(folder.path(), error));
  if (inside.empty()) return "";
  const std::string first = inside.begin()->string();
  if (std::find(std::begin(kKept), std::end(kKept), first) == std::end(kKept)) return "";
  return absl::StrCat(Visible(to), ": ", Visible(folder.File(first)),
                      " is the sweep's own; it would be lost or mixed up; accepted: another place");
}

// What went wrong, or "".
std::string WritePage(const std::string& page, const std::string& text) {
  return page == "-" ? WriteStandardOutput(text) : WriteFile(page, text);
}

}  // namespace

int Report(const CommandLine& line) {
  std::string path = line.operands[0];
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const sweep::SweepFolder folder(path);
  sweep::Sweep sweep;
  const std::string page = Own(line, "html", folder.File("report.html"));
  std::string error = WhyLost(folder, page);
  if (error.empty()) error = WhyLost(folder, Own(line, "plots", ""));
  if (!error.empty()) return Fail(kExitUsage, error);
  error = folder.WhyNotOwn();
  if (!error.empty()) return Fail(kExitIoError, error);
  int status = kExitOk;
  error = folder.ReadPlan(&sweep, &status);
  if (!error.empty()) return Fail(status, error);
  std::map<std::string, std::string> packed;
  const sweep::Results results = sweep::CollectResults(
      folder, sweep, [&](size_t c, size_t p, const nlohmann::ordered_json& result) {
        if (packed.size() < kMaxPackedResults)
          packed[sweep.cells[c].points[p].id] = PackText(result.dump());
      });
  std::string accepted;
  const std::string metric = Own(line, "metric", "cycles_saved");
  const size_t index = FindMetric(results, metric, &accepted);
  if (index == SIZE_MAX)
    return Fail(kExitUsage, absl::StrCat("--metric takes no \"", metric, "\"", accepted));
  const bool told = !line.quiet && page != "-";
  error = WritePage(page, HtmlPage(PageData(sweep, results, packed)));
  if (error.empty() && line.own.count("plots") > 0)
    error = WritePlots(sweep, results, line.own.at("plots"));
  if (error.empty() && told)
    error = WriteStandardOutput(TerminalTable(sweep, results, index, WantsColor(line.color)));
  if (!error.empty()) return Fail(kExitIoError, error);
  if (told) std::fprintf(stderr, "report: wrote %s\n", Visible(page).c_str());
  if (!results.complete() && !told)
    Complain(absl::StrCat(Visible(path), ": ", results.Shortfall()));
  return results.complete() ? kExitOk : kExitFailed;
}

}  // namespace report

int ReportCommand(const CommandLine& line) { return report::Report(line); }

}  // namespace ddpsim
