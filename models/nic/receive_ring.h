// A receive queue: buffers posted by the driver, whose WQEs (one WqeDataSegment each) the NIC
// prefetches by DMA in batches, one read per doorbell. Mirrors an mlx5 cyclic RQ. Left out:
// striding RQ, scatter to several segments, SRQ. Invariants: (1) a WQE is usable only once its read
// has completed; (2) WQEs are used in ring order, each once.
#ifndef DDPSIM_NIC_RECEIVE_RING_H_
#define DDPSIM_NIC_RECEIVE_RING_H_

#include <cstdint>
#include <vector>

#include "ddpsim/hw/bus_master.h"
#include "ddpsim/hw/command.h"

namespace ddpsim {

class CompletionQueue;

struct ReceiveWqe {
  PhysAddr addr = 0;
  uint32_t byte_count = 0;
  uint16_t counter = 0;
};

class ReceiveRing {
 public:
  ReceiveRing(const CreateRqIn& in, CompletionQueue* cq)
      : ring_(in.ring), mask_((1u << in.log_entries) - 1), cq_(cq), wqes_(mask_ + 1) {}

  CompletionQueue* cq() const { return cq_; }
  // Reads the newly posted WQEs. Returns when they are usable.
  SimTime OnDoorbell(uint32_t producer, BusMaster* bus, SimTime now);
  // True if a WQE can be taken at `now`.
  bool Available(SimTime now);
  // When the WQE to be taken next becomes usable: Never() when none is posted.
  SimTime NextAvailable(SimTime now);
  // REQUIRES: Available(now).
  ReceiveWqe Take();

 private:
  struct Batch {
    uint32_t end;  // counter after the batch
    SimTime ready;
  };

  // Reads WQEs [from, from + count), which do not wrap.
  SimTime Fetch(uint32_t from, uint32_t count, BusMaster* bus, SimTime now);

  PhysAddr ring_;
  uint32_t mask_;
  CompletionQueue* cq_;
  uint32_t fetched_ = 0;  // counters run modulo 2^32
  uint32_t usable_ = 0;
  uint32_t taken_ = 0;
  std::vector<ReceiveWqe> wqes_;
  std::vector<Batch> batches_;  // of reads under way, oldest first: one or two
  std::vector<uint8_t> scratch_;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_RECEIVE_RING_H_
