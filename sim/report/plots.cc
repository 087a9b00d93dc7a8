#include "sim/report/plots.h"

#include <filesystem>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "sim/cli/console.h"
#include "sim/cli/files.h"
#include "sim/report/run_names.h"
#include "sim/sweep/program_call.h"

namespace ddpsim::report {
namespace {

constexpr struct {
  const char* metric;
  const char* title;
  double scale;
} kPlots[] = {{"cycles_saved", "cycles saved per I/O, %", 1},
              {"cycles_per_io", "cycles per I/O", 1},
              {"bw_bytes", "throughput, Gb/s", 8e-9},
              {"clat_p50", "median latency, µs", 1e-3},
              {"clat_p99", "99th percentile of latency, µs", 1e-3},
              {"placed_fraction", "payload placed by the NIC, %", 100},
              {"crc_offloaded_fraction", "PDUs verified by the NIC, %", 100},
              {"resync_requests", "resync requests", 1}};

// One line of a plot: rows of x index, label, mean, low, high.
struct Line {
  std::string title;
  std::string rows;
};

size_t LongestAxis(const sweep::Sweep& sweep) {
  size_t best = 0;
  for (size_t i = 0; i < sweep.axes.size(); ++i) {
    if (sweep.axes[i].labels.size() > sweep.axes[best].labels.size()) best = i;
  }
  return best;
}

std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "'"}}), "\"");
}

std::vector<Line> LinesOf(const sweep::Sweep& sweep, const sweep::Results& results, size_t metric,
                          double scale, size_t x) {
  std::vector<Line> lines;
  std::map<std::string, size_t> known;
  for (size_t c = 0; c < sweep.cells.size(); ++c) {
    const sweep::SweepCell& cell = sweep.cells[c];
    std::string others;
    for (size_t i = 0; i < sweep.axes.size(); ++i) {
      if (i != x && !sweep.axes[i].follows)
        absl::StrAppend(&others, ", ", sweep.axes[i].name, " ",
                        sweep.axes[i].labels[cell.indices[i]]);
    }
    const size_t at = sweep.axes.empty() ? 0 : cell.indices[x];
    const std::string label = sweep.axes.empty() ? "base" : sweep.axes[x].labels[at];
    for (size_t r = 0; r < cell.runs.size(); ++r) {
      const sweep::Statistic& s = results.cells[c].runs[r].metrics[metric];
      if (!s.mean) continue;
      const std::string title = RunName(cell.runs[r]) + others;
      const auto [found, fresh] = known.emplace(title, lines.size());
      if (fresh) lines.push_back({title, ""});
      absl::StrAppendFormat(&lines[found->second].rows, "%d %s %.10g %.10g %.10g\n", at,
                            Quoted(label), *s.mean * scale, s.low.value_or(*s.mean) * scale,
                            s.high.value_or(*s.mean) * scale);
    }
  }
  return lines;
}

std::string Script(const sweep::Sweep& sweep, const std::string& name, const char* title, size_t x,
                   const std::vector<Line>& lines) {
  std::string out = absl::StrCat("# gnuplot ", name,
                                 ".gp\nset encoding utf8\nset key outside right top noenhanced\n",
                                 "set grid ytics lc rgb '#dddddd'\nset border 3\nset xtics "
                                 "nomirror noenhanced\nset ytics nomirror\n",
                                 "set offsets 0.3, 0.3, graph 0.05, 0\nset xlabel ",
                                 Quoted(sweep.axes.empty() ? "" : sweep.axes[x].name),
                                 " noenhanced\nset ylabel ", Quoted(title), "\n");
  std::string plot = "plot ";
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string data = absl::StrCat("'", name, ".dat' index ", i);
    absl::StrAppend(&plot, i == 0 ? "" : ", \\\n     ", data, " using 1:3:4:5 with yerrorlines lc ",
                    i + 1, " pt 7 ps 0.5 title ", Quoted(lines[i].title), ", '' index ", i,
                    " using 1:3:xtic(2) with points lc ", i + 1, " pt 7 ps 0.5 notitle");
  }
  absl::StrAppend(&out,
                  "set terminal svg size 900,480 dynamic background rgb 'white'\nset output '",
                  name, ".svg'\n", plot, "\n");
  absl::StrAppend(&out, "set terminal pngcairo size 1350,720 fontscale 1.2\nset output '", name,
                  ".png'\nreplot\n");
  return out;
}

std::string Draw(const std::string& folder, const std::string& name) {
  const sweep::ProgramEnd end = sweep::CallProgram(
      {"sh", "-c", "cd \"$1\" && command -v gnuplot >/dev/null || exit 127; exec gnuplot \"$2.gp\"",
       "sh", folder, name});
  if (end.status == 127) {
    static bool said = false;
    if (!said) Complain("gnuplot is not installed: data and scripts are written, plots are not");
    said = true;
    return "";
  }
  return end.status == 0 ? "" : absl::StrCat("gnuplot: ", end.output);
}

}  // namespace

std::string WritePlots(const sweep::Sweep& sweep, const sweep::Results& results,
                       const std::string& folder) {
  std::error_code made;
  std::filesystem::create_directories(folder, made);
  if (made) return absl::StrCat(folder, ": ", made.message());
  const size_t x = LongestAxis(sweep);
  for (const auto& plot : kPlots) {
    size_t metric = 0;
    while (results.metrics[metric].name != plot.metric) ++metric;
    const std::vector<Line> lines = LinesOf(sweep, results, metric, plot.scale, x);
    if (lines.empty()) continue;
    std::string data;
    for (const Line& line : lines)
      absl::StrAppend(&data, "# ", line.title, "\n", line.rows, "\n\n");
    const std::string file = absl::StrCat(folder, "/", plot.metric);
    std::string error = WriteFile(file + ".dat", data);
    if (error.empty())
      error = WriteFile(file + ".gp", Script(sweep, plot.metric, plot.title, x, lines));
    if (error.empty()) error = Draw(folder, plot.metric);
    if (!error.empty()) return error;
  }
  return "";
}

}  // namespace ddpsim::report
