// Posted messages on their way: a FIFO of at most 128 bytes each, kept in a ring that grows to its
// peak and stays.
#ifndef DDPSIM_MODELS_PCIE_MESSAGE_QUEUE_H_
#define DDPSIM_MODELS_PCIE_MESSAGE_QUEUE_H_

#include <array>
#include <cstdint>
#include <deque>

#include "ddpsim/base/ids.h"
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
  void Push(const PcieMessage& message) { messages_.push_back(message); }
  void Pop() { messages_.pop_front(); }

 private:
  std::deque<PcieMessage> messages_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_PCIE_MESSAGE_QUEUE_H_
