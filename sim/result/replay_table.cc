#include "sim/result/replay_table.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sim/result/defect_text.h"
#include "sim/result/replay_json.h"
#include "sim/result/text_table.h"
#include "sim/text/visible.h"

namespace ddpsim {
namespace {

constexpr size_t kListedConnections = 16;
constexpr size_t kListedEpisodes = 20;

std::string Percent(double fraction) { return Fixed(100 * fraction, 1) + " %"; }

// A row of one figure per element of `from`, "-" where there is none.
template <class T, class F>
void Row(TextTable* table, const std::string& label, const std::vector<T>& from, F text) {
  std::vector<TableCell> cells;
  cells.reserve(from.size());
  for (const T& one : from) cells.push_back({text(one)});
  table->Row(label, std::move(cells));
}

std::string Head(const ReplayResult& result) {
  std::string out = absl::StrCat(Visible(result.name), ": ", Grouped(result.packets), " packets, ",
                                 Fixed(static_cast<double>(result.duration_ns) / 1e9, 3),
                                 " s, MTU ", result.mtu, "\n");
  if (result.bad_checksums > 0)
    absl::StrAppend(&out, "bad checksums: ", Grouped(result.bad_checksums), "\n");
  for (const auto& [reason, count] : result.skipped)
    absl::StrAppend(&out, "skipped, ", reason, ": ", Grouped(count), "\n");
  for (const std::string& note : result.notes) absl::StrAppend(&out, "note: ", note, "\n");
  return out;
}

std::string Digests(bool agreed, const ReplayDigests& digests) {
  if (!agreed) return "-";
  return absl::StrCat(Grouped(digests.ok), " / ", Grouped(digests.bad));
}

std::string Triple(const ReplayWire& wire) {
  return absl::StrCat(wire.lost_before_capture, " / ", wire.retransmitted, " / ", wire.reordered);
}

std::string ConnectionTable(const ReplayResult& result, bool color) {
  std::vector<ReplayConnectionResult> shown(
      result.connections.begin(),
      result.connections.begin() +
          static_cast<long>(std::min(kListedConnections, result.connections.size())));
  std::string out;
  for (size_t i = 0; i < shown.size(); ++i) {
    absl::StrAppend(&out, "connection ", i, "  ", shown[i].tuple,
                    shown[i].from_start ? "" : "  (begun before the capture)", "\n");
  }
  if (shown.size() < result.connections.size())
    absl::StrAppend(&out, "and ", result.connections.size() - shown.size(), " more\n");
  out += "\n";
  TextTable table;
  std::vector<TableCell> heads;
  for (size_t i = 0; i < shown.size(); ++i) heads.push_back({absl::StrCat(i, " ", shown[i].role)});
  table.Row("connection", heads, Tone::kHead);
  std::set<std::string> types;
  for (const auto& connection : shown) {
    for (const auto& [type, count] : connection.pdus) {
      if (count > 0) types.insert(type);
    }
  }
  for (const std::string& type : types) {
    Row(&table, "  " + type, shown, [&](const ReplayConnectionResult& c) {
      const auto it = c.pdus.find(type);
      return it == c.pdus.end() || it->second == 0 ? std::string("-") : Grouped(it->second);
    });
  }
  Row(&table, "header digests, ok / bad", shown,
      [](const ReplayConnectionResult& c) { return Digests(c.header_digest, c.header_digests); });
  Row(&table, "data digests, ok / bad", shown,
      [](const ReplayConnectionResult& c) { return Digests(c.data_digest, c.data_digests); });
  Row(&table, "reads / writes", shown, [](const ReplayConnectionResult& c) {
    return absl::StrCat(Grouped(c.read_commands), " / ", Grouped(c.write_commands));
  });
  Row(&table, "c2h lost / retransmitted / reordered", shown,
      [](const ReplayConnectionResult& c) { return Triple(c.c2h); });
  Row(&table, "h2c lost / retransmitted / reordered", shown,
      [](const ReplayConnectionResult& c) { return Triple(c.h2c); });
  return out + table.ToString(color);
}

std::string WhatIfTable(const ReplayResult& result, bool color) {
  TextTable table;
  std::vector<TableCell> heads;
  for (const ReplayRun& run : result.runs) heads.push_back({run.mode});
  table.Row("what this NIC would have done", heads, Tone::kHead);
  const auto& runs = result.runs;
  Row(&table, "payload, bytes", runs,
      [](const ReplayRun& r) { return Grouped(r.offload.payload_bytes); });
  Row(&table, "bytes placed by the NIC", runs,
      [](const ReplayRun& r) { return Percent(r.offload.placed_fraction); });
  std::set<std::string> reasons;
  for (const ReplayRun& run : runs) {
    for (const auto& [reason, bytes] : run.offload.not_placed) reasons.insert(reason);
  }
  for (const std::string& reason : reasons) {
    Row(&table, "  not placed: " + reason, runs, [&](const ReplayRun& r) {
      const auto it = r.offload.not_placed.find(reason);
      return it == r.offload.not_placed.end() ? std::string("-") : Grouped(it->second);
    });
  }
  Row(&table, "PDUs", runs, [](const ReplayRun& r) { return Grouped(r.offload.pdus); });
  Row(&table, "PDUs verified by the NIC", runs,
      [](const ReplayRun& r) { return Percent(r.offload.crc_offloaded_fraction); });
  Row(&table, "resync requests / confirmed / false", runs, [](const ReplayRun& r) {
    return absl::StrCat(r.offload.resync.requests, " / ", r.offload.resync.responses, " / ",
                        r.offload.resync.false_matches);
  });
  Row(&table, "cycles per command", runs,
      [](const ReplayRun& r) { return Fixed(r.cpu.cycles_per_io, 0); });
  Row(&table, "cycles saved", result.comparison.rows, [&](const ComparisonRow& row) {
    if (row.mode == result.comparison.baseline) return std::string("baseline");
    if (!row.cycles_per_io_saved_percent) return std::string("-");
    return Fixed(*row.cycles_per_io_saved_percent, 1) + " %";
  });
  Row(&table, "held back, ms", runs, [](const ReplayRun& r) {
    return r.held_back_ns == 0 ? std::string("-")
                               : Fixed(static_cast<double>(r.held_back_ns) / 1e6, 3);
  });
  std::vector<TableCell> verdicts;
  verdicts.reserve(runs.size());
  for (const ReplayRun& run : runs) {
    verdicts.push_back(
        {run.verification.verdict, run.verification.passed() ? Tone::kGood : Tone::kBad});
  }
  table.Row("verdict", verdicts);
  return table.ToString(color);
}

std::string Episodes(const ReplayResult& result) {
  if (result.runs.empty()) return "";
  const size_t mode = FullestMode(result);
  std::string out;
  size_t shown = 0;
  size_t all = 0;
  for (size_t i = 0; i < result.connections.size(); ++i) {
    const ReplayConnectionRun& run = result.connections[i].runs[mode];
    all += run.episodes.size();
    for (const ResyncEpisode& episode : run.episodes) {
      if (shown++ >= kListedEpisodes) break;
      absl::StrAppendFormat(
          &out, "  %2d  %12s  %10s  %10s  %s\n", i,
          Fixed(static_cast<double>(episode.start_ns) / 1e6, 3),
          episode.end_ns < 0
              ? "open"
              : Fixed(static_cast<double>(episode.end_ns - episode.start_ns) / 1e6, 3),
          Grouped(episode.bytes_lost), episode.cause);
    }
  }
  if (all == 0) return "";
  out = absl::StrCat("\nsync lost, ", result.runs[mode].mode,
                     ": connection, at ms, for ms, bytes lost to the offload, cause\n", out);
  if (all > kListedEpisodes)
    absl::StrAppend(&out, "  and ", all - kListedEpisodes, " more (--json has them all)\n");
  return out;
}

std::string Teardowns(const ReplayResult& result) {
  std::string out;
  for (size_t i = 0; i < result.connections.size(); ++i) {
    const std::optional<size_t> mode = TeardownMode(result, result.connections[i]);
    if (!mode.has_value()) continue;
    const HostTeardown& teardown = *result.connections[i].runs[*mode].teardown;
    absl::StrAppend(&out, "connection ", i, ", ", result.runs[*mode].mode, ": at ",
                    Fixed(static_cast<double>(teardown.time_ns) / 1e6, 3),
                    " ms the host would have torn it down (", teardown.cause, "); ",
                    Grouped(teardown.bytes_after), " bytes of its stream come after that");
    if (teardown.commands_after > 0) {
      absl::StrAppend(&out, "; the recorded host did not mind and sent ",
                      Grouped(teardown.commands_after), " more commands");
    }
    out += "\n";
  }
  return out.empty() ? out : "\n" + out;
}

std::string Violations(const ReplayResult& result) {
  std::string out;
  for (const ReplayRun& run : result.runs) {
    for (const Violation& violation : run.verification.violations)
      absl::StrAppend(&out, run.mode, ": ", violation.law, ": ", violation.detail, "\n");
  }
  return out.empty() ? out : "\n" + out;
}

std::string Defects(const ReplayResult& result, bool color) {
  std::string lines;
  for (const ReplayRun& run : result.runs)
    lines += DefectLines(run.mode, run.verification.defects, color);
  return UnderDefects(lines, color);
}

}  // namespace

std::string ReplayTable(const ReplayResult& result, bool color) {
  return absl::StrCat(Head(result), ConnectionTable(result, color), "\n",
                      WhatIfTable(result, color), Episodes(result), Teardowns(result),
                      Violations(result), Defects(result, color));
}

}  // namespace ddpsim
