// The pages behind a receive ring: one buffer per WQE, handed up in an skb's frags and back here
// with the last reference. Mirrors the legacy RQ of mlx5e with its page pool (Linux 6.1
// mlx5e_build_rq_frags_info()): up to MTU 1500 a packet and its skb_shared_info share a 2 KiB half
// page and the skb is linear; beyond it a packet has whole pages and 256 bytes of head. Left out:
// several frags per packet (its pages are contiguous here), atomic allocation failures. Invariant:
// buffers are reused last-in first-out; memory grows only while more are held by sockets than ever
// before.
#ifndef DDPSIM_MODELS_KERNEL_RX_BUFFER_POOL_H_
#define DDPSIM_MODELS_KERNEL_RX_BUFFER_POOL_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "ddpsim/base/ref_buffer.h"
#include "models/mem/host_memory.h"

namespace ddpsim {

class RxBufferPool;

class RxBuffer final : public RefBuffer {
 public:
  RxBuffer(RxBufferPool* pool, PhysAddr addr, uint8_t* data)
      : addr(addr), data(data), pool_(pool) {}
  const PhysAddr addr;  // where the packet begins
  uint8_t* const data;

 private:
  void Recycle() override;
  RxBufferPool* pool_;
};

struct RxBufferGeometry {
  explicit RxBufferGeometry(uint32_t mtu);
  bool linear;
  uint32_t stride;  // memory per buffer
  uint32_t headroom;
  uint32_t byte_count;  // room for the packet
  // skb->truesize of a packet of `bytes` bytes.
  uint32_t Truesize(uint32_t bytes) const;
};

// REQUIRES: outlives every buffer it gave out.
class RxBufferPool {
 public:
  RxBufferPool(HostMemory* memory, uint32_t mtu) : memory_(memory), geometry_(mtu) {}
  RefPtr<RxBuffer> Take();
  const RxBufferGeometry& geometry() const { return geometry_; }
  size_t total() const { return buffers_.size(); }

 private:
  friend class RxBuffer;
  void Grow();

  HostMemory* memory_;
  RxBufferGeometry geometry_;
  std::vector<std::unique_ptr<RxBuffer>> buffers_;
  std::vector<RxBuffer*> free_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_RX_BUFFER_POOL_H_
