#include "sim/validate/minimise.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "sim/scenario/resolved_json.h"
#include "sim/validate/setting_diff.h"

namespace ddpsim {
namespace {

using settings::FaultConfig;
using settings::LossModelKind;
using Faults = std::vector<LoggedFault>;

// -1: some are still random.
int CountDirection(const FaultConfig& faults) {
  const LossModelKind model = faults.loss.model;
  const bool listed = (model == LossModelKind::kNone || model == LossModelKind::kList) &&
                      faults.reorder.probability <= 0 && faults.duplicate.probability <= 0 &&
                      faults.corrupt.probability <= 0;
  if (!listed) return -1;
  size_t count = model == LossModelKind::kList ? faults.loss.packets.size() : 0;
  count += faults.reorder.list.size() + faults.duplicate.list.size() + faults.corrupt.list.size() +
           faults.script.flipped.size();
  // A scripted segment that begins where the one before did not end: something is missing, late or
  // sent again.
  const auto& segments = faults.script.segments;
  count += segments.empty() ? 0 : 1;  // what it keeps and does not send on
  for (size_t i = 1; i < segments.size(); ++i) count += segments[i].from != segments[i - 1].to;
  return static_cast<int>(count);
}

int CountAnswers(const settings::ResyncFaultsConfig& faults) {
  if (faults.loss > 0 || faults.late > 0) return -1;
  return static_cast<int>(faults.lost_list.size() + faults.late_list.size() + faults.stray.size());
}

int CountFaults(const Scenario& s) {
  int sum = 0;
  for (int count : {CountDirection(s.network.c2h), CountDirection(s.network.h2c),
                    CountAnswers(s.host.nic.offload.resync_faults)}) {
    if (count < 0) return -1;
    sum += count;
  }
  return sum;
}

std::vector<int64_t> Packets(const Faults& faults, bool c2h, LoggedFault::Kind kind) {
  std::vector<int64_t> packets;
  for (const LoggedFault& fault : faults) {
    if (fault.c2h == c2h && fault.kind == kind) packets.push_back(fault.packet);
  }
  std::sort(packets.begin(), packets.end());
  packets.erase(std::unique(packets.begin(), packets.end()), packets.end());
  return packets;
}

void WriteOut(const Faults& faults, bool c2h, FaultConfig* to) {
  using Kind = LoggedFault::Kind;
  to->loss = settings::LossConfig();
  to->loss.packets = Packets(faults, c2h, Kind::kLoss);
  if (!to->loss.packets.empty()) to->loss.model = LossModelKind::kList;
  to->reorder.probability = to->duplicate.probability = to->corrupt.probability = 0;
  to->reorder.list = Packets(faults, c2h, Kind::kReorder);
  to->duplicate.list = Packets(faults, c2h, Kind::kDuplicate);
  to->corrupt.list = Packets(faults, c2h, Kind::kCorrupt);
}

void WriteOutAnswers(const Faults& faults, settings::ResyncFaultsConfig* to) {
  to->loss = to->late = 0;
  to->lost_list = Packets(faults, true, LoggedFault::Kind::kAnswerLost);
  to->late_list.clear();
  for (int64_t answer : Packets(faults, true, LoggedFault::Kind::kAnswerLate))
    to->late_list.push_back({answer, to->delay_us});
}

class Minimiser {
 public:
  Minimiser(const Trial& trial, const TrialOutcome& outcome, int max_runs)
      : best_{trial, outcome, 0, -1}, max_runs_(max_runs) {}

  Minimised Run() {
    Shrink();
    if (!WithFaults({})) {
      Trial logged = best_.trial;
      logged.log_faults = true;
      ++best_.runs;
      const std::vector<TrialOutcome> outcomes = RunTrials({logged}, {});
      if (!outcomes.empty() && WithFaults(outcomes[0].faults)) {
        Reduce<LoggedFault>(outcomes[0].faults, [this](const Faults& f) { return WithFaults(f); });
      }
    }
    ReduceScript();
    ReduceSettings();
    best_.faults = CountFaults(best_.trial.scenario);
    return best_;
  }

 private:
  // Keeps the changed trial if it breaks the same law.
  bool Try(const std::function<void(Scenario*)>& change) {
    if (best_.runs >= max_runs_) return false;
    Trial trial = best_.trial;
    change(&trial.scenario);
    ++best_.runs;
    const std::vector<TrialOutcome> outcomes = RunTrials({trial}, {});
    if (outcomes.empty() || outcomes[0].passed || outcomes[0].law != best_.outcome.law)
      return false;
    best_.trial = trial;
    best_.outcome = outcomes[0];
    return true;
  }

  void Shrink() {
    Try([](Scenario* s) { s->tie_seed = 0; });
    Try([](Scenario* s) { s->network.h2c = FaultConfig(); });
    Try([](Scenario* s) { s->network.c2h.script = settings::ScriptConfig(); });
    Try([](Scenario* s) { s->host.nic.offload.resync_faults = settings::ResyncFaultsConfig(); });
    Try([](Scenario* s) { s->network.c2h.reorder = settings::ReorderConfig(); });
    Try([](Scenario* s) { s->network.c2h.duplicate = settings::DuplicateConfig(); });
    Try([](Scenario* s) { s->network.c2h.corrupt = settings::CorruptConfig(); });
    Try([](Scenario* s) { s->network.c2h.loss = settings::LossConfig(); });
    Try([](Scenario* s) { s->workload.numjobs = s->host.nvme.queues = 1; });
    for (int i = 0; i < 3; ++i) {
      Try([](Scenario* s) {
        s->workload.total_ios = std::max<int64_t>(1, s->workload.total_ios / 2);
        s->network.faults_ios = s->network.faults_ios / 2;
      });
    }
  }

  bool WithFaults(const Faults& faults) {
    return Try([&](Scenario* s) {
      WriteOut(faults, true, &s->network.c2h);
      WriteOut(faults, false, &s->network.h2c);
      WriteOutAnswers(faults, &s->host.nic.offload.resync_faults);
    });
  }

  void ReduceScript() {
    using Segments = std::vector<settings::ScriptSegmentConfig>;
    const Segments segments = best_.trial.scenario.network.c2h.script.segments;
    if (segments.empty()) return;
    Reduce<settings::ScriptSegmentConfig>(segments, [this](const Segments& fewer) {
      return Try([&](Scenario* s) { s->network.c2h.script.segments = fewer; });
    });
  }

  // Back to the defaults, setting by setting. Not the load's length: its default is longer.
  void ReduceSettings() {
    std::vector<SettingUnit> kept, units;
    for (SettingUnit& unit : DiffFromDefaults(best_.trial.scenario)) {
      const std::string& pointer = unit.front().first;
      const bool length = pointer == "/workload/total_ios" || pointer == "/workload/runtime_ms";
      const bool always = length || pointer == "/seed" || pointer == "/compare";
      (always ? kept : units).push_back(std::move(unit));
    }
    Reduce<SettingUnit>(units, [this, &kept](const std::vector<SettingUnit>& fewer) {
      std::vector<SettingUnit> all = kept;
      all.insert(all.end(), fewer.begin(), fewer.end());
      const std::optional<Scenario> plainer = ScenarioOf(all);
      return plainer && Try([&plainer](Scenario* s) { *s = *plainer; });
    });
  }

  // Leaves out parts of `list`, smaller and smaller ones, as long as `fails` holds for the rest.
  template <class T>
  void Reduce(std::vector<T> list, const std::function<bool(const std::vector<T>&)>& fails) {
    for (size_t chunk = (list.size() + 1) / 2; chunk > 0 && !list.empty();) {
      bool removed = false;
      for (size_t at = 0; at < list.size();) {
        const size_t n = std::min(chunk, list.size() - at);
        std::vector<T> fewer = list;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                    fewer.begin() + static_cast<std::ptrdiff_t>(at + n));
        if (fails(fewer)) {
          list = fewer;
          removed = true;
        } else {
          at += n;
        }
      }
      if (chunk > 1) {
        chunk = (chunk + 1) / 2;
      } else if (!removed) {
        break;
      }
      if (best_.runs >= max_runs_) break;
    }
  }

  Minimised best_;
  int max_runs_;
};

}  // namespace

Minimised Minimise(const Trial& trial, const TrialOutcome& outcome, int max_runs) {
  return Minimiser(trial, outcome, max_runs).Run();
}

std::string ScenarioFile(const Trial& trial, const std::string& description) {
  ScenarioPlan plan;
  plan.scenario = trial.scenario;
  plan.scenario.description = description;
  plan.scenario.compare = {trial.mode};
  return ResolvedJson(plan).dump(2) + "\n";
}

}  // namespace ddpsim
