#include "sim/report/plots.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <utility>
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

// One line of a plot: rows of x index, label, mean, low, high. Its colour tells the run, its dashes
// the values of the other axes.
struct Line {
  std::string title;
  size_t run = 0;
  size_t others = 0;
  bool intervals = false;
  bool zero = true;  // all of it: a baseline against itself
  std::string rows;
};

// Okabe and Ito's palette, told apart by the colour-blind too.
constexpr const char* kColors[] = {"#666666", "#e69f00", "#0072b2", "#009e73",
                                   "#cc79a7", "#d55e00", "#56b4e9", "#000000"};

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

// "bs 64k, mtu 1500" without axis x; "" if there is no other.
std::string OthersOf(const sweep::Sweep& sweep, const sweep::SweepCell& cell, size_t x) {
  std::string others;
  for (size_t i = 0; i < sweep.axes.size(); ++i) {
    if (i == x || sweep.axes[i].follows) continue;
    absl::StrAppend(&others, others.empty() ? "" : ", ", sweep.axes[i].name, " ",
                    sweep.axes[i].labels[cell.indices[i]]);
  }
  return others;
}

class LineBuilder {
 public:
  LineBuilder(const sweep::Sweep& sweep, const sweep::Results& results, size_t metric, double scale,
              size_t x)
      : sweep_(sweep), results_(results), metric_(metric), scale_(scale), x_(x) {}

  std::vector<Line> Build() {
    for (size_t c = 0; c < sweep_.cells.size(); ++c) {
      for (size_t r = 0; r < sweep_.cells[c].runs.size(); ++r) Add(c, r);
    }
    lines_.erase(std::remove_if(lines_.begin(), lines_.end(), [](const Line& l) { return l.zero; }),
                 lines_.end());
    return std::move(lines_);
  }

 private:
  void Add(size_t c, size_t r) {
    const sweep::SweepCell& cell = sweep_.cells[c];
    const sweep::Statistic& s = results_.cells[c].runs[r].metrics[metric_];
    if (!s.mean) return;
    const std::string others = OthersOf(sweep_, cell, x_), run = RunName(cell.runs[r]);
    Line& line = LineOf(run, others);
    const size_t at = sweep_.axes.empty() ? 0 : cell.indices[x_];
    const std::string label = sweep_.axes.empty() ? "base" : sweep_.axes[x_].labels[at];
    line.intervals = line.intervals || s.low.has_value();
    line.zero = line.zero && *s.mean == 0;
    absl::StrAppendFormat(&line.rows, "%d %s %.10g %.10g %.10g\n", at, Quoted(label),
                          *s.mean * scale_, s.low.value_or(*s.mean) * scale_,
                          s.high.value_or(*s.mean) * scale_);
  }

  Line& LineOf(const std::string& run, const std::string& others) {
    const std::string title = absl::StrCat(run, others.empty() ? "" : ", ", others);
    for (Line& line : lines_) {
      if (line.title == title) return line;
    }
    const size_t run_index = runs_.emplace(run, runs_.size()).first->second;
    const size_t others_index = others_.emplace(others, others_.size()).first->second;
    lines_.push_back({title, run_index, others_index, false, true, ""});
    return lines_.back();
  }

  const sweep::Sweep& sweep_;
  const sweep::Results& results_;
  size_t metric_;
  double scale_;
  size_t x_;
  std::vector<Line> lines_;
  std::map<std::string, size_t> runs_;
  std::map<std::string, size_t> others_;
};

std::string PlotOf(const Line& line, const std::string& name, size_t index) {
  const std::string style =
      absl::StrCat("lc rgb '", kColors[line.run % std::size(kColors)], "' dt ", line.others + 1,
                   " lw 1.5 pt ", 4 + line.others, " ps 0.6");
  const std::string data = absl::StrCat("'", name, ".dat' index ", index, " using 1:3");
  return line.intervals ? absl::StrCat(data, ":4:5:xtic(2) with yerrorlines ", style, " title ",
                                       Quoted(line.title))
                        : absl::StrCat(data, ":xtic(2) with linespoints ", style, " title ",
                                       Quoted(line.title));
}

std::string Script(const sweep::Sweep& sweep, const std::string& name, const char* title, size_t x,
                   const std::vector<Line>& lines) {
  std::string out = absl::StrCat(
      "# gnuplot ", name, ".gp\nset encoding utf8\nset key outside right top noenhanced\n",
      "set grid ytics lt 1 lw 0.5 lc rgb '#dddddd'\nset border 3\nset xtics "
      "nomirror noenhanced\nset ytics nomirror\n",
      "set offsets 0.3, 0.3, graph 0.05, 0\nset xlabel ",
      Quoted(sweep.axes.empty() ? "" : sweep.axes[x].name), " noenhanced\nset ylabel ",
      Quoted(title), "\n");
  std::string plot = "plot ";
  for (size_t i = 0; i < lines.size(); ++i)
    absl::StrAppend(&plot, i == 0 ? "" : ", \\\n     ", PlotOf(lines[i], name, i));
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
    const std::vector<Line> lines = LineBuilder(sweep, results, metric, plot.scale, x).Build();
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
