// One run under all laws, and what became of it. Invariant: a run that was cut short, moved nothing
// or broke off is a failure, never a pass.
#ifndef DDPSIM_SIM_VALIDATE_TRIAL_H_
#define DDPSIM_SIM_VALIDATE_TRIAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/result/result_fields.h"
#include "sim/scenario/scenario.h"
#include "sim/system/fault_log.h"
#include "sim/validate/illegal_scenario.h"
#include "sim/validate/worker_pool.h"

namespace ddpsim {

struct Trial {
  std::string test;   // "seed 17"
  std::string group;  // "random"
  Scenario scenario;
  int64_t seed = 0;  // what `--seed` repeats it
  Mode mode = Mode::kDdpCrc;
  bool corruption_expected = false;
  // The scenario may be one in which nothing can get through: I/Os that fail, and a run that the
  // host's timers end, are then no failure. A broken law is, and so is a run that stalled.
  bool may_end_early = false;
  // What a known defect of the series explains, violation by violation, is no failure then.
  bool may_meet_defects = false;
  // If its text is not empty: a file that the loader must refuse, tried first.
  IllegalScenario illegal;
  bool log_faults = false;
  // In the test build: the planted bug that is on. 0: none.
  int mutant = 0;
  double timeout_seconds = 60;
};

struct TrialOutcome {
  bool passed = false;
  // Which law was broken first; "loader_refuses", "run_completes", "model_bug", "crash" or
  // "timeout" where the run itself broke off and no law had spoken before.
  std::string law;
  std::string detail;
  std::string defect;  // the known defect behind it; empty: none
  NamedCounts figures;
  std::vector<LoggedFault> faults;
  double seconds = 0;  // wall clock: for NIPA only
};

// In this process.
TrialOutcome RunTrial(const Trial& trial);

// In processes of their own; outcomes in the order of the trials. Whatever kills
// or hangs a process is the outcome of its trial. Stops early (outcomes missing at the end) when a
// signal asks for it.
std::vector<TrialOutcome> RunTrials(const std::vector<Trial>& trials, const Workers& workers);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_TRIAL_H_
