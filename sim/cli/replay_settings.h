// Which of a host's settings a replay has no use for, since the capture or an option decides them.
#ifndef DDPSIM_SIM_CLI_REPLAY_SETTINGS_H_
#define DDPSIM_SIM_CLI_REPLAY_SETTINGS_H_

#include <map>
#include <string>
#include <vector>

#include "sim/scenario/scenario_loader.h"

namespace ddpsim {

// Why the replay cannot heed one of the changes of `--set`, or "". `options`: those of replay
// alone, by name.
std::string WhyNotHeeded(const std::vector<Override>& changes,
                         const std::map<std::string, std::string>& options);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_REPLAY_SETTINGS_H_
