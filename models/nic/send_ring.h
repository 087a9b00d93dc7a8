// A send queue (or ICOSQ): a ring of 64-byte WQEBBs. A doorbell makes the NIC read what was posted;
// WQEs then leave the queue in order. Mirrors an mlx5 SQ context. Left out: BlueFlame, inline
// doorbells, several WQE fetchers. Invariant: WQEs are taken in ring order, none before its bytes
// were read.
#ifndef DDPSIM_NIC_SEND_RING_H_
#define DDPSIM_NIC_SEND_RING_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/bytes.h"
#include "ddpsim/hw/bus_master.h"
#include "ddpsim/hw/command.h"

namespace ddpsim {

class SendRing {
 public:
  SendRing(const CreateSqIn& in, uint32_t serial)
      : ring_(in.ring),
        mask_((1u << in.log_wqebbs) - 1),
        cqn_(in.cqn),
        is_icosq_(in.is_icosq != 0),
        serial_(serial) {}

  uint32_t cqn() const { return cqn_; }
  bool is_icosq() const { return is_icosq_; }
  // Tells this queue from an earlier one of the same number.
  uint32_t serial() const { return serial_; }

  // `producer` counts WQEBBs modulo 2^16.
  void OnDoorbell(uint16_t producer, BusMaster* bus, SimTime now);
  // True when no WQE was read that has not been taken.
  bool empty() const { return head_ == bytes_.size(); }
  // When the oldest WQE's bytes have been read. REQUIRES: !empty().
  SimTime HeadReady() const { return batches_.front().ready; }
  // The oldest WQE, whole WQEBBs. Valid until the next call. REQUIRES: !empty().
  ByteSpan Head() const;
  void PopHead();

  // When the queue next wants to be woken; Never() while idle.
  SimTime wake_at = SimTime::Never();

 private:
  struct Batch {
    size_t end;  // position in bytes_ after the batch
    SimTime ready;
  };

  void Compact();

  PhysAddr ring_;
  uint32_t mask_;
  uint32_t cqn_;
  bool is_icosq_;
  uint32_t serial_;
  uint16_t fetched_ = 0;
  std::vector<uint8_t> bytes_;  // read and not taken, from head_
  size_t head_ = 0;
  std::vector<Batch> batches_;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_SEND_RING_H_
