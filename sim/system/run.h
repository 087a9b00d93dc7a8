// The one door between the command line and the simulated system: build the system for a scenario
// and a mode, run it, return its figures. Errors: InvalidArgument: the scenario cannot be built
// (exit 65); NotFound: an input is missing (66); any other status: an output could not be written
// (74). A model bug leaves as ModelBug (70).
#ifndef DDPSIM_SIM_SYSTEM_RUN_H_
#define DDPSIM_SIM_SYSTEM_RUN_H_

#include <csignal>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ddpsim/base/sim_time.h"
#include "sim/result/run_result.h"
#include "sim/scenario/scenario.h"
#include "sim/system/fault_log.h"

namespace ddpsim {

struct RunProgress {
  int64_t done_ios = 0;
  SimTime now;
};

// Which law was broken first in simulated time, by what no known defect of the series explains if
// there is any such violation; empty: none was.
struct BrokenLaw {
  std::string law;
  std::string detail;
  std::string defect;  // the known defect that explains it, and all others; empty: none
};

struct RunOptions {
  // Where the host NIC's frames go; empty: nowhere. ".pcapng" keeps per-packet comments.
  std::string pcap_file;
  // 0: warnings only; each -v adds 1. Text goes to stderr.
  int verbosity = 0;
  // The scenario's `expect` names corrupt_delivered: wrong bytes that nothing can catch are counted
  // and judged there, and are no violation of their own.
  bool corruption_expected = false;
  // If set: what the link's faults hit, packet by packet.
  std::vector<LoggedFault>* fault_log = nullptr;
  // If set: filled in also where a model bug breaks the run off.
  BrokenLaw* broken_law = nullptr;
  // Not zero as soon as the run shall stop: it then ends at once, orderly, with kEndedByInterrupt
  // and what it has so far.
  const volatile std::sig_atomic_t* interrupt = nullptr;
  // Called now and then (some ten times per second of real time) if set.
  std::function<void(const RunProgress&)> progress;
};

absl::StatusOr<RunResult> RunMode(const Scenario& scenario, Mode mode, const RunOptions& options);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_RUN_H_
