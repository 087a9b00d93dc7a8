// Draws a whole scenario from a seed: sizes, depths, MTUs, digests, targets, driver versions, NIC
// knobs and a mix of faults, kept small enough for thousands of them in minutes. Mirrors what a
// test lab would vary. Left out: what is known to break a law (driver versions before v10, C2HData
// in chunks while the NIC verifies digests, corruption that no digest can catch).
// Invariant: a function of the seed alone, from the stream "validate.scenario".
#ifndef DDPSIM_SIM_VALIDATE_PLAUSIBLE_SCENARIO_H_
#define DDPSIM_SIM_VALIDATE_PLAUSIBLE_SCENARIO_H_

#include <cstdint>

#include "sim/scenario/scenario.h"

namespace ddpsim {

// compare holds the one mode to run.
Scenario PlausibleScenario(int64_t seed);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_PLAUSIBLE_SCENARIO_H_
