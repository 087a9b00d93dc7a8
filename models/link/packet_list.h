// Exactly these data packets, counted from 1 since faults began, retransmissions included: for
// losses and reordering by list. REQUIRES: numbers ascending; Contains() is asked in ascending
// order.
#ifndef DDPSIM_MODELS_LINK_PACKET_LIST_H_
#define DDPSIM_MODELS_LINK_PACKET_LIST_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "models/link/loss_model.h"

namespace ddpsim {

class PacketList {
 public:
  explicit PacketList(std::vector<int64_t> numbers) : numbers_(std::move(numbers)) {}
  bool Contains(uint64_t number) {
    while (next_ < numbers_.size() && static_cast<uint64_t>(numbers_[next_]) < number) ++next_;
    return next_ < numbers_.size() && static_cast<uint64_t>(numbers_[next_]) == number;
  }
  bool empty() const { return numbers_.empty(); }

 private:
  std::vector<int64_t> numbers_;
  size_t next_ = 0;
};

class ListLoss final : public LossModel {
 public:
  explicit ListLoss(std::vector<int64_t> numbers) : list_(std::move(numbers)) {}
  bool Drop(const PacketFacts& packet) override {
    return packet.data_number != 0 && list_.Contains(packet.data_number);
  }

 private:
  PacketList list_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_PACKET_LIST_H_
