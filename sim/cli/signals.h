// SIGINT and SIGTERM ask for an orderly end: the run in progress stops, what was finished is
// written. A second signal ends the process at once.
#ifndef DDPSIM_SIM_CLI_SIGNALS_H_
#define DDPSIM_SIM_CLI_SIGNALS_H_

#include <csignal>

namespace ddpsim {

void WatchSignals();

// 0, or the signal that asked for the end.
const volatile std::sig_atomic_t& ReceivedSignal();

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_SIGNALS_H_
