// The settings of a trace in terms of TcpConfig: its `config` object, and sysctls by their Linux
// names, at the start or in mid-run. Settings that the model does not have are ignored, as the
// format asks.
#ifndef DDPSIM_SIM_TCP_CHECK_TRACE_SETTINGS_H_
#define DDPSIM_SIM_TCP_CHECK_TRACE_SETTINGS_H_

#include "models/tcp/config.h"
#include "sim/tcp_check/node_view.h"
#include "sim/tcp_check/trace.h"

namespace ddpsim {

TcpConfig ReadTraceConfig(const NodeView& config);
// The value of a setting as numbers or text.
TraceSetting ReadSetting(const std::string& name, const NodeView& value);
void ApplySysctl(const TraceSetting& setting, TcpConfig* config);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_TRACE_SETTINGS_H_
