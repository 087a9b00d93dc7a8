// Memory that recorded commands are received into: slots of 1 MiB, taken last-in first-out, so that
// what is resident is what is outstanding; longer requests have slots of their own sizes.
// Invariant: a word of each 512-byte block is spoiled before use, so that bytes left over from an
// earlier read are not taken for delivered ones.
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
  BufferSlabs(HostMemory* memory, DmaMappingLaw* law) : memory_(memory), law_(law) {}

  PhysAddr TakeBuffer(uint32_t size) override;
  void GiveBuffer(PhysAddr addr, uint32_t size) override;

 private:
  static constexpr uint32_t kSlot = 1 << 20;
  static constexpr uint32_t kSlots = 64;  // of a slab

  HostMemory* memory_;
  DmaMappingLaw* law_;
  std::vector<PhysAddr> free_;
  absl::btree_map<uint32_t, std::vector<PhysAddr>> large_;  // free ones, by size
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_BUFFER_SLABS_H_
