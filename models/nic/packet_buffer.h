// The on-chip packet buffer: frames wait here in arrival order while the receive queue of the first
// has no RX WQE. With pause frames the link is stopped (XOFF) above one fill and let go (XON) below
// another. Mirrors mlx5's port buffer with global pause; pause quanta are simplified to XOFF until
// XON. Left out: per-priority buffers (PFC). With pause, what is in flight after XOFF always finds
// room: headroom is not modelled, the high-water mark is counted. Invariants: FIFO; XOFF and XON
// alternate.
#ifndef DDPSIM_NIC_PACKET_BUFFER_H_
#define DDPSIM_NIC_PACKET_BUFFER_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/ring_queue.h"
#include "ddpsim/base/sim_time.h"
#include "ddpsim/wire/frame.h"
#include "models/nic/nic_config.h"

namespace ddpsim {

// Asks the shell to send a pause frame.
struct PauseRequest {
  bool xoff = false;  // false: XON
  SimTime at;
};

class PacketBuffer {
 public:
  explicit PacketBuffer(const NicConfig& config)
      : pause_(config.pause),
        capacity_(config.packet_buffer_bytes),
        xoff_bytes_(capacity_ * config.xoff_percent / 100),
        xon_bytes_(capacity_ * config.xon_percent / 100) {}

  bool empty() const { return frames_.empty(); }
  int64_t bytes() const { return bytes_; }
  const FramePtr& front() const { return frames_.front(); }
  // True if a frame of that size may wait.
  bool Fits(uint32_t size) const { return pause_ || bytes_ + size <= capacity_; }
  void Push(FramePtr frame, SimTime now, std::vector<PauseRequest>* pauses) {
    bytes_ += frame->size();
    frames_.push_back(std::move(frame));
    if (pause_ && !stopped_ && bytes_ > xoff_bytes_) {
      stopped_ = true;
      pauses->push_back({true, now});
    }
  }
  FramePtr Pop(SimTime now, std::vector<PauseRequest>* pauses) {
    FramePtr frame = frames_.pop_front();
    bytes_ -= frame->size();
    if (stopped_ && bytes_ <= xon_bytes_) {
      stopped_ = false;
      pauses->push_back({false, now});
    }
    return frame;
  }

 private:
  bool pause_;
  int64_t capacity_;
  int64_t xoff_bytes_;
  int64_t xon_bytes_;
  int64_t bytes_ = 0;
  bool stopped_ = false;
  RingQueue<FramePtr> frames_;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_PACKET_BUFFER_H_
