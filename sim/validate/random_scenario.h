// A scenario without a comfort zone, from a seed: every setting of the schema is drawn, each to
// both ends of its range, alone or with others:
//
//   style        drawn from                       settings at an outer tenth or an edge
//   kPlausible   PlausibleScenario()              as it draws them
//   kOne         the defaults or kPlausible       one
//   kHandful     kPlausible                       two to eight
//   kEverything  all settings, each in its way    about one in seven
//
// The loader judges what is legal: what it refuses is drawn again, and in the end gets its default.
// Some scenarios are made illegal on purpose (illegal_scenario.h). Nothing is left out: what a
// known defect of the series breaks is told apart violation by violation (Trial::may_meet_defects).
// Invariant: a function of the seed alone; what RandomScenario() gives, the loader takes.
#ifndef DDPSIM_SIM_VALIDATE_RANDOM_SCENARIO_H_
#define DDPSIM_SIM_VALIDATE_RANDOM_SCENARIO_H_

#include <cstdint>
#include <string>

#include "sim/scenario/scenario.h"

namespace ddpsim {

enum class DrawStyle { kPlausible, kOne, kHandful, kEverything };
const char* DrawStyleName(DrawStyle style);

struct DrawnScenario {
  // compare holds the one mode to run.
  Scenario scenario;
  DrawStyle style = DrawStyle::kPlausible;
  // Faults may flip bytes that no digest covers: the scenario's `expect` names corrupt_delivered.
  bool corruption_expected = false;
};

DrawnScenario DrawScenario(int64_t seed);
inline Scenario RandomScenario(int64_t seed) { return DrawScenario(seed).scenario; }
// As `run` takes it.
std::string DrawnFile(const DrawnScenario& drawn);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_RANDOM_SCENARIO_H_
