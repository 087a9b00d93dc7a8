// Which traces cannot be run: what they need and the model does not have.
#ifndef DDPSIM_SIM_TCP_CHECK_SKIP_RULES_H_
#define DDPSIM_SIM_TCP_CHECK_SKIP_RULES_H_

#include <string>

#include "sim/tcp_check/trace.h"

namespace ddpsim {

// "requires fq-pacing", or "" if the trace can be run.
std::string WhySkipped(const Trace& trace);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_SKIP_RULES_H_
