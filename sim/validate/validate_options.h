// Which options of `validate` go together. What one search does not heed it refuses, so that nobody
// takes for searched what was not.
#ifndef DDPSIM_SIM_VALIDATE_VALIDATE_OPTIONS_H_
#define DDPSIM_SIM_VALIDATE_VALIDATE_OPTIONS_H_

#include <cstdint>
#include <string>

#include "sim/cli/command_line.h"

namespace ddpsim {

// What contradicts something else or would not be heeded, or "".
std::string WhyContradictory(const CommandLine& line);

// Whether `count` seeds from `first` on go beyond the last one there is; why, or "".
std::string WhyTooManySeeds(int64_t first, int64_t count);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_VALIDATE_OPTIONS_H_
