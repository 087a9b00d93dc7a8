#include "sim/report/terminal_table.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sim/report/run_names.h"
#include "sim/report/shown_unit.h"
#include "sim/result/text_table.h"
#include "sim/text/visible.h"

namespace ddpsim::report {
namespace {

using sweep::Statistic;

// As many as make sense for the largest figure.
int Decimals(const sweep::Results& results, size_t metric, double scale) {
  double size = 0;
  for (const sweep::CellResults& cell : results.cells) {
    for (const sweep::RunResults& run : cell.runs)
      size = std::max(size, std::abs(run.metrics[metric].mean.value_or(0)) * scale);
  }
  return size >= 1000 ? 0 : size > 3 ? 1 : size > 0.1 ? 3 : 5;
}

std::string CellText(const Statistic& s, int decimals, double scale) {
  if (!s.mean) return absl::StrCat(s.n, " of ", s.of);
  if (!s.low) return Fixed(*s.mean * scale, decimals);
  return absl::StrCat(Fixed(*s.mean * scale, decimals), " ±",
                      Fixed((*s.high - *s.low) / 2 * scale, decimals));
}

std::string Warning(const sweep::Sweep& sweep, const sweep::Results& results, bool color) {
  if (results.complete()) return "";
  std::string out =
      Toned(absl::StrCat("NOT WHOLE: ", results.Shortfall()), Tone::kBad, color) + "\n";
  for (const sweep::FailedPoint& point : results.failed) {
    absl::StrAppend(&out, "  failed: ", point.id, " ",
                    Visible(sweep.CellName(sweep.cells[point.cell])), ": ", Visible(point.reason),
                    "\n");
  }
  return out + "\n";
}

}  // namespace

std::string TerminalTable(const sweep::Sweep& sweep, const sweep::Results& results, size_t metric,
                          bool color) {
  const std::vector<std::string> runs = RunNames(sweep);
  const sweep::Metric& shown = results.metrics[metric];
  const ShownUnit unit = ShownUnitOf(shown.unit);
  std::string out = Warning(sweep, results, color);
  absl::StrAppend(&out, Visible(sweep.name), sweep.description.empty() ? "" : ": ",
                  Visible(sweep.description), "\n");
  absl::StrAppend(&out, shown.name, ": ", shown.doc, unit.unit.empty() ? "" : ", ", unit.unit,
                  sweep.repetitions > 1
                      ? absl::StrCat("; ", sweep.repetitions, " repetitions, ± 95 % interval")
                      : "",
                  "\n\n");
  const int decimals = Decimals(results, metric, unit.scale);
  TextTable table;
  std::vector<TableCell> head;
  head.reserve(runs.size());
  for (const std::string& run : runs) head.push_back({run, Tone::kHead});
  table.Row("", head);
  for (size_t c = 0; c < sweep.cells.size(); ++c) {
    const sweep::SweepCell& cell = sweep.cells[c];
    std::vector<TableCell> row(runs.size(), {"-", Tone::kPlain});
    for (size_t r = 0; r < cell.runs.size(); ++r) {
      const size_t column =
          std::find(runs.begin(), runs.end(), RunName(cell.runs[r])) - runs.begin();
      const Statistic& s = results.cells[c].runs[r].metrics[metric];
      row[column] = {CellText(s, decimals, unit.scale), s.mean ? Tone::kPlain : Tone::kBad};
    }
    table.Row(sweep.CellName(cell), row);
  }
  return out + table.ToString(color);
}

}  // namespace ddpsim::report
