// Runs one trace: its events strictly in order, every wait bounded. Without `resync` it ends at the
// first mismatch; with it, the mismatch is counted and the run goes on, so that the score does not
// hinge on one late difference.
#ifndef DDPSIM_SIM_TCP_CHECK_TRACE_RUNNER_H_
#define DDPSIM_SIM_TCP_CHECK_TRACE_RUNNER_H_

#include "sim/tcp_check/trace.h"
#include "sim/tcp_check/trace_result.h"

namespace ddpsim {

struct TraceRunOptions {
  bool resync = false;
  bool strict = false;  // PSH differences fail too
};

TraceResult RunTrace(const Trace& trace, const TraceRunOptions& options);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_TRACE_RUNNER_H_
