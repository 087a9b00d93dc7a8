// A `seg` object of a trace.
#ifndef DDPSIM_SIM_TCP_CHECK_SEGMENT_READER_H_
#define DDPSIM_SIM_TCP_CHECK_SEGMENT_READER_H_

#include "sim/tcp_check/node_view.h"
#include "sim/tcp_check/trace.h"

namespace ddpsim {

TraceSegment ReadSegment(const NodeView& source);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_SEGMENT_READER_H_
