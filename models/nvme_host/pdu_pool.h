// Bytes of PDU headers and digests on their way out: what page_frag_alloc() is to
// nvme_tcp_request::pdu, with a reference per TCP payload, so that a header stays as it was sent
// until TCP has no more use for it. Left out: the page fragments' sharing of pages. Invariants: a
// buffer is written before its first Payload is made and never after; buffers may outlive their
// PduPool (a closed socket keeps its send queue).
#ifndef DDPSIM_MODELS_NVME_HOST_PDU_POOL_H_
#define DDPSIM_MODELS_NVME_HOST_PDU_POOL_H_

#include <cstdint>

#include "ddpsim/base/payload.h"
#include "ddpsim/base/ref_buffer.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "models/mem/host_memory.h"

namespace ddpsim {

struct PduFreeList;

class PduBuffer final : public RefBuffer {
 public:
  uint8_t* bytes() { return bytes_; }  // kMaxPduHeader of them
  Payload MakePayload(uint32_t offset, uint32_t size) const {
    return Payload{bytes_ + offset, size, addr_ + offset, RefPtr<const RefBuffer>(this)};
  }

 private:
  friend class PduPool;
  friend struct PduFreeList;
  void Recycle() override;

  uint8_t* bytes_ = nullptr;
  PhysAddr addr_ = 0;
  PduFreeList* list_ = nullptr;
  PduBuffer* next_ = nullptr;
};

class PduPool {
 public:
  // `memory` outlives every buffer: the NIC reads headers by DMA.
  explicit PduPool(HostMemory* memory);
  PduPool(const PduPool&) = delete;
  PduPool& operator=(const PduPool&) = delete;
  ~PduPool();

  RefPtr<PduBuffer> Allocate();

 private:
  void TakePage();

  HostMemory* memory_;
  PduFreeList* list_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_PDU_POOL_H_
