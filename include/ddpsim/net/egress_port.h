// Where a box hands frames to its transmitter. `ready` is when the device has the frame complete
// (>= now, never decreasing); frames of one TSO burst share `burst_id`; a non-zero
// `completion_token` asks to be told when this frame has left.
#ifndef DDPSIM_NET_EGRESS_PORT_H_
#define DDPSIM_NET_EGRESS_PORT_H_

#include <cstdint>

#include "ddpsim/base/sim_time.h"
#include "ddpsim/wire/frame.h"

namespace ddpsim {

struct OutFrame {
  FramePtr frame;
  SimTime ready;
  uint32_t burst_id = 0;
  uint64_t completion_token = 0;
};

class EgressPort {
 public:
  virtual ~EgressPort() = default;
  virtual void Send(OutFrame frame) = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_NET_EGRESS_PORT_H_
