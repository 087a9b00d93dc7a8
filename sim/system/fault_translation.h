// A direction's faults from the scenario's words to the link's.
#ifndef DDPSIM_SIM_SYSTEM_FAULT_TRANSLATION_H_
#define DDPSIM_SIM_SYSTEM_FAULT_TRANSLATION_H_

#include "models/link/link_faults.h"
#include "sim/scenario/fault_config.h"

namespace ddpsim {

LinkFaults TranslateFaults(const settings::FaultConfig& from);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_FAULT_TRANSLATION_H_
