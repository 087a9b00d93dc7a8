// Plots for papers: per figure a data file and a gnuplot script, and, if gnuplot is installed, what
// it makes of them as SVG and PNG. A plot has the axis with most values along x and a line per run
// and value of the other axes.
#ifndef DDPSIM_SIM_REPORT_PLOTS_H_
#define DDPSIM_SIM_REPORT_PLOTS_H_

#include <string>

#include "sim/sweep/results.h"
#include "sim/sweep/sweep.h"

namespace ddpsim::report {

// What went wrong, or "".
std::string WritePlots(const sweep::Sweep& sweep, const sweep::Results& results,
                       const std::string& folder);

}  // namespace ddpsim::report

#endif  // DDPSIM_SIM_REPORT_PLOTS_H_
