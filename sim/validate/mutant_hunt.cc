#include "sim/validate/mutant_hunt.h"

#include <sys/stat.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ddpsim/base/mutant.h"
#include "sim/cli/files.h"
#include "sim/cli/signals.h"
#include "sim/cli/wall_time.h"
#include "sim/text/nearest_name.h"
#include "sim/validate/exhaustive_search.h"
#include "sim/validate/minimise.h"
#include "sim/validate/plausible_scenario.h"

namespace ddpsim {
namespace {

struct Planted {
  const char* name;
  const char* what;
};
constexpr Planted kPlanted[] = {
#define DDPSIM_NAME_MUTANT(name, what) {#name, what},
    DDPSIM_MUTANT_LIST(DDPSIM_NAME_MUTANT)
#undef DDPSIM_NAME_MUTANT
};

constexpr int64_t kSeedsPerMutant = 400;
constexpr int64_t kBatch = 16;
constexpr int kMinimiserRuns = 120;
constexpr int kMaxFaults = 5;  // of a scenario that shows the bug to people
constexpr int kMaxTooLarge = 12;
constexpr char kFolder[] = "validate-mutants";

// What a known defect of the series breaks would hide what a planted bug does.
void LeaveOutKnownDefects(Scenario* s) {
  settings::NicConfig& nic = s->host.nic;
  nic.driver = std::max(nic.driver, settings::NicDriver::kV10);
  s->target.c2h_chunk = s->compare[0] == Mode::kDdp ? s->target.c2h_chunk : 0;
  nic.offload.ccid_gen = true;
  nic.offload.sgl_cursor_restarts = !nic.offload.ddp_across_data_gap;
  nic.offload.skips_seen_bytes =
      !nic.offload.ddp_across_data_gap || !s->network.c2h.script.segments.empty();
}

// Random scenarios, pushed towards what makes the offload work hardest: both offloads on, every
// read mapped, and more corruption than the field has.
Scenario HardScenario(int64_t seed) {
  Scenario s = PlausibleScenario(seed);
  if (s.compare[0] != Mode::kDdp) s.compare = {Mode::kDdpCrc};
  LeaveOutKnownDefects(&s);
  s.host.nic.offload.io_threshold = 0;
  s.workload.rw = settings::ReadWrite::kRandRead;
  s.network.pause = true;
  if (s.compare[0] == Mode::kDdp || seed % 2 == 0) return s;
  s.host.nvme.data_digest = true;
  s.network.c2h.corrupt.probability = 0.02;
  s.network.c2h.corrupt.fix_checksum = true;
  s.network.c2h.corrupt.field =
      seed % 4 == 1 ? settings::CorruptField::kData : settings::CorruptField::kDigest;
  return s;
}

// The same for writes: small and large ones, some in the capsule, some by R2T and in several PDUs,
// and data that only a digest tells from what was sent.
Scenario HardWrites(int64_t seed) {
  Scenario s = PlausibleScenario(seed);
  LeaveOutKnownDefects(&s);
  s.workload.rw = settings::ReadWrite::kRandWrite;
  s.network.pause = true;
  s.target.maxh2cdata = seed % 3 == 0 ? 4096 : 32768;
  s.host.nvme.data_digest |= seed % 2 == 0;
  if (!s.host.nvme.data_digest || seed % 4 != 0) return s;
  s.network.h2c.corrupt.probability = 0.02;
  s.network.h2c.corrupt.fix_checksum = true;
  s.network.h2c.corrupt.field = settings::CorruptField::kData;
  return s;
}

Scenario ScenarioFor(const Planted& planted, int64_t seed) {
  return absl::StartsWith(planted.what, "write path") ? HardWrites(seed) : HardScenario(seed);
}

class Hunt {
 public:
  Hunt(int mutant, int64_t first_seed, int jobs)
      : mutant_(mutant), first_(first_seed), jobs_(jobs) {}

  CaseResult Run() {
    const Planted& planted = kPlanted[mutant_ - 1];
    result_.test = planted.name;
    result_.group = "mutant";
    const double started = SteadySeconds();
    for (int64_t i = 0; i < kSeedsPerMutant && !result_.passed; i += kBatch) {
      if (ReceivedSignal() != 0 || too_large_ >= kMaxTooLarge) break;
      TryBatch(first_ + i);
    }
    if (!result_.passed) TryExhaustive();
    if (!result_.passed && large_.trial.mutant != 0) Keep(large_.trial, large_.outcome, -1);
    if (!result_.passed && result_.detail.empty())
      result_.detail = absl::StrCat("not found: ", planted.what);
    result_.seconds = SteadySeconds() - started;
    return result_;
  }

 private:
  void TryBatch(int64_t first) {
    std::vector<Trial> trials;
    for (int64_t seed = first; seed < first + kBatch; ++seed) {
      Trial trial;
      trial.test = absl::StrCat(kPlanted[mutant_ - 1].name, " seed ", seed);
      trial.scenario = ScenarioFor(kPlanted[mutant_ - 1], seed);
      trial.mode = trial.scenario.compare.front();
      trial.mutant = mutant_;
      trial.timeout_seconds = 10;
      trials.push_back(std::move(trial));
    }
    const std::vector<TrialOutcome> outcomes = RunTrials(trials, {jobs_, nullptr});
    for (size_t i = 0; i < outcomes.size() && !result_.passed; ++i) {
      if (!outcomes[i].passed) Found(trials[i], outcomes[i]);
    }
  }

  void Found(const Trial& trial, const TrialOutcome& outcome) {
    const Minimised small = Minimise(trial, outcome, kMinimiserRuns);
    if (!CleanWithout(small.trial)) return;
    // Not small enough: another seed may break the same law with fewer faults.
    const bool small_enough =
        small.faults >= 0 && small.faults <= kMaxFaults && Named(small.outcome);
    if (small_enough) return Keep(small.trial, small.outcome, small.faults);
    if (large_.trial.mutant == 0) large_ = {small.trial, small.outcome};
    ++too_large_;
  }

  // A run that only broke off: by what, a law should have said.
  static bool Named(const TrialOutcome& outcome) {
    for (const char* not_a_law : {"model_bug", "crash", "timeout", "run_completes"}) {
      if (outcome.law == not_a_law) return false;
    }
    return true;
  }

  void TryExhaustive() {
    const std::vector<Counterexample> all = FindExhaustively(mutant_);
    if (all.empty()) return;
    Counterexample found;
    const Reproduction run = ReproduceFirst(all, mutant_, &found);
    if (run.outcome.passed) {
      result_.detail = "no law was broken by: " + found.Story();
    } else if (CleanWithout(run.trial)) {
      Keep(run.trial, run.outcome, found.Faults());
    }
  }

  // Without the bug the same scenario must be clean, or the law was broken by something else.
  static bool CleanWithout(Trial trial) {
    trial.mutant = 0;
    const std::vector<TrialOutcome> clean = RunTrials({trial}, {});
    return !clean.empty() && clean[0].passed;
  }

  void Keep(const Trial& trial, const TrialOutcome& outcome, int faults) {
    result_.passed = true;
    result_.law = outcome.law;
    result_.detail = outcome.detail;
    result_.faults = faults;
    mkdir(kFolder, 0777);
    const std::string file = absl::StrCat(kFolder, "/", kPlanted[mutant_ - 1].name, ".json");
    const std::string text = ScenarioFile(trial, kPlanted[mutant_ - 1].what);
    if (WriteFile(file, text).empty()) result_.scenario_file = file;
  }

  int mutant_;
  int64_t first_;
  int jobs_;
  int too_large_ = 0;
  Reproduction large_;  // the first that was found, if it is not as small as wanted
  CaseResult result_;
};

}  // namespace

bool MutantsBuilt() {
#ifdef DDPSIM_MUTANTS
  return true;
#else
  return DDPSIM_MUTANT(kNone);
#endif
}

std::string FindMutant(const std::string& name, int* mutant) {
  if (!MutantsBuilt())
    return "this build holds no planted bugs; build the target ddpsim_mutants and run that";
  std::vector<std::string> names = {"all"};
  for (size_t i = 0; i < std::size(kPlanted); ++i) {
    names.push_back(kPlanted[i].name);
    if (name == kPlanted[i].name) *mutant = static_cast<int>(i) + 1;
  }
  if (*mutant == 0) return "there is no mutant \"" + name + "\"" + AcceptedNames(name, names);
  return "";
}

std::string HuntMutants(const std::string& name, int64_t first_seed, const Workers& workers,
                        ValidateReport* report) {
  std::vector<int> chosen(1);
  if (name == "all" && MutantsBuilt()) {
    chosen.resize(std::size(kPlanted));
    std::iota(chosen.begin(), chosen.end(), 1);
  } else {
    std::string error = FindMutant(name, &chosen[0]);
    if (!error.empty()) return error;
  }
  report->title = "planted bugs: " + name;
  report->planned = chosen.size();
  report->list_passed = true;
  for (int mutant : chosen) {
    if (ReceivedSignal() != 0) break;
    report->cases.push_back(Hunt(mutant, first_seed, workers.jobs).Run());
    if (workers.tell) workers.tell(report->cases.size(), chosen.size());
  }
  return "";
}

}  // namespace ddpsim
