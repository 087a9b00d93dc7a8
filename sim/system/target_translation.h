// The target's settings from the scenario's words to the box's.
#ifndef DDPSIM_SIM_SYSTEM_TARGET_TRANSLATION_H_
#define DDPSIM_SIM_SYSTEM_TARGET_TRANSLATION_H_

#include "models/nvme_target/target_config.h"
#include "sim/scenario/scenario.h"

namespace ddpsim {

// Without addresses.
TargetConfig TranslateTarget(const Scenario& scenario);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_TARGET_TRANSLATION_H_
