// From a failing trial to the smallest one found that still breaks the same law: fewer I/Os, queues
// and jobs first, then random faults are written out as lists of packets and resync answers, and
// the list, and the script of segments, is halved as long as it fails (delta debugging, Zeller and
// Hildebrandt 2002). Left out: faults that no list
// can name (lost ACKs, bursts): if the list alone does not fail, the random faults stay.
#ifndef DDPSIM_SIM_VALIDATE_MINIMISE_H_
#define DDPSIM_SIM_VALIDATE_MINIMISE_H_

#include <string>

#include "sim/validate/trial.h"

namespace ddpsim {

struct Minimised {
  Trial trial;
  TrialOutcome outcome;
  int runs = 0;
  // Faults left, all written out (of a script: segments out of turn); -1: some are still random.
  int faults = -1;
};

// REQUIRES: `outcome` is the failing one of `trial`. Runs at most `max_runs` others.
Minimised Minimise(const Trial& trial, const TrialOutcome& outcome, int max_runs);

// The scenario as a file that `ddpsim run` takes.
std::string ScenarioFile(const Trial& trial, const std::string& description);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_MINIMISE_H_
