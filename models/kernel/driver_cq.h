// The driver's end of a completion queue: a ring of CQEs in host memory, told apart by the owner
// bit. Mirrors mlx5_cqwq and mlx5e_cq (Linux 6.1, drivers/net/ethernet/mellanox/mlx5/core/wq.h,
// en_txrx.c). Invariant: an entry is ours when its owner bit equals the parity of our passes over
// the ring and its opcode is valid.
#ifndef DDPSIM_MODELS_KERNEL_DRIVER_CQ_H_
#define DDPSIM_MODELS_KERNEL_DRIVER_CQ_H_

#include <cstdint>

#include "ddpsim/hw/cqe.h"
#include "ddpsim/net/exec_context.h"
#include "models/kernel/command_channel.h"
#include "models/mem/host_memory.h"

namespace ddpsim {

struct DriverCqConfig {
  uint32_t log_entries = 10;
  uint32_t cqe_bytes = 64;
  uint32_t vector = 0;
  uint32_t moderation_usecs = 0;
  uint32_t moderation_frames = 0;
};

class DriverCq {
 public:
  // Allocates the ring and creates the queue in the NIC.
  void Create(CommandChannel* commands, HostMemory* memory, const DriverCqConfig& config,
              SimTime now);
  void Destroy(CommandChannel* commands, SimTime now);
  // REQUIRES: Destroy() was called, and what the NIC wrote before has landed.
  void Free(HostMemory* memory) { memory->Free(address_); }

  // When the NIC is to interrupt.
  void Moderate(CommandChannel* commands, uint32_t usecs, uint32_t frames, SimTime now);

  uint32_t cqn() const { return cqn_; }
  uint32_t entries() const { return mask_ + 1; }
  bool is_128() const { return cqe_bytes_ == sizeof(Cqe128); }
  // The next entry if the NIC has written it, else null. Of a 128-byte entry this is the second
  // half.
  const Cqe64* Peek() const { return PeekAt(consumer_); }
  // The first half. REQUIRES: is_128() and `cqe` came from Peek().
  const CqeNvmeotcp& NvmeotcpPart(const Cqe64* cqe) const {
    return *reinterpret_cast<const CqeNvmeotcp*>(reinterpret_cast<const uint8_t*>(cqe) -
                                                 sizeof(CqeNvmeotcp));
  }
  void Pop() { ++consumer_; }
  // How many entries are there now, at most `limit`.
  uint32_t Visible(uint32_t limit) const {
    uint32_t count = 0;
    while (count < limit && PeekAt(consumer_ + count) != nullptr) ++count;
    return count;
  }
  // Whether one of them is of that flow.
  bool HoldsFlowTag(FlowTag tag) const {
    for (uint32_t i = 0; i <= mask_ && PeekAt(consumer_ + i) != nullptr; ++i) {
      if ((PeekAt(consumer_ + i)->sop_drop_qpn & 0xff'ffff) == tag) return true;
    }
    return false;
  }
  // Frees the ring space of what was popped (a doorbell record in mlx5: no MMIO cost).
  void UpdateConsumer(ExecContext& ctx);
  // Asks for an interrupt at the next entry.
  void Arm(ExecContext& ctx);
  // When the last doorbell leaves.
  SimTime last_doorbell() const { return last_doorbell_; }

 private:
  const Cqe64* PeekAt(uint32_t counter) const {
    const auto* cqe = reinterpret_cast<const Cqe64*>(ring_ + (counter & mask_) * cqe_bytes_ +
                                                     cqe_bytes_ - sizeof(Cqe64));
    const bool pass = (counter & (mask_ + 1)) != 0;
    return cqe->opcode() != CqeOpcode::kInvalid && cqe->owner() == pass ? cqe : nullptr;
  }

  PhysAddr address_ = 0;
  uint8_t* ring_ = nullptr;
  uint32_t mask_ = 0;
  uint32_t cqe_bytes_ = 64;
  uint32_t cqn_ = 0;
  uint32_t consumer_ = 0;
  uint32_t told_ = 0;  // consumer counter the NIC knows
  SimTime last_doorbell_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_DRIVER_CQ_H_
