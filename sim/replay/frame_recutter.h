// From a captured packet to the frames that the simulated NIC receives. As a rule it is the frame
// itself. The NIC's model knows IPv4 and packets up to the MTU: so IPv6 and tagged packets are
// carried over into plain IPv4 ones with the same TCP segment, a super-segment (captured above GRO
// or TSO) is cut as the wire had it, and a checksum that was left to a device is filled in.
// Invariant: TCP sequence numbers, flags and payload are the captured ones; a wrong checksum stays
// wrong.
#ifndef DDPSIM_SIM_REPLAY_FRAME_RECUTTER_H_
#define DDPSIM_SIM_REPLAY_FRAME_RECUTTER_H_

#include <vector>

#include "ddpsim/wire/frame.h"
#include "ddpsim/wire/ip.h"
#include "models/capture/captured_packet.h"

namespace ddpsim {

class FrameRecutter {
 public:
  FrameRecutter(FramePool* pool, uint32_t mtu) : pool_(pool), mtu_(mtu) {}

  // `flow`: of the frames to make. REQUIRES: the packet is whole.
  void Cut(const CaptureRecord& record, const CapturedPacket& packet, const FourTuple& flow,
           std::vector<FramePtr>* out);

 private:
  bool FitsAsIs(const CaptureRecord& record, const CapturedPacket& packet,
                const FourTuple& flow) const;
  FramePtr Spoiled(const FramePtr& frame);

  FramePool* pool_;
  uint32_t mtu_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_FRAME_RECUTTER_H_
