// Loss of whatever carries given bytes of a stream, the first `times` sendings of each byte: the
// way to lose one header and nothing else, whatever TCP's segmentation does. Invariant: a byte's
// count falls by one with each sending that carries it, dropped for this or for another byte's
// sake.
#ifndef DDPSIM_MODELS_LINK_RANGE_LOSS_H_
#define DDPSIM_MODELS_LINK_RANGE_LOSS_H_

#include <vector>

#include "models/link/loss_model.h"

namespace ddpsim {

// The bytes still to be lost. Few at a time, so a flat list.
class DoomedBytes {
 public:
  void Add(const StreamRange& range) {
    if (range.from < range.to && range.times > 0) pieces_.push_back(range);
  }
  // Whether a sending of these bytes is to be lost; counts it.
  bool Hit(uint32_t connection, ByteRange bytes);
  size_t pieces() const { return pieces_.size(); }

 private:
  std::vector<StreamRange> pieces_;  // disjoint within what one Add() brought
};

class RangeLoss final : public LossModel {
 public:
  explicit RangeLoss(const std::vector<StreamRange>& ranges) {
    for (const StreamRange& range : ranges) doomed_.Add(range);
  }
  bool Drop(const PacketFacts& packet) override {
    return packet.data_number != 0 && doomed_.Hit(packet.place.connection, packet.place.bytes);
  }

 private:
  DoomedBytes doomed_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_RANGE_LOSS_H_
