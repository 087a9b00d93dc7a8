// The I/O buffers of one fio job in host memory: page aligned, with a guard page before and behind
// each, and the checks on what is delivered into them.
//
//   guard | buffer 0 (whole pages) | guard | buffer 1 | guard ...
//
// Invariants: only [At(i), At(i) + bs) may change; before each read a word of every 512-byte block
// is spoiled, so that bytes left over from an earlier read of the same place are not taken for
// delivered ones.
#ifndef DDPSIM_MODELS_NVME_HOST_IO_BUFFERS_H_
#define DDPSIM_MODELS_NVME_HOST_IO_BUFFERS_H_

#include <cstdint>

#include "ddpsim/net/content.h"
#include "models/mem/host_memory.h"
#include "models/nvme_host/load_config.h"

namespace ddpsim {

class IoBuffers {
 public:
  IoBuffers(HostMemory* memory, uint32_t count, uint32_t bs);

  PhysAddr AddrOf(uint32_t i) const { return base_ + HostMemory::kPageSize + i * stride_; }
  // All buffers with their guard pages: [begin, end).
  PhysAddr begin() const { return base_; }
  PhysAddr end() const { return base_ + HostMemory::kPageSize + count_ * stride_; }
  uint8_t* BytesOf(uint32_t i) { return memory_->At(AddrOf(i), bs_); }

  // Makes the buffer ready for a read.
  void Spoil(uint32_t i);
  // Whether the bytes beside buffer `i` are as they were: a cache line on each side, and the rest
  // of its last page.
  bool CanariesWhole(uint32_t i) const;
  // All guard pages, at the end of a run: the number of those with a changed byte.
  uint64_t DamagedGuards() const;
  // Compares with what the device holds at `offset` and counts. False: a byte is wrong.
  bool Verify(uint32_t i, const Content& content, uint64_t offset, LoadStats* result);

 private:
  HostMemory* memory_;
  uint32_t count_;
  uint32_t bs_;
  uint64_t stride_;  // buffer in whole pages and a guard page
  PhysAddr base_;    // first guard page
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_IO_BUFFERS_H_
