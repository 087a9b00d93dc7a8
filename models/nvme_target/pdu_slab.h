// Memory for PDU headers and digests on their way out, as nvmet's page_frag_cache: bytes are cut
// from a slab one after another, and a slab comes back when the last Payload over it is gone.
// Invariant: bytes handed out are never written again before that (nvmet reuses a command's header
// as soon as the command is free; the model does not, a retransmission sends what was sent).
#ifndef DDPSIM_MODELS_NVME_TARGET_PDU_SLAB_H_
#define DDPSIM_MODELS_NVME_TARGET_PDU_SLAB_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/payload.h"
#include "ddpsim/base/ref_buffer.h"

namespace ddpsim {

// REQUIRES: outlives its Payloads.
class PduSlabs {
 public:
  PduSlabs() = default;
  PduSlabs(const PduSlabs&) = delete;
  PduSlabs& operator=(const PduSlabs&) = delete;
  ~PduSlabs();

  // Room for `size` bytes, valid until the next Reserve(). REQUIRES: size <= kSlabSize.
  uint8_t* Reserve(uint32_t size);
  // The first `size` of the bytes reserved, for good.
  Payload Commit(uint32_t size);

 private:
  static constexpr uint32_t kSlabSize = 4096;

  class Slab final : public RefBuffer {
   public:
    explicit Slab(PduSlabs* owner) : owner_(owner) {}
    uint8_t* data() { return data_; }

   private:
    void Recycle() override { owner_->free_.push_back(this); }
    PduSlabs* owner_;
    uint8_t data_[kSlabSize];
  };

  RefPtr<Slab> current_;
  uint32_t used_ = kSlabSize;
  std::vector<Slab*> free_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_PDU_SLAB_H_
