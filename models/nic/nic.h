// The NIC: composition of its parts behind four inputs (frames, MMIO writes, timer, departures) and
// two outputs (frames to send, pause requests). Mirrors a ConnectX with the NVMe/TCP receive
// offload; it knows no scenario, no I/O and no loss, and never holds, alters, reorders or drops a
// packet because of the offload. Left out: several ports, VFs, LRO, CQE compression, transmit
// offload of digests. Invariants: (1) a receive queue's frames are delivered in arrival order; (2)
// on the bus: packet data, then CQE, then MSI-X; (3) with pause on, no frame is dropped for want of
// an RX WQE.
#ifndef DDPSIM_NIC_NIC_H_
#define DDPSIM_NIC_NIC_H_

#include <vector>

#include "ddpsim/hw/bus_master.h"
#include "ddpsim/hw/nic_observer.h"
#include "ddpsim/net/egress_port.h"
#include "models/nic/command_interface.h"
#include "models/nic/deadlines.h"
#include "models/nic/icosq.h"
#include "models/nic/nic_config.h"
#include "models/nic/nic_objects.h"
#include "models/nic/nic_stats.h"
#include "models/nic/packet_buffer.h"
#include "models/nic/rx_pipeline.h"
#include "models/nic/tx_pipeline.h"

namespace ddpsim {

class Nic {
 public:
  Nic(const NicConfig& config, BusMaster* bus, FramePool* pool);
  Nic(const Nic&) = delete;
  Nic& operator=(const Nic&) = delete;

  void set_observer(NicObserver* observer) {
    rx_.set_observer(observer);
    icosq_.set_observer(observer);
    observer_ = observer;
  }

  // A frame's last bit has arrived from the link.
  void OnFrame(FramePtr frame, SimTime now);
  // A write to the BAR arrives: a doorbell, or a command. Returns when the write is over for the
  // driver (commands take time).
  SimTime OnMmioWrite(uint64_t bar_offset, uint64_t value, SimTime now);
  // Does what is due. NextDeadline() may be earlier than anything happens.
  void OnTimer(SimTime now);
  SimTime NextDeadline() const { return deadlines_.Next(); }
  // No frame waits for a WQE, no WQE for its execution, no CQE for its interrupt.
  bool quiet() const { return packet_buffer_.empty() && deadlines_.Next().is_never(); }
  // The link has sent the frame that carried `token`: its send WQE is complete.
  void OnFrameDeparted(uint64_t token, SimTime now);

  // What the call produced; the shell takes it and clears.
  std::vector<OutFrame>& egress() { return egress_; }
  std::vector<PauseRequest>& pauses() { return pauses_; }

  const NicStats& stats() const { return stats_; }
  // The offload context of a flow, for checkers. Null: no such TIR.
  const RxContext* context(uint32_t tirn) const;

 private:
  // Delivers, or returns false when there is no WQE now.
  bool Deliver(const Frame& frame, SimTime now, ReceiveRing** waiting_for);
  void Hold(FramePtr frame, ReceiveRing* rq, SimTime now);
  // Delivers the first frame that waits; false when there is no WQE for it.
  bool DeliverFront(SimTime now);
  void PopFront(SimTime now);
  void DrainPacketBuffer(SimTime now);
  void WakePacketBufferAt(SimTime at);
  void OnCommand(PhysAddr mailbox, SimTime now);
  void OnSqDoorbell(uint32_t sqn, uint16_t producer, SimTime now);
  void OnRqDoorbell(uint32_t rqn, uint32_t producer, SimTime now);
  // Executes what can be executed of a send queue, and sets its next wake-up.
  void RunSendQueue(uint32_t sqn, SendRing* sq, SimTime now);
  void RunIcosq(uint32_t sqn, SendRing* sq, SimTime now);
  void WakeSendQueueAt(uint32_t sqn, SendRing* sq, SimTime at);
  void CompleteSend(uint32_t sqn, const SendRing& sq, uint16_t wqe_index, SimTime now);
  void ScheduleInterrupt(CompletionQueue* cq, SimTime at);
  void OnInterruptTimer(CompletionQueue* cq, SimTime due, SimTime now);
  void RaiseInterrupt(CompletionQueue* cq, SimTime now);

  NicConfig config_;
  BusMaster* bus_;
  NicStats stats_;
  NicObserver* observer_ = nullptr;
  NicObjects objects_;
  Deadlines deadlines_;
  CommandInterface commands_;
  IcosqExecutor icosq_;
  RxPipeline rx_;
  TxPipeline tx_;
  PacketBuffer packet_buffer_;
  SimTime buffer_wake_at_ = SimTime::Never();
  // What packet_buffer_'s first frame waits for, so that it need not be parsed and steered again at
  // each look; null: not known, or a command may have changed the way.
  ReceiveRing* front_waits_for_ = nullptr;
  std::vector<OutFrame> egress_;
  std::vector<PauseRequest> pauses_;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_NIC_H_
