// The offload never buffers, alters, reorders or drops a packet
// (Documentation/networking/ulp-ddp-offload.rst): every frame that the NIC accepted comes out of
// the driver as one skb, in order per flow, with the same sequence number and the same payload
// bytes, wherever those now live. What software has read before is TCP's to throw away, so its
// bytes may be others: a retransmission that the NIC placed just before its mapping died comes out
// of the driver behind the command's end. The bytes of both are read whole and compared by their
// 64-bit digests: to keep a frame until its skb comes would keep its memory from the frames behind
// it.
#ifndef DDPSIM_SIM_CHECK_TRANSPARENCY_LAW_H_
#define DDPSIM_SIM_CHECK_TRANSPARENCY_LAW_H_

#include <cstdint>

#include "ddpsim/base/ring_queue.h"
#include "ddpsim/net/skb.h"
#include "ddpsim/wire/frame.h"
#include "ddpsim/wire/ip.h"
#include "sim/check/law.h"
#include "sim/check/recent_map.h"

namespace ddpsim {

class TransparencyLaw : public Law {
 public:
  TransparencyLaw() : Law("nic_transparent") {}

  // The NIC took a ring entry for the frame.
  void OnFrameAccepted(const Frame& frame);
  void OnDriverSkb(const Skb& skb, SimTime now);
  // Software has read the flow's stream up to `end`; ports as in received packets.
  void OnHostRead(uint16_t source_port, uint16_t destination_port, SeqNum end) {
    read_[FlowKey(source_port, destination_port)] = end;
  }
  // Frames that the NIC accepted and the driver has not delivered.
  uint64_t outstanding() const { return outstanding_; }

 private:
  struct Expected {
    SeqNum seq;
    SeqNum first_byte;
    uint32_t size = 0;  // of the TCP payload
    uint64_t digest = 0;
  };

  static uint32_t FlowKey(uint16_t source_port, uint16_t destination_port) {
    return uint32_t{source_port} << 16 | destination_port;
  }
  static uint32_t FlowKey(const TcpHeader& tcp) {
    return FlowKey(tcp.source_port, tcp.destination_port);
  }
  bool WasRead(const Skb& skb);

  RecentMap<uint32_t, SeqNum> read_;                // up to where
  RecentMap<uint32_t, RingQueue<Expected>> flows_;  // by source and destination port
  ParsedFrame parsed_;                              // scratch: not zeroed for every frame
  uint64_t outstanding_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_TRANSPARENCY_LAW_H_
