#include "sim/result/result_table.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sim/result/defect_text.h"
#include "sim/result/text_table.h"
#include "sim/text/byte_size.h"
#include "sim/text/visible.h"

namespace ddpsim {
namespace {

constexpr size_t kSymbolsShown = 12;
constexpr size_t kSymbolWidth = 25;

using Runs = std::vector<const RunResult*>;
using CellOf = std::function<TableCell(const RunResult&)>;

TableCell Count(int64_t value) { return {value == 0 ? "-" : Grouped(value)}; }

TableCell Percent(double value) { return {absl::StrCat(Fixed(value, 1), " %")}; }

TableCell Share(int64_t part, int64_t whole) {
  if (part == 0 || whole == 0) return {"-"};
  return Percent(100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

TableCell Micros(int64_t ns) { return {Fixed(static_cast<double>(ns) / 1000, 1)}; }

void Add(TextTable& table, const std::string& label, const Runs& runs, const CellOf& cell,
         Tone tone = Tone::kPlain) {
  std::vector<TableCell> cells;
  for (const RunResult* run : runs) cells.push_back(cell(*run));
  table.Row(label, std::move(cells), tone);
}

// As Add(), but nothing if all cells are "-".
void AddIfAny(TextTable& table, const std::string& label, const Runs& runs, const CellOf& cell) {
  for (const RunResult* run : runs) {
    if (cell(*run).text != "-") return Add(table, label, runs, cell);
  }
}

double PerIo(const RunResult& run, int64_t cycles) {
  return run.total_ios() == 0 ? 0
                              : static_cast<double>(cycles) / static_cast<double>(run.total_ios());
}

int64_t SymbolCycles(const RunResult& run, const std::string& symbol) {
  const auto found = run.cpu.symbols.find(symbol);
  return found == run.cpu.symbols.end() ? 0 : found->second;
}

// The symbols that cost most in any of the runs, most first.
std::vector<std::string> TopSymbols(const Runs& runs) {
  std::vector<std::pair<double, std::string>> ranked;
  std::set<std::string> names;
  for (const RunResult* run : runs) {
    for (const auto& [symbol, cycles] : run->cpu.symbols) names.insert(symbol);
  }
  for (const std::string& name : names) {
    double most = 0;
    for (const RunResult* run : runs) most = std::max(most, PerIo(*run, SymbolCycles(*run, name)));
    if (most > 0) ranked.push_back({-most, name});
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > kSymbolsShown + 1) ranked.resize(kSymbolsShown);
  std::vector<std::string> out;
  out.reserve(ranked.size());
  for (const auto& [rank, name] : ranked) out.push_back(name);
  return out;
}

TableCell CyclesCell(const RunResult& run, int64_t cycles) {
  return {cycles == 0 ? "-" : Fixed(PerIo(run, cycles), 0)};
}

void AddBreakdown(TextTable& table, const Runs& runs) {
  const std::vector<std::string> top = TopSymbols(runs);
  for (const std::string& symbol : top) {
    Add(table, "  " + symbol.substr(0, kSymbolWidth), runs,
        [&](const RunResult& run) { return CyclesCell(run, SymbolCycles(run, symbol)); });
  }
  AddIfAny(table, "  other symbols", runs, [&](const RunResult& run) {
    int64_t shown = 0;
    for (const std::string& symbol : top) shown += SymbolCycles(run, symbol);
    return CyclesCell(run, run.cpu.busy_cycles - shown);
  });
}

TableCell SavedCell(const Comparison& comparison, const RunResult& run, const RunResult& base) {
  if (&run == &base) return {"baseline", Tone::kFaint};
  for (const ComparisonRow& row : comparison.rows) {
    if (row.mode != run.mode || row.variant != run.variant || !row.cycles_per_io_saved_percent)
      continue;
    TableCell cell = Percent(*row.cycles_per_io_saved_percent);
    cell.tone = *row.cycles_per_io_saved_percent > 0 ? Tone::kGood : Tone::kPlain;
    return cell;
  }
  return {"-"};
}

TableCell VerdictCell(const RunResult& run) {
  if (!run.complete()) return {run.ended_by, Tone::kBad};
  return {run.verification.verdict, run.verification.passed() ? Tone::kGood : Tone::kBad};
}

void AddFigures(TextTable& table, const Runs& runs, const Comparison& comparison) {
  Add(
      table, "", runs, [](const RunResult& run) { return TableCell{run.mode}; }, Tone::kHead);
  Add(table, "IOPS", runs,
      [](const RunResult& run) { return TableCell{Fixed(run.read.iops + run.write.iops, 0)}; });
  Add(table, "Gb/s", runs, [](const RunResult& run) {
    return TableCell{Fixed(static_cast<double>(run.read.bw_bytes + run.write.bw_bytes) * 8e-9, 2)};
  });
  Add(table, "latency p50, us", runs,
      [](const RunResult& run) { return Micros(run.clat().Percentile(50)); });
  Add(table, "latency p99, us", runs,
      [](const RunResult& run) { return Micros(run.clat().Percentile(99)); });
  Add(table, "CPU busy", runs,
      [](const RunResult& run) { return Percent(100 * run.cpu.utilization); });
  table.Gap();
  Add(
      table, "cycles per I/O", runs,
      [](const RunResult& run) { return TableCell{Fixed(run.cpu.cycles_per_io, 0)}; }, Tone::kHead);
  AddBreakdown(table, runs);
  Add(
      table, "cycles saved", runs,
      [&](const RunResult& run) { return SavedCell(comparison, run, *runs.front()); }, Tone::kHead);
  table.Gap();
  Add(table, "bytes placed by the NIC", runs, [](const RunResult& run) {
    return Share(run.offload.placed_bytes, run.offload.payload_bytes);
  });
  Add(table, "PDUs verified by the NIC", runs,
      [](const RunResult& run) { return Share(run.offload.pdus_crc_offloaded, run.offload.pdus); });
  Add(table, "resyncs", runs,
      [](const RunResult& run) { return Count(run.offload.resync.responses); });
  Add(table, "I/O errors", runs,
      [](const RunResult& run) { return Count(run.read.errors + run.write.errors); });
  Add(table, "verdict", runs, VerdictCell, Tone::kHead);
}

// Keys of a NamedCounts member over all runs.
std::set<std::string> Keys(const Runs& runs,
                           const std::function<const NamedCounts&(const RunResult&)>& counts) {
  std::set<std::string> keys;
  for (const RunResult* run : runs) {
    for (const auto& [key, count] : counts(*run)) {
      if (count > 0) keys.insert(key);
    }
  }
  return keys;
}

int64_t CountOf(const NamedCounts& counts, const std::string& key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

// Where neither placement nor copy avoidance is asked of the NIC, that nothing is placed is no
// news.
bool Places(const RunResult& run) {
  return run.offload.placed_bytes > 0 || run.mode.find("ddp") != std::string::npos;
}

void AddNotPlaced(TextTable& table, const Runs& runs) {
  Runs placing;
  for (const RunResult* run : runs) {
    if (Places(*run)) placing.push_back(run);
  }
  const std::set<std::string> reasons = Keys(
      placing, [](const RunResult& run) -> const NamedCounts& { return run.offload.not_placed; });
  if (reasons.empty()) return;
  table.Gap();
  table.Row("not placed, share of payload", {}, Tone::kHead);
  for (const std::string& reason : reasons) {
    Add(table, "  " + reason, runs, [&](const RunResult& run) {
      if (!Places(run)) return TableCell{"-"};
      const int64_t bytes = CountOf(run.offload.not_placed, reason);
      if (bytes == 0) return TableCell{"-"};
      return TableCell{absl::StrCat(
          Fixed(100.0 * static_cast<double>(bytes) / static_cast<double>(run.offload.payload_bytes),
                2),
          " %")};
    });
  }
}

void AddDropped(TextTable& table, const Runs& runs, const std::string& direction,
                const std::function<const WireDirectionResult&(const RunResult&)>& wire) {
  for (const std::string& reason :
       Keys(runs, [&](const RunResult& run) -> const NamedCounts& { return wire(run).dropped; })) {
    Add(table, absl::StrCat("  ", direction, " dropped: ", reason), runs,
        [&](const RunResult& run) { return Count(CountOf(wire(run).dropped, reason)); });
  }
  AddIfAny(table, absl::StrCat("  ", direction, " reordered"), runs,
           [&](const RunResult& run) { return Count(wire(run).reordered); });
  AddIfAny(table, absl::StrCat("  ", direction, " duplicated"), runs,
           [&](const RunResult& run) { return Count(wire(run).duplicated); });
  AddIfAny(table, absl::StrCat("  ", direction, " corrupted"), runs,
           [&](const RunResult& run) { return Count(wire(run).corrupted); });
}

void AddWire(TextTable& table, const Runs& runs) {
  table.Gap();
  table.Row("wire, packets", {}, Tone::kHead);
  Add(table, "  c2h", runs, [](const RunResult& run) { return Count(run.wire.c2h.packets); });
  Add(table, "  h2c", runs, [](const RunResult& run) { return Count(run.wire.h2c.packets); });
  AddDropped(table, runs, "c2h",
             [](const RunResult& run) -> const WireDirectionResult& { return run.wire.c2h; });
  AddDropped(table, runs, "h2c",
             [](const RunResult& run) -> const WireDirectionResult& { return run.wire.h2c; });
  AddIfAny(table, "  c2h retransmitted", runs,
           [](const RunResult& run) { return Count(run.tcp.c2h.retransmits); });
  AddIfAny(table, "  h2c retransmitted", runs,
           [](const RunResult& run) { return Count(run.tcp.h2c.retransmits); });
  AddIfAny(table, "  timeouts", runs,
           [](const RunResult& run) { return Count(run.tcp.c2h.timeouts + run.tcp.h2c.timeouts); });
  AddIfAny(table, "  bad data digests", runs,
           [](const RunResult& run) { return Count(run.protocol.data_digests.bad); });
  AddIfAny(table, "  stale bytes stored", runs,
           [](const RunResult& run) { return Count(run.verification.stale_stored); });
  std::set<std::string> reasons;
  for (const RunResult* run : runs) {
    for (const auto& [reason, count] : run->protocol.host_refused) reasons.insert(reason);
  }
  for (const std::string& reason : reasons) {
    AddIfAny(table, absl::StrCat("  host refused: ", reason), runs,
             [&reason](const RunResult& run) {
               const auto found = run.protocol.host_refused.find(reason);
               return Count(found == run.protocol.host_refused.end() ? 0 : found->second);
             });
  }
}

std::string Violations(const Runs& runs, bool color) {
  std::string out;
  for (const RunResult* run : runs) {
    for (const Violation& violation : run->verification.violations) {
      absl::StrAppend(&out, "  ", run->mode, ": ", Toned(violation.law, Tone::kBad, color), ": ",
                      violation.detail, "\n");
    }
    const int64_t more = run->verification.violations_total -
                         static_cast<int64_t>(run->verification.violations.size());
    if (more > 0) absl::StrAppend(&out, "  ", run->mode, ": and ", Grouped(more), " more\n");
    for (const auto& [law, count] : run->verification.checks) {
      if (count == 0)
        absl::StrAppend(&out, "  ", run->mode, ": ", Toned(law, Tone::kBad, color),
                        ": checked nothing\n");
    }
  }
  return out.empty() ? out : "\n" + Toned("violations", Tone::kHead, color) + "\n" + out;
}

std::string WarningLines(const std::set<Warning>& warnings, bool color) {
  std::string out;
  for (const Warning& warning : warnings)
    absl::StrAppend(&out, "  ", warning.pointer, ": ", warning.text, "\n");
  return out.empty() ? out : "\n" + Toned("warnings", Tone::kHead, color) + "\n" + out;
}

std::string Defects(const Runs& runs, bool color) {
  std::string lines;
  for (const RunResult* run : runs)
    lines += DefectLines(run->mode, run->verification.defects, color);
  return UnderDefects(lines, color);
}

std::string Expectations(const ExpectResult& expect, bool color) {
  const size_t all = static_cast<size_t>(expect.passed) + expect.failed.size();
  if (all == 0) return "";
  const Tone tone = expect.failed.empty() ? Tone::kGood : Tone::kBad;
  std::string out =
      absl::StrCat("\n", Toned("expectations", Tone::kHead, color), "  ",
                   Toned(absl::StrCat(expect.passed, " of ", all, " met"), tone, color), "\n");
  for (const FailedExpectation& failed : expect.failed)
    absl::StrAppend(&out, "  ", Visible(ToString(failed)), "\n");
  return out;
}

std::string Word(const nlohmann::ordered_json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// "64k randread, iodepth 32, 1 job, MTU 1500, data digest on, seed 1"
std::string Terms(const nlohmann::ordered_json& scenario) {
  const auto& workload = scenario.at("workload");
  const auto& nvme = scenario.at("host").at("nvme");
  const int64_t jobs = workload.at("numjobs").get<int64_t>();
  const char* digests[] = {"no digests", "data digest", "header digest", "both digests"};
  const int on =
      (nvme.at("data_digest").get<bool>() ? 1 : 0) + (nvme.at("header_digest").get<bool>() ? 2 : 0);
  return absl::StrCat(FormatByteSize(workload.at("bs").get<int64_t>()), " ",
                      Word(workload.at("rw")), ", iodepth ", Word(workload.at("iodepth")), ", ",
                      jobs, jobs == 1 ? " job" : " jobs", ", ", Word(nvme.at("queues")),
                      nvme.at("queues") == 1 ? " queue" : " queues", ", ", digests[on], ", MTU ",
                      Word(scenario.at("network").at("mtu")), ", seed ", Word(scenario.at("seed")));
}

std::vector<Runs> ByVariant(const std::vector<RunResult>& runs) {
  std::vector<Runs> groups;
  for (const RunResult& run : runs) {
    if (groups.empty() || groups.back().front()->variant != run.variant) groups.emplace_back();
    groups.back().push_back(&run);
  }
  return groups;
}

}  // namespace

std::string ResultTable(const ScenarioResult& result, bool color) {
  const std::string description = Visible(Word(result.scenario.at("description")));
  std::string out = Toned(Visible(result.name), Tone::kHead, color);
  if (!description.empty()) absl::StrAppend(&out, ": ", description);
  absl::StrAppend(&out, "\n", Toned(Terms(result.scenario), Tone::kFaint, color), "\n");
  for (const Runs& runs : ByVariant(result.runs)) {
    out += "\n";
    if (!runs.front()->variant.empty()) {
      absl::StrAppend(&out, Toned("variant " + Visible(runs.front()->variant), Tone::kHead, color),
                      "\n");
    }
    TextTable table;
    AddFigures(table, runs, result.comparison);
    AddNotPlaced(table, runs);
    AddWire(table, runs);
    absl::StrAppend(&out, table.ToString(color), Violations(runs, color), Defects(runs, color));
  }
  return out + WarningLines(result.Warnings(), color) + Expectations(result.expect, color);
}

}  // namespace ddpsim
