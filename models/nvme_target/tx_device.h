// The target's NIC on its way out: cuts TSO segments to frames with real checksums and hands them
// to the link. Left out: rings, doorbells, DMA: a frame is ready a fixed latency after TCP made the
// segment, and the link's queue does the waiting. Invariants: ready times never decrease; frames of
// one segment share a burst id; the token of a segment with memory to give back goes with its last
// frame.
#ifndef DDPSIM_MODELS_NVME_TARGET_TX_DEVICE_H_
#define DDPSIM_MODELS_NVME_TARGET_TX_DEVICE_H_

#include <cstdint>

#include "ddpsim/net/egress_port.h"
#include "ddpsim/net/tx_segment.h"
#include "ddpsim/wire/segment_writer.h"
#include "models/nvme_target/target_observer.h"

namespace ddpsim {

class TxDevice {
 public:
  TxDevice(SimTime latency, FramePool* pool, EgressPort* egress, TargetStats* stats)
      : latency_(latency), pool_(pool), egress_(egress), stats_(stats) {}

  // Returns the number of frames (the IP ids used up).
  uint16_t Transmit(const TxSegment& segment, const EthIpAddresses& addresses, uint16_t ip_id,
                    uint64_t token, SimTime now);

 private:
  SimTime latency_;
  FramePool* pool_;
  EgressPort* egress_;
  TargetStats* stats_;
  SimTime last_ready_;
  uint32_t next_burst_ = 1;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TX_DEVICE_H_
