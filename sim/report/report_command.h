// `ddpsim report DIR`: a table on standard output, one self-contained HTML page, plots for papers.
// Invariant: everything is made from DIR alone; nothing is simulated.
#ifndef DDPSIM_SIM_REPORT_REPORT_COMMAND_H_
#define DDPSIM_SIM_REPORT_REPORT_COMMAND_H_

#include "sim/cli/command_line.h"

namespace ddpsim {

// The exit status: kExitFailed if points failed or are missing.
int ReportCommand(const CommandLine& line);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPORT_REPORT_COMMAND_H_
