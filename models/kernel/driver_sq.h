// The driver's end of a send queue: TCP segments become WQEs with all headers inline and the
// payload by reference. Mirrors mlx5e_sq_xmit_wqe() and mlx5e_poll_tx_cq() (Linux 6.1 en_tx.c): a
// completion is asked for with each doorbell, and one CQE completes every WQE before it. What does
// not fit waits in a pfifo (net/sched/sch_fifo.c), which drops when full. Left out: BQL, MPWQE,
// several traffic classes; DMA mapping costs are in driver.xmit. Invariant: payload stays
// referenced until the NIC's CQE says that it was read.
#ifndef DDPSIM_MODELS_KERNEL_DRIVER_SQ_H_
#define DDPSIM_MODELS_KERNEL_DRIVER_SQ_H_

#include <cstdint>

#include "ddpsim/base/ring_queue.h"
#include "ddpsim/net/exec_context.h"
#include "ddpsim/net/tx_segment.h"
#include "ddpsim/wire/ip.h"
#include "models/kernel/driver_cq.h"
#include "models/kernel/wqe_ring.h"

namespace ddpsim {

// Whoever sent a segment: told when the device is done with it (tcp_wfree()).
class TxOwner {
 public:
  virtual ~TxOwner() = default;
  virtual void OnTxCompleted(ExecContext& ctx, uint32_t truesize) = 0;
};

struct TxPacket {
  TxSegment segment;
  EthIpAddresses addresses;
  uint16_t ip_id = 0;
  TxOwner* owner = nullptr;
};

struct TxStats {
  uint64_t packets = 0;        // WQEs
  uint64_t bytes = 0;          // payload
  uint64_t queue_stopped = 0;  // packets that had to wait in the pfifo
  uint64_t dropped = 0;        // pfifo full
};

class DriverSq {
 public:
  void Create(CommandChannel* commands, HostMemory* memory, uint32_t log_wqebbs,
              uint32_t tx_queue_len, const DriverCqConfig& cq, SimTime now);
  DriverCq& cq() { return cq_; }
  // Queues a packet; Kick() must follow the last of a batch (netdev_xmit_more()).
  void Xmit(ExecContext& ctx, TxPacket packet);
  void Kick(ExecContext& ctx);
  // Takes up to `budget` CQEs; true if there were any.
  bool PollCq(ExecContext& ctx, uint32_t budget);
  const TxStats& stats() const { return stats_; }

 private:
  struct InFlight {
    uint16_t index = 0;
    uint16_t end = 0;  // counter after it
    uint32_t truesize = 0;
    TxOwner* owner = nullptr;
    PayloadList payload;
  };

  static uint32_t DsCount(const TxSegment& segment);
  void Post(ExecContext& ctx, TxPacket packet);
  void CompleteThrough(ExecContext& ctx, uint16_t wqe_counter);
  void DrainQueue(ExecContext& ctx);

  WqeRing ring_;
  DriverCq cq_;
  RingQueue<InFlight> in_flight_;
  RingQueue<TxPacket> pfifo_;
  uint32_t tx_queue_len_ = 1000;
  bool kick_needed_ = false;
  TxStats stats_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_DRIVER_SQ_H_
