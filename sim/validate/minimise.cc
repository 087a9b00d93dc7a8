#include "sim/validate/minimise.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "sim/scenario/resolved_json.h"

namespace ddpsim {
namespace {

using settings::FaultConfig;
using settings::LossModelKind;
using Faults = std::vector<LoggedFault>;

// Stands for "some are still random".
bool IsExplicit(const FaultConfig& faults) {
  const LossModelKind model = faults.loss.model;
  return (model == LossModelKind::kNone || model == LossModelKind::kList) &&
         faults.reorder.probability <= 0 && faults.duplicate.probability <= 0 &&
         faults.corrupt.probability <= 0;
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
      const std::vector<TrialOutcome> outcomes = RunTrials({logged}, 1);
      if (!outcomes.empty() && WithFaults(outcomes[0].faults)) Reduce(outcomes[0].faults);
    }
    const settings::NetworkConfig& network = best_.trial.scenario.network;
    if (!IsExplicit(network.c2h) || !IsExplicit(network.h2c)) best_.faults = -1;
    return best_;
  }

 private:
  // Keeps the changed trial if it breaks the same law.
  bool Try(const std::function<void(Scenario*)>& change) {
    if (best_.runs >= max_runs_) return false;
    Trial trial = best_.trial;
    change(&trial.scenario);
    ++best_.runs;
    const std::vector<TrialOutcome> outcomes = RunTrials({trial}, 1);
    if (outcomes.empty() || outcomes[0].passed || outcomes[0].law != best_.outcome.law)
      return false;
    best_.trial = trial;
    best_.outcome = outcomes[0];
    return true;
  }

  void Shrink() {
    Try([](Scenario* s) { s->network.h2c = FaultConfig(); });
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
    const bool fails = Try([&](Scenario* s) {
      WriteOut(faults, true, &s->network.c2h);
      WriteOut(faults, false, &s->network.h2c);
    });
    if (fails) best_.faults = static_cast<int>(faults.size());
    return fails;
  }

  void Reduce(Faults faults) {
    for (size_t chunk = (faults.size() + 1) / 2; chunk > 0 && !faults.empty();) {
      bool removed = false;
      for (size_t at = 0; at < faults.size();) {
        const size_t n = std::min(chunk, faults.size() - at);
        Faults fewer = faults;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                    fewer.begin() + static_cast<std::ptrdiff_t>(at + n));
        if (WithFaults(fewer)) {
          faults = fewer;
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
