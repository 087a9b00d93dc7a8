// TCP's counters of both ends as result figures.
#ifndef DDPSIM_SIM_SYSTEM_TCP_RESULT_BUILDER_H_
#define DDPSIM_SIM_SYSTEM_TCP_RESULT_BUILDER_H_

#include "sim/result/tcp_result.h"
#include "sim/system/system.h"

namespace ddpsim {

TcpResult TcpOf(System* system);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_TCP_RESULT_BUILDER_H_
