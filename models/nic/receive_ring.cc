#include "models/nic/receive_ring.h"

#include <algorithm>
#include <cstring>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/wqe.h"

namespace ddpsim {

SimTime ReceiveRing::OnDoorbell(uint32_t producer, BusMaster* bus, SimTime now) {
  const uint32_t posted = producer - fetched_;
  if (posted == 0) return now;
  SIM_CHECK(producer - taken_ <= mask_ + 1, "RQ doorbell beyond the ring");
  const uint32_t before_wrap = std::min(posted, mask_ + 1 - (fetched_ & mask_));
  SimTime ready = Fetch(fetched_, before_wrap, bus, now);
  if (before_wrap < posted) {
    ready = std::max(ready, Fetch(fetched_ + before_wrap, posted - before_wrap, bus, now));
  }
  fetched_ = producer;
  batches_.push_back({producer, ready});
  return ready;
}

SimTime ReceiveRing::Fetch(uint32_t from, uint32_t count, BusMaster* bus, SimTime now) {
  scratch_.resize(count * sizeof(WqeDataSegment));
  const PhysAddr addr = ring_ + uint64_t{from & mask_} * sizeof(WqeDataSegment);
  const SimTime ready = bus->Read(addr, absl::MakeSpan(scratch_), now);
  for (uint32_t i = 0; i < count; ++i) {
    WqeDataSegment segment;
    std::memcpy(&segment, scratch_.data() + i * sizeof(segment), sizeof(segment));
    wqes_[(from + i) & mask_] = {segment.addr, segment.byte_count, static_cast<uint16_t>(from + i)};
  }
  return ready;
}

bool ReceiveRing::Available(SimTime now) {
  if (usable_ != taken_) return true;
  return NextAvailable(now) <= now;
}

SimTime ReceiveRing::NextAvailable(SimTime now) {
  size_t arrived = 0;
  while (arrived < batches_.size() && batches_[arrived].ready <= now) {
    usable_ = batches_[arrived++].end;
  }
  batches_.erase(batches_.begin(), batches_.begin() + static_cast<std::ptrdiff_t>(arrived));
  if (usable_ != taken_) return now;
  return batches_.empty() ? SimTime::Never() : batches_.front().ready;
}

ReceiveWqe ReceiveRing::Take() { return wqes_[taken_++ & mask_]; }

}  // namespace ddpsim
