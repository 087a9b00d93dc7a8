// A sweep's table for a terminal: a row per cell, a column per run, one figure.
#ifndef DDPSIM_SIM_REPORT_TERMINAL_TABLE_H_
#define DDPSIM_SIM_REPORT_TERMINAL_TABLE_H_

#include <string>

#include "sim/sweep/results.h"
#include "sim/sweep/sweep.h"

namespace ddpsim::report {

// `metric`: into Results::metrics. What failed or is missing is said first.
std::string TerminalTable(const sweep::Sweep& sweep, const sweep::Results& results, size_t metric,
                          bool color);

}  // namespace ddpsim::report

#endif  // DDPSIM_SIM_REPORT_TERMINAL_TABLE_H_
