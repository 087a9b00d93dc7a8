// The driver's end of a receive ring: keeps it filled with buffers. Mirrors mlx5e_post_rx_wqes() of
// the legacy RQ (Linux 6.1 en_rx.c): refills in bulks of at least 8, one doorbell (record) for all
// of them. Invariant: every posted WQE has its buffer in `buffers_` until its CQE is taken.
#ifndef DDPSIM_MODELS_KERNEL_DRIVER_RQ_H_
#define DDPSIM_MODELS_KERNEL_DRIVER_RQ_H_

#include <cstdint>
#include <vector>

#include "ddpsim/net/exec_context.h"
#include "models/kernel/command_channel.h"
#include "models/kernel/rx_buffer_pool.h"

namespace ddpsim {

class DriverRq {
 public:
  DriverRq(HostMemory* memory, uint32_t mtu) : memory_(memory), pool_(memory, mtu) {}
  void Create(CommandChannel* commands, uint32_t log_entries, uint32_t cqn, SimTime now);
  uint32_t rqn() const { return rqn_; }
  const RxBufferGeometry& geometry() const { return pool_.geometry(); }
  // Takes the buffer that a CQE names. REQUIRES: posted and not taken yet.
  RefPtr<RxBuffer> Take(uint16_t wqe_counter);
  void Refill(ExecContext& ctx);

 private:
  // As net_prefetch() of mlx5e_skb_from_cqe_linear(), for the real machine's cache: costs no time
  // of the model.
  void PrefetchAfter(uint16_t wqe_counter) const;

  HostMemory* memory_;
  RxBufferPool pool_;
  uint8_t* ring_ = nullptr;
  uint32_t mask_ = 0;
  uint32_t rqn_ = 0;
  uint32_t producer_ = 0;
  uint32_t taken_ = 0;
  std::vector<RefPtr<RxBuffer>> buffers_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_DRIVER_RQ_H_
