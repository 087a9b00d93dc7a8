// The binary: the command line with the simulated system behind it.
#include <cstdlib>
#include <string>
#include <systemc>
#include <vector>

#include "sim/cli/cli.h"
#include "sim/replay/replay.h"
#include "sim/report/report_command.h"
#include "sim/sweep/sweep_command.h"
#include "sim/system/cost_profile.h"
#include "sim/system/run.h"
#include "sim/tcp_check/tcp_check_command.h"
#include "sim/validate/validate_command.h"

// libsystemc wants one even where main() is our own.
int sc_main(int, char*[]) { return 0; }

int main(int argc, char** argv) {
  // SystemC greets on stdout otherwise, where only data may be.
  setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 0);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return ddpsim::RunCli(arguments,
                        {ddpsim::RunMode, ddpsim::CostProfileNames(), ddpsim::TcpCheckCommand,
                         ddpsim::ReplayCapture, ddpsim::ValidateCommand,
                         [](const ddpsim::CommandLine& line) {
                           return ddpsim::SweepCommand(line, ddpsim::CostProfileNames());
                         },
                         ddpsim::ReportCommand});
}
