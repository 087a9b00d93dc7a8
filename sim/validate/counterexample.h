// From a history of the exhaustive search to a scenario that `ddpsim run` takes: a box on the link
// (network.c2h.script) sends the segments on as the history has them, and resync answers get lost,
// put off or invented (host.nic.offload.resync_faults) as there; then what is left of the stream
// comes in order, and the reads go on. The stream of the search is small; the scenario's is what a
// target really sends for as many reads: each PDU of the one stands for one of the other, bytes of
// headers and digests for the same bytes, data in proportion. Left out: CapsuleResp and a second
// C2HData of one command (each is a read's C2HData here). Invariant: whether the scenario breaks a
// law is for a run to tell.
#ifndef DDPSIM_SIM_VALIDATE_COUNTEREXAMPLE_H_
#define DDPSIM_SIM_VALIDATE_COUNTEREXAMPLE_H_

#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/validate/context_world.h"
#include "sim/validate/trial.h"

namespace ddpsim {

struct Counterexample {
  WorldBounds bounds;
  std::string broken;
  std::vector<WorldAction> path;

  // As steps in words.
  std::string Story() const;
  // Steps that a perfect link and a prompt host would not take.
  int Faults() const;
};

struct Reproduction {
  Trial trial;
  TrialOutcome outcome;  // passed: no law was broken
};

// Runs the scenario with the planted bug that `from` was found with (0: none).
Reproduction Reproduce(const Counterexample& from, int mutant);
// The first of `all` that breaks a law, in *found, or else the first. REQUIRES: there is one.
Reproduction ReproduceFirst(const std::vector<Counterexample>& all, int mutant,
                            Counterexample* found);

// REQUIRES: the planted bug that `from` was found with, if any, is selected.
Scenario CounterexampleScenario(const Counterexample& from, settings::Content content);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_COUNTEREXAMPLE_H_
