// An Ethernet frame in flight (no preamble, no FCS): bytes that are written once, then shared by
// reference and never altered. Who must change one (bit corruption on the link) makes a new frame.
// Invariants: (1) bytes are frozen when the first FramePtr is made; (2) `l4_checksum_known_good` is
// a memo: the writer computed the checksum over these very bytes, so a receiver need not sum them
// again; a copy never inherits it.
#ifndef DDPSIM_WIRE_FRAME_H_
#define DDPSIM_WIRE_FRAME_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ref_buffer.h"
#include "ddpsim/base/slab_memory.h"

namespace ddpsim {

class FramePool;

class Frame : public RefBuffer {
 public:
  ByteSpan bytes() const { return ByteSpan(data_, size_); }
  uint32_t size() const { return size_; }
  // Asks the real machine's cache for what describes the frame and for its headers.
  void Prefetch() const {
    __builtin_prefetch(this);
    __builtin_prefetch(reinterpret_cast<const char*>(this) + 64);
  }
  // Serial number of the frame in its pool, from 1: names the frame in traces and taps.
  uint64_t id() const { return id_; }
  bool l4_checksum_known_good() const { return l4_checksum_known_good_; }

  // Only between FramePool::Allocate() and sharing.
  uint8_t* mutable_data() { return data_; }
  void set_l4_checksum_known_good(bool good) { l4_checksum_known_good_ = good; }

 protected:
  Frame(FramePool* pool, uint8_t* data, uint32_t capacity)
      : pool_(pool), data_(data), capacity_(capacity) {}

 private:
  friend class FramePool;
  void Recycle() override;

  FramePool* pool_;
  uint8_t* data_;
  uint32_t capacity_;
  uint32_t size_ = 0;
  uint64_t id_ = 0;
  bool l4_checksum_known_good_ = false;
};

using FramePtr = RefPtr<const Frame>;

// Recycles frames last-in first-out, so that the bytes stay in the real machine's cache.
// REQUIRES: outlives every frame it gave out.
class FramePool {
 public:
  FramePool() = default;
  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;

  // A frame of `size` bytes with unspecified content.
  RefPtr<Frame> Allocate(uint32_t size);
  // A frame with the same bytes, a new id and no checksum memo.
  RefPtr<Frame> Copy(const Frame& frame);
  int64_t live() const { return live_; }

 private:
  friend class Frame;

  SlabMemory memory_;               // frames end with it: their destructors have nothing to do
  std::vector<Frame*> free_small_;  // up to kSmallCapacity bytes
  std::vector<Frame*> free_large_;
  uint64_t next_id_ = 1;
  int64_t live_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_WIRE_FRAME_H_
