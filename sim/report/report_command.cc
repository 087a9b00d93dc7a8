#include "sim/report/report_command.h"

namespace ddpsim {
int ReportCommand(const CommandLine&) { return 1; }
}  // namespace ddpsim
