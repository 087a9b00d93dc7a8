// The clock on the wall, for people who wait: how long something took, how long it may still take.
// Nothing of it goes into a result.
#ifndef DDPSIM_SIM_CLI_WALL_TIME_H_
#define DDPSIM_SIM_CLI_WALL_TIME_H_

#include <string>

namespace ddpsim {

// Seconds since some moment that stays the same.
double SteadySeconds();

// 75 -> "1:15", 4000 -> "1:06:40".
std::string DurationText(double seconds);

// ", 1:15 left" for `part` (0..1) of the work done in `elapsed` seconds; empty while there is too
// little to tell by.
std::string TimeLeft(double part, double elapsed);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_WALL_TIME_H_
