#include "sim/cli/run_command.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sim/check/expectations.h"
#include "sim/cli/console.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/cli/progress.h"
#include "sim/cli/signals.h"
#include "sim/cli/version.h"
#include "sim/result/result_json.h"
#include "sim/result/result_table.h"
#include "sim/result/sha256.h"
#include "sim/scenario/resolved_json.h"

namespace ddpsim {
namespace {

// An expectation about its verdict, or about a defect of the series, decides a run's share of the
// exit status.
std::set<std::string> ForeseenVerdicts(const std::vector<Expectation>& expect) {
  std::set<std::string> runs;
  for (const Expectation& e : expect) {
    if (e.pointer != "/verification/verdict" &&
        !absl::StartsWith(e.pointer, "/verification/defects/"))
      continue;
    RunResult named;
    named.mode = ModeName(e.mode);
    named.variant = e.variant;
    runs.insert(RunName(named));
  }
  return runs;
}

// "scenarios/quickstart.json" -> "quickstart".
std::string StemOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  return name.substr(0, name.find('.', 1));
}

struct Loaded {
  std::string name;
  std::string sha256;
  ScenarioPlan plan;
};

class Session {
 public:
  Session(const CommandLine& line, const Bench& bench)
      : line_(line), bench_(bench), progress_(line.quiet) {}

  int Run() {
    int status = LoadAll();
    if (status == kExitOk) status = CheckOutputs();
    if (status != kExitOk) return status;
    WatchSignals();
    progress_.Plan(PlannedRuns());
    for (const Loaded& loaded : loaded_) {
      status = std::max(status, RunScenario(loaded));
      if (status > kExitFailed) break;
    }
    const int written = WriteJson();
    if (ReceivedSignal() != 0) {
      TellKept(written == kExitOk);
      return kExitSignalBase + ReceivedSignal();
    }
    return written != kExitOk ? written : status;
  }

 private:
  // Says everything that is wrong with any of the files. A missing file outweighs a bad one.
  int LoadAll() {
    int status = kExitOk;
    LoadOptions options{line_.overrides, line_.seed, bench_.cost_profiles};
    for (const std::string& file : line_.operands) {
      std::string error;
      int why = kExitNoInput;
      const std::optional<std::string> text = ReadFile(file, &error, &why);
      if (!text) {
        Complain(error);
        status = std::max(status, why);
        continue;
      }
      LoadResult result = LoadScenario(*text, file, options);
      std::fputs(result.diagnostics.ToString().c_str(), stderr);
      if (result.plan) {
        loaded_.push_back({StemOf(file), Sha256Hex(*text), std::move(*result.plan)});
      } else if (status == kExitOk) {
        status = kExitBadData;
      }
    }
    return status;
  }

  size_t PlannedRuns() const {
    size_t runs = 0;
    for (const Loaded& loaded : loaded_)
      runs += loaded.plan.scenario.compare.size() * (loaded.plan.variants.size() + 1);
    return runs;
  }

  // Where a run's capture goes; empty: nowhere.
  std::string PcapOf(const Loaded& loaded, const std::string& variant, const Scenario& scenario,
                     Mode mode) const {
    if (line_.pcap_file.empty()) return "";
    const size_t runs = scenario.compare.size() * (loaded.plan.variants.size() + 1);
    return PcapName(line_.pcap_file, loaded.name, variant, ModeName(mode), loaded_.size() > 1,
                    runs > 1);
  }

  std::vector<std::string> AllPcaps() const {
    std::vector<std::string> names;
    for (const Loaded& loaded : loaded_) {
      const auto add = [&](const std::string& variant, const Scenario& scenario) {
        for (Mode mode : scenario.compare) names.push_back(PcapOf(loaded, variant, scenario, mode));
      };
      add("", loaded.plan.scenario);
      for (const ScenarioVariant& variant : loaded.plan.variants)
        add(variant.name, variant.scenario);
    }
    return names;
  }

  int CheckOutputs() const {
    std::vector<std::string> written = AllPcaps();
    written.push_back(line_.json_file);
    if (const std::string error = WhyClobbered(line_.operands, written); !error.empty()) {
      Complain(error);
      return kExitUsage;
    }
    for (const std::string& file : {line_.json_file, line_.pcap_file}) {
      if (file.empty() || file == "-") continue;
      const std::string error = WhyNotWritable(file);
      if (error.empty()) continue;
      Complain(error);
      return kExitIoError;
    }
    return kExitOk;
  }

  int RunScenario(const Loaded& loaded) {
    ScenarioResult result;
    result.name = loaded.name;
    result.scenario = ResolvedJson(loaded.plan);
    result.provenance = {kVersion,
                         kCommit,
                         kBuild,
                         loaded.sha256,
                         loaded.plan.scenario.seed,
                         loaded.plan.scenario.host.cpu.profile};
    int status = RunVariant(loaded, "", loaded.plan.scenario, result);
    for (const ScenarioVariant& variant : loaded.plan.variants) {
      if (status == kExitOk) status = RunVariant(loaded, variant.name, variant.scenario, result);
    }
    if (result.runs.empty()) return status;
    Judge(loaded, result);
    const int shown = ShowTable(result);
    if (status == kExitOk) status = shown;
    return status != kExitOk ? status : result.passed() ? kExitOk : kExitFailed;
  }

  int RunVariant(const Loaded& loaded, const std::string& variant, const Scenario& scenario,
                 ScenarioResult& result) {
    for (Mode mode : scenario.compare) {
      if (ReceivedSignal() != 0) return kExitSignalBase + ReceivedSignal();
      RunOptions options;
      options.verbosity = line_.verbosity;
      options.corruption_expected = ForeseesWrongBytes(loaded.plan.expect, variant, mode);
      options.interrupt = &ReceivedSignal();
      options.pcap_file = PcapOf(loaded, variant, scenario, mode);
      progress_.Begin(
          absl::StrCat(loaded.name, variant.empty() ? "" : "/", variant, " ", ModeName(mode)),
          scenario.workload, options);
      absl::StatusOr<RunResult> run = bench_.run(scenario, mode, options);
      progress_.End();
      if (!run.ok()) {
        Complain(absl::StrCat(loaded.name, ": ", ModeName(mode), ": ",
                              absl::string_view(run.status().message())));
        return StatusOf(run.status());
      }
      if (run->ended_by == kEndedByInterrupt) {
        if (!options.pcap_file.empty())
          Complain(options.pcap_file + ": ends where the run was interrupted");
        return kExitSignalBase + (ReceivedSignal() != 0 ? ReceivedSignal() : SIGINT);
      }
      run->mode = ModeName(mode);
      run->variant = variant;
      result.runs.push_back(std::move(*run));
    }
    return kExitOk;
  }

  bool TableWanted() const { return !line_.quiet && line_.json_file != "-"; }

  void Judge(const Loaded& loaded, ScenarioResult& result) {
    std::vector<nlohmann::ordered_json> runs;
    for (const RunResult& run : result.runs) runs.push_back(RunJson(run));
    result.comparison = Compare(result.runs);
    result.expect = JudgeExpectations(loaded.plan.expect, runs);
    result.foreseen = ForeseenVerdicts(loaded.plan.expect);
    json_.push_back(ScenarioResultJson(result));
    for (const RunResult& run : result.runs) {
      const std::string name = absl::StrCat(loaded.name, ": ", RunName(run));
      kept_.push_back(name);
      if (!run.complete()) {
        Complain(absl::StrCat(name, ": the run was cut short: ", run.ended_by,
                              run.end_reason.empty() ? "" : ": ", run.end_reason));
      }
      if (run.io_bytes() == 0) Complain(absl::StrCat(name, ": no data moved"));
      if (!run.verification.passed() && !result.Foreseen(run) && !TableWanted())
        Complain(absl::StrCat(name, ": verification failed"));
    }
    // The table tells them too.
    if (TableWanted()) return;
    for (const FailedExpectation& failed : result.expect.failed) {
      Complain(absl::StrCat(loaded.name, ": ", ToString(failed)));
    }
  }

  int ShowTable(const ScenarioResult& result) {
    if (!TableWanted()) return kExitOk;
    const std::string gap = shown_++ == 0 ? "" : "\n";
    const std::string error =
        WriteStandardOutput(gap + ResultTable(result, WantsColor(line_.color)));
    if (error.empty()) return kExitOk;
    Complain(error);
    return kExitIoError;
  }

  // What an interrupt left of the work: the runs that were finished, and where their results are.
  void TellKept(bool written) const {
    if (kept_.empty()) return Complain("interrupted: no run was finished, nothing is kept");
    std::string where = line_.json_file;
    if (where == "-") where = "standard output";
    if (where.empty()) where = TableWanted() ? "the table" : "nothing: neither table nor --json";
    Complain(absl::StrCat("interrupted: finished ", absl::StrJoin(kept_, ", "), "; kept in ",
                          written ? where : "nothing: it could not be written"));
  }

  // One scenario: its object; several: an array of those that ran.
  int WriteJson() const {
    if (line_.json_file.empty() || json_.empty()) return kExitOk;
    const std::string text =
        JsonFileText(loaded_.size() > 1 ? nlohmann::ordered_json(json_) : json_.front());
    const std::string error =
        line_.json_file == "-" ? WriteStandardOutput(text) : WriteFile(line_.json_file, text);
    if (error.empty()) return kExitOk;
    Complain(error);
    return kExitIoError;
  }

  const CommandLine& line_;
  const Bench& bench_;
  Progress progress_;
  std::vector<Loaded> loaded_;
  std::vector<nlohmann::ordered_json> json_;
  std::vector<std::string> kept_;  // runs that were finished
  int shown_ = 0;
};

}  // namespace

std::string PcapName(const std::string& file, const std::string& scenario,
                     const std::string& variant, const std::string& mode, bool several_scenarios,
                     bool several_runs) {
  std::string names;
  if (several_scenarios) absl::StrAppend(&names, "-", scenario);
  if (several_runs && !variant.empty()) absl::StrAppend(&names, "-", variant);
  if (several_runs) absl::StrAppend(&names, "-", mode);
  const size_t slash = file.rfind('/');
  const size_t dot = file.rfind('.');
  const bool extension =
      dot != std::string::npos && dot > 0 && (slash == std::string::npos || dot > slash + 1);
  const size_t at = extension ? dot : file.size();
  return file.substr(0, at) + names + file.substr(at);
}

int RunCommand(const CommandLine& line, const Bench& bench) { return Session(line, bench).Run(); }

}  // namespace ddpsim
