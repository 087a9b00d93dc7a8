// The `assert` operation: fields of the connection's state by the format's names and units.
#ifndef DDPSIM_SIM_TCP_CHECK_STATE_CHECK_H_
#define DDPSIM_SIM_TCP_CHECK_STATE_CHECK_H_

#include <optional>
#include <string>

#include "models/tcp/connection.h"
#include "sim/tcp_check/trace.h"

namespace ddpsim {

struct StateCheckResult {
  bool known = true;  // false: the model has no such field
  bool holds = true;
  std::string actual;
};

StateCheckResult CheckState(const TraceCheck& check, const Connection& connection);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_STATE_CHECK_H_
