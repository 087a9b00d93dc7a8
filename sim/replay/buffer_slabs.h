// Memory that recorded commands are received into: slots of powers of two, taken last-in first-out,
// so that what is resident is what is outstanding. A capture may have more outstanding than there
// is memory: what finds no slot shares one. Invariant: a word of each 512-byte block is spoiled
// before use, so that bytes left over from an earlier read are not taken for delivered ones.
#ifndef DDPSIM_SIM_REPLAY_BUFFER_SLABS_H_
#define DDPSIM_SIM_REPLAY_BUFFER_SLABS_H_

#include <vector>

#include "absl/container/btree_map.h"
#include "models/mem/host_memory.h"
#include "models/nvme_host/recorded_queue.h"
#include "sim/check/dma_mapping_law.h"

namespace ddpsim {

class BufferSlabs final : public BufferSource {
 public:
  // `budget`: bytes to give out at most; a recorded host may have had any amount outstanding.
  BufferSlabs(HostMemory* memory, DmaMappingLaw* law, uint64_t budget = uint64_t{8} << 30)
      : memory_(memory), law_(law), budget_(budget) {}

  PhysAddr TakeBuffer(uint32_t size) override;
  void GiveBuffer(PhysAddr addr, uint32_t size) override;
  bool IsShared(PhysAddr addr) const override;
  // Requests that found no buffer of their own.
  uint64_t shared_uses() const { return shared_uses_; }

 private:
  static constexpr uint32_t kSlab = 1 << 20;
  // A new slab of `slot`-sized buffers: the first of them, or 0.
  PhysAddr Grow(uint32_t slot);

  HostMemory* memory_;
  DmaMappingLaw* law_;
  uint64_t budget_;
  uint64_t given_ = 0;
  absl::btree_map<uint32_t, std::vector<PhysAddr>> free_;  // by size
  PhysAddr shared_ = 0;
  uint32_t shared_size_ = 0;
  std::vector<PhysAddr> all_shared_;  // grown a few times at most
  uint64_t shared_uses_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_BUFFER_SLABS_H_
