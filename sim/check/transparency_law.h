// The offload never buffers, alters, reorders or drops a packet
// (Documentation/networking/ulp-ddp-offload.rst): every frame that the NIC accepted comes out of
// the driver as one skb, in order per flow, with the same sequence number and the same payload
// bytes, wherever those now live. The driver may throw packets away in two cases only, and counts
// them (rx-nvme-tcp-drop): CQEs of a queue whose offload was taken down, and, before v6, packets
// whose placed bytes need more frags than an skb has. What software has read before is TCP's to
// throw away, so its bytes may be others: a retransmission that the NIC placed just before its
// mapping died comes out of the driver behind the command's end. The bytes of both are read whole
// and compared by their 64-bit digests: to keep a frame until its skb comes would keep its memory
// from the frames behind it.
#ifndef DDPSIM_SIM_CHECK_TRANSPARENCY_LAW_H_
#define DDPSIM_SIM_CHECK_TRANSPARENCY_LAW_H_

#include <cstdint>

#include "ddpsim/base/ring_queue.h"
#include "ddpsim/net/host_observer.h"
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
  // The driver freed the skb of a packet of which the NIC had placed `placed_bytes`.
  void OnDriverDrop(const Skb& skb, DriverDrop why, uint32_t placed_bytes, SimTime now);
  // The flow's queue is about to lose its offload for good; ports as in received packets.
  void OnSkDel(uint16_t source_port, uint16_t destination_port) {
    ended_[FlowKey(source_port, destination_port)] = true;
  }
  // These ports have a queue again.
  void OnRevived(uint16_t source_port, uint16_t destination_port) {
    ended_.Erase(FlowKey(source_port, destination_port));
  }
  // SGLs are not looked at before they are mapped (v1 to v5).
  void AllowTooManyFrags() { too_many_frags_ = true; }
  // Software has read the flow's stream up to `end`; ports as in received packets.
  void OnHostRead(uint16_t source_port, uint16_t destination_port, SeqNum end) {
    read_[FlowKey(source_port, destination_port)] = end;
  }
  // Frames that the NIC accepted and the driver has neither delivered nor dropped.
  uint64_t outstanding() const { return outstanding_; }
  uint64_t accepted() const { return accepted_; }
  uint64_t delivered() const { return delivered_; }
  // Bytes that were placed of packets that the driver dropped.
  uint64_t dropped_placed_bytes() const { return dropped_placed_bytes_; }

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
  // Takes the oldest frame of the skb's flow, and says where the skb differs from it; false: there
  // is none.
  bool Match(const Skb& skb, SimTime now, Expected* expected);

  RecentMap<uint32_t, SeqNum> read_;                // up to where
  RecentMap<uint32_t, RingQueue<Expected>> flows_;  // by source and destination port
  RecentMap<uint32_t, bool> ended_;                 // by ports: sk_del
  bool too_many_frags_ = false;
  uint64_t accepted_ = 0;
  uint64_t delivered_ = 0;
  uint64_t outstanding_ = 0;
  uint64_t dropped_placed_bytes_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_TRANSPARENCY_LAW_H_
