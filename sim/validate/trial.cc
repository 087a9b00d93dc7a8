#include "sim/validate/trial.h"

#include <algorithm>
#include <exception>

#include "absl/strings/str_cat.h"
#include "ddpsim/base/mutant.h"
#include "nlohmann/json.hpp"
#include "sim/cli/signals.h"
#include "sim/system/run.h"

namespace ddpsim {
namespace {

using Json = nlohmann::json;

NamedCounts FiguresOf(const RunResult& run) {
  const OffloadResult& offload = run.offload;
  return {{"payload_bytes", offload.payload_bytes},
          {"placed_bytes", offload.placed_bytes},
          {"packets", offload.packets},
          {"offloaded_packets", offload.offloaded_packets},
          {"pdus_crc_offloaded", offload.pdus_crc_offloaded},
          {"resync_requests", offload.resync.requests},
          {"resync_responses", offload.resync.responses},
          {"false_matches", offload.resync.false_matches},
          {"open_outages", offload.resync.open_outages},
          {"reconnects", run.protocol.reconnects},
          {"transfer_errors", run.protocol.transfer_errors},
          {"read_bytes", run.read.io_bytes}};
}

// Nothing could get through, and the run says so: the host's own timers ended it, I/Os failed, or
// the time was over before one was done.
bool EndedEarly(const RunResult& run) {
  if (!run.complete()) return run.ended_by != kEndedByStall && run.ended_by != kEndedByInterrupt;
  if (run.io_bytes() > 0) return false;
  return run.read.errors + run.write.errors > 0 || run.ended_by == kEndedByRuntime;
}

// What a run that moved nothing cannot help.
bool FollowsFromEarlyEnd(const Violation& violation) {
  return violation.law == "run_completes" || violation.detail == "no byte was compared";
}

// What is held against a run: not what a known defect explains, where the trial may meet them.
std::vector<Violation> HeldAgainst(const RunResult& run, const BrokenLaw& broken,
                                   bool may_meet_defects) {
  std::vector<Violation> held = run.verification.violations;
  if (!broken.law.empty()) held.insert(held.begin(), {broken.law, broken.detail, broken.defect});
  if (may_meet_defects) {
    held.erase(std::remove_if(held.begin(), held.end(),
                              [](const Violation& one) { return !one.defect.empty(); }),
               held.end());
  }
  return held;
}

// Every I/O failed by a known defect.
bool MovedNothingByDefect(const RunResult& run) {
  for (const Violation& one : run.verification.violations) {
    if (one.law == "run_completes" && !one.defect.empty()) return true;
  }
  return false;
}

void Break(const std::string& law, const std::string& detail, TrialOutcome* out) {
  out->law = law;
  out->detail = detail;
}

void Break(const Violation& violation, TrialOutcome* out) {
  Break(violation.law, violation.detail, out);
  out->defect = violation.defect;
}

void JudgeEarlyEnd(const std::vector<Violation>& held, TrialOutcome* out) {
  for (const Violation& violation : held) {
    if (!FollowsFromEarlyEnd(violation)) return Break(violation, out);
  }
  out->passed = true;
  out->figures["runs_ended_early"] = 1;
}

void JudgeRun(const RunResult& run, const BrokenLaw& broken, const Trial& trial,
              TrialOutcome* out) {
  for (const auto& [name, count] : run.counters) out->figures[name] = count;
  out->figures.insert({{"bytes_checked", run.verification.bytes_checked}});
  const std::vector<Violation> held = HeldAgainst(run, broken, trial.may_meet_defects);
  if (!run.verification.defects.empty()) out->figures["runs_with_known_defects"] = 1;
  if (trial.may_end_early && EndedEarly(run)) return JudgeEarlyEnd(held, out);
  if (!held.empty()) return Break(held.front(), out);
  if (!run.complete()) return Break("run_completes", "ended by: " + run.ended_by, out);
  if (run.io_bytes() == 0 && !MovedNothingByDefect(run))
    return Break("run_completes", "no data moved", out);
  if (!run.verification.passed() && run.verification.violations.empty())
    return Break("verdict", "failed without a violation", out);
  out->passed = true;
}

std::string ToText(const TrialOutcome& outcome) {
  Json json = {{"passed", outcome.passed}, {"law", outcome.law},         {"detail", outcome.detail},
               {"defect", outcome.defect}, {"figures", outcome.figures}, {"faults", Json::array()}};
  for (const LoggedFault& fault : outcome.faults)
    json["faults"].push_back({fault.c2h, static_cast<int>(fault.kind), fault.packet});
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

TrialOutcome FromText(const std::string& text) {
  TrialOutcome outcome;
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    outcome.law = "crash";
    outcome.detail = "the process ended without a result";
    return outcome;
  }
  outcome.passed = json["passed"].get<bool>();
  outcome.law = json["law"].get<std::string>();
  outcome.detail = json["detail"].get<std::string>();
  outcome.defect = json["defect"].get<std::string>();
  outcome.figures = json["figures"].get<NamedCounts>();
  for (const Json& fault : json["faults"]) {
    outcome.faults.push_back({fault[0].get<bool>(),
                              static_cast<LoggedFault::Kind>(fault[1].get<int>()),
                              fault[2].get<int64_t>()});
  }
  return outcome;
}

TrialOutcome OutcomeOf(const WorkerEnd& end) {
  TrialOutcome outcome;
  if (end.how == WorkerEnd::How::kDone) {
    outcome = FromText(end.text);
  } else if (end.how == WorkerEnd::How::kTimeout) {
    outcome.law = "timeout";
    outcome.detail = "the process was killed after its time was up";
  } else {
    outcome.law = "crash";
    outcome.detail =
        absl::StrCat(end.how == WorkerEnd::How::kSignal ? "signal " : "exit status ", end.status);
  }
  outcome.seconds = end.seconds;
  return outcome;
}

}  // namespace

TrialOutcome RunTrial(const Trial& trial) {
  SelectMutant(trial.mutant);
  TrialOutcome outcome;
  if (!trial.illegal.text.empty()) {
    outcome.detail = WhyNotRefused(trial.illegal);
    outcome.law = outcome.detail.empty() ? "" : "loader_refuses";
    if (!outcome.detail.empty()) return outcome;
  }
  BrokenLaw broken;
  RunOptions options;
  options.corruption_expected = trial.corruption_expected;
  options.broken_law = &broken;
  if (trial.log_faults) options.fault_log = &outcome.faults;
  try {
    const absl::StatusOr<RunResult> run = RunMode(trial.scenario, trial.mode, options);
    if (run.ok()) {
      outcome.figures = FiguresOf(*run);
      JudgeRun(*run, broken, trial, &outcome);
    } else {
      outcome.law = "run_completes";
      outcome.detail = std::string(run.status().message());
    }
  } catch (const std::exception& bug) {
    const std::string text = bug.what();  // SystemC adds lines of its own
    outcome.law = broken.law.empty() ? "model_bug" : broken.law;
    outcome.detail = broken.law.empty() ? text.substr(0, text.find('\n')) : broken.detail;
  }
  return outcome;
}

std::vector<TrialOutcome> RunTrials(const std::vector<Trial>& trials, const Workers& workers) {
  std::vector<TrialOutcome> outcomes;
  WorkerPool pool(workers, &ReceivedSignal());
  const std::vector<WorkerEnd> ends = pool.Run(
      trials.size(), [&](size_t i) { return ToText(RunTrial(trials[i])); },
      [&](size_t i) { return trials[i].timeout_seconds; });
  for (const WorkerEnd& end : ends) {
    if (end.how == WorkerEnd::How::kNotRun) break;
    outcomes.push_back(OutcomeOf(end));
  }
  return outcomes;
}

}  // namespace ddpsim
