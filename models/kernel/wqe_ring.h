// A ring of 64-byte WQEBBs that the driver fills: common to send queues and ICOSQs. Mirrors
// mlx5_wq_cyc with mlx5e_post_nop() filling the edge: a WQE never wraps, so the rest of the ring
// before the edge becomes NOPs. Invariant: producer - consumer <= size <= 2^16. The hardware sees
// counters modulo 2^16.
#ifndef DDPSIM_MODELS_KERNEL_WQE_RING_H_
#define DDPSIM_MODELS_KERNEL_WQE_RING_H_

#include <cstdint>

#include "ddpsim/hw/wqe.h"
#include "ddpsim/net/exec_context.h"
#include "models/kernel/command_channel.h"
#include "models/mem/host_memory.h"

namespace ddpsim {

class WqeRing {
 public:
  void Create(CommandChannel* commands, HostMemory* memory, uint32_t log_wqebbs, uint32_t cqn,
              bool is_icosq, SimTime now);
  void Destroy(CommandChannel* commands, SimTime now);
  // REQUIRES: Destroy() was called.
  void Free(HostMemory* memory) { memory->Free(address_); }

  // Whether a WQE of `wqebbs` fits, with the NOPs it may need.
  bool HasRoom(uint32_t wqebbs) const { return size_ - Used() >= wqebbs + NopsBefore(wqebbs); }
  // WQEBBs left before the edge if the WQE does not fit there, else 0.
  uint32_t NopsBefore(uint32_t wqebbs) const {
    const uint32_t to_edge = size_ - (producer_ & (size_ - 1));
    return wqebbs <= to_edge ? 0 : to_edge;
  }
  // Zeroed memory of a WQE whose control segment is filled in. REQUIRES: HasRoom(ds * 16 bytes in
  // WQEBBs).
  uint8_t* Begin(WqeOpcode opcode, uint8_t opc_mod, uint32_t ds_count, uint32_t imm,
                 bool wants_cqe);
  // Index of the WQE that Begin() made last.
  uint16_t last_index() const { return last_index_; }
  void RequestCqeOfLast();
  void RingDoorbell(ExecContext& ctx);
  // Everything before `consumer` is done.
  void Release(uint16_t consumer) {
    consumer_ += static_cast<uint16_t>(consumer - static_cast<uint16_t>(consumer_));
  }
  uint16_t producer() const { return static_cast<uint16_t>(producer_); }
  uint32_t size() const { return size_; }
  uint32_t Used() const { return producer_ - consumer_; }
  uint32_t sqn() const { return sqn_; }
  // When the last doorbell leaves: a piece of software that goes on for long rings it ahead of
  // time.
  SimTime last_doorbell() const { return last_doorbell_; }

 private:
  uint8_t* Slot(uint32_t index) { return ring_ + (index & (size_ - 1)) * kWqebbSize; }
  uint8_t* Emit(WqeOpcode opcode, uint8_t opc_mod, uint32_t ds_count, uint32_t imm, bool wants_cqe);

  PhysAddr address_ = 0;
  uint8_t* ring_ = nullptr;
  uint32_t size_ = 0;  // a power of two
  uint32_t sqn_ = 0;
  SimTime last_doorbell_;
  uint32_t producer_ = 0;
  uint32_t consumer_ = 0;
  uint16_t last_index_ = 0;
};

constexpr uint32_t DsToWqebbs(uint32_t ds_count) {
  return (ds_count * kDsSize + kWqebbSize - 1) / kWqebbSize;
}

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_WQE_RING_H_
