// A completion queue: where the NIC writes CQEs, and the state that decides its interrupt.
// Mirrors the mlx5 CQ context. Left out: resizing, compression, error events.
// Invariants: (1) producer - consumer <= entries: an overflow is a bug of ring sizing, not a
// modelled fault; (2) the owner bit written is the lap's parity (Linux 6.1 mlx5 wq.h
// mlx5_cqwq_get_ctr_wrap_cnt() is the reader's side).
#ifndef DDPSIM_NIC_COMPLETION_QUEUE_H_
#define DDPSIM_NIC_COMPLETION_QUEUE_H_

#include <cstdint>

#include "ddpsim/base/check.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/hw/command.h"
#include "models/nic/interrupt_moderation.h"

namespace ddpsim {

class CompletionQueue {
 public:
  explicit CompletionQueue(const CreateCqIn& in)
      : ring_(in.ring),
        mask_((1u << in.log_entries) - 1),
        cqe_bytes_(in.cqe_bytes),
        msix_vector_(in.msix_vector),
        moderation_(in.moderation_usecs, in.moderation_frames) {}

  uint32_t cqe_bytes() const { return cqe_bytes_; }
  uint32_t msix_vector() const { return msix_vector_; }
  uint32_t producer() const { return producer_; }
  InterruptModeration& moderation() { return moderation_; }

  // Where the next CQE goes and its owner bit.
  PhysAddr next_address() const { return ring_ + uint64_t{producer_ & mask_} * cqe_bytes_; }
  uint8_t owner() const { return (producer_ & (mask_ + 1)) != 0 ? 1 : 0; }
  // Accounts for a CQE written at `now`; returns when to interrupt.
  SimTime OnWritten(SimTime now) {
    SIM_CHECK(producer_ - consumer_ <= mask_, "CQ overflow");
    ++producer_;
    newest_at_ = now;
    return moderation_.OnCqe(now);
  }
  void OnConsumer(uint32_t consumer) { consumer_ = consumer; }
  // The driver asks for an interrupt at the next CQE beyond `consumer`.
  SimTime OnArm(uint32_t consumer, SimTime now) {
    return moderation_.OnArm(producer_ - consumer, newest_at_, now);
  }

  uint32_t number = 0;
  // The earliest timer entry that is under way; the moderation says whether it is time then.
  SimTime interrupt_scheduled_at = SimTime::Never();
  uint32_t users = 0;  // receive and send queues that complete here

 private:
  PhysAddr ring_;
  uint32_t mask_;
  uint32_t cqe_bytes_;
  uint32_t msix_vector_;
  uint32_t producer_ = 0;
  uint32_t consumer_ = 0;
  InterruptModeration moderation_;
  SimTime newest_at_;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_COMPLETION_QUEUE_H_
