#include "models/nic/send_ring.h"

#include <algorithm>
#include <cstring>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/wqe.h"

namespace ddpsim {

namespace {

constexpr uint32_t kNewest = 0x8000;  // half of the 16-bit counter

}  // namespace

void SendRing::OnDoorbell(uint16_t producer, BusMaster* bus, SimTime now) {
  const uint32_t posted = static_cast<uint16_t>(producer - fetched_);
  // A doorbell of another core that was overtaken by a later one tells nothing new.
  if (posted == 0 || posted > kNewest) return;
  SIM_CHECK(posted <= mask_ + 1, "SQ doorbell beyond the ring");
  Compact();
  const size_t old_size = bytes_.size();
  bytes_.resize(old_size + size_t{posted} * kWqebbSize);
  uint8_t* out = bytes_.data() + old_size;
  const uint32_t before_wrap = std::min(posted, mask_ + 1 - (fetched_ & mask_));
  const size_t first = size_t{before_wrap} * kWqebbSize;
  const PhysAddr addr = ring_ + uint64_t{fetched_ & mask_} * kWqebbSize;
  SimTime ready = bus->Read(addr, MutableByteSpan(out, first), now);
  if (before_wrap < posted) {
    const size_t rest = size_t{posted - before_wrap} * kWqebbSize;
    ready = std::max(ready, bus->Read(ring_, MutableByteSpan(out + first, rest), now));
  }
  fetched_ = producer;
  batches_.push_back({bytes_.size(), ready});
}

ByteSpan SendRing::Head() const {
  const uint8_t* wqe = bytes_.data() + head_;
  WqeCtrlSegment ctrl;
  std::memcpy(&ctrl, wqe, sizeof(ctrl));
  const size_t wqebbs = (std::max(ctrl.ds_count(), 1u) * kDsSize + kWqebbSize - 1) / kWqebbSize;
  SIM_CHECK(head_ + wqebbs * kWqebbSize <= bytes_.size(), "WQE longer than what was posted");
  return ByteSpan(wqe, wqebbs * kWqebbSize);
}

void SendRing::PopHead() {
  head_ += Head().size();
  while (!batches_.empty() && batches_.front().end <= head_) batches_.erase(batches_.begin());
}

// Only when bytes are added: a span from Head() stays valid across PopHead().
void SendRing::Compact() {
  if (head_ == 0) return;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
  for (Batch& batch : batches_) batch.end -= head_;
  head_ = 0;
}

}  // namespace ddpsim
