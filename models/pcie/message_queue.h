// Posted messages on their way: a FIFO of at most 128 bytes each, kept in a ring that grows to its
// peak and stays.
#ifndef DDPSIM_MODELS_PCIE_MESSAGE_QUEUE_H_
#define DDPSIM_MODELS_PCIE_MESSAGE_QUEUE_H_

#include <array>
#include <cstdint>
#include <cstring>

#include "ddpsim/base/check.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/base/ring_queue.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

struct PcieMessage {
  static constexpr uint32_t kMaxSize = 128;
  SimTime at;
  PhysAddr addr = 0;
  uint32_t size = 0;
  std::array<uint8_t, kMaxSize> data;
};

class MessageQueue {
 public:
  bool empty() const { return messages_.empty(); }
  const PcieMessage& front() const { return messages_.front(); }
  void Push(SimTime at, PhysAddr addr, const uint8_t* data, uint32_t size) {
    SIM_CHECK(size <= PcieMessage::kMaxSize);
    PcieMessage& message = messages_.push_slot();
    message.at = at;
    message.addr = addr;
    message.size = size;
    std::memcpy(message.data.data(), data, size);
  }
  // Copies the first one out and drops it; bytes beyond its size are left as they are.
  void Pop(PcieMessage* out) {
    const PcieMessage& message = messages_.front();
    out->at = message.at;
    out->addr = message.addr;
    out->size = message.size;
    std::memcpy(out->data.data(), message.data.data(), message.size);
    messages_.drop_front();
  }

 private:
  RingQueue<PcieMessage> messages_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_PCIE_MESSAGE_QUEUE_H_
