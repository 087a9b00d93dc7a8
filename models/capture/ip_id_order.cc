#include "models/capture/ip_id_order.h"

namespace ddpsim {
namespace {

// Packets that may wait for one that was overtaken: a window of 6 MiB in small segments.
constexpr size_t kMaxPending = 8192;

}  // namespace

void IpIdOrder::Add(uint16_t id, uint32_t ids, SeqNum seq, uint32_t size) {
  ++packets_;
  if (!started_) {
    started_ = true;
    highest_ = next_ = id;
  }
  const auto step = static_cast<int16_t>(id - static_cast<uint16_t>(highest_));
  const int64_t number = highest_ + step;
  const Packet packet{ids, seq, size};
  if (number < next_) {
    // Before the first packet of the capture, or given up already.
    ++reordered_;
    if (lost_ > 0) --lost_;
    Judge(packet);
    return;
  }
  if (!pending_.emplace(number, packet).second) {
    ++duplicates_;
    return;
  }
  if (number < highest_) ++reordered_;
  if (number > highest_) highest_ = number;
  Release();
}

void IpIdOrder::Release() {
  while (!pending_.empty()) {
    const auto first = pending_.begin();
    if (first->first > next_ && pending_.size() <= kMaxPending) return;
    if (first->first > next_) lost_ += static_cast<uint64_t>(first->first - next_);
    next_ = first->first + first->second.ids;
    Judge(first->second);
    pending_.erase(first);
  }
}

void IpIdOrder::Judge(const Packet& packet) {
  if (packet.size == 0) return;
  if (has_top_ && packet.seq < top_) ++retransmitted_;
  const SeqNum end = packet.seq + packet.size;
  top_ = has_top_ ? SeqMax(top_, end) : end;
  has_top_ = true;
}

void IpIdOrder::Finish() {
  while (!pending_.empty()) {
    const auto first = pending_.begin();
    if (first->first > next_) lost_ += static_cast<uint64_t>(first->first - next_);
    next_ = first->first + first->second.ids;
    Judge(first->second);
    pending_.erase(first);
  }
}

}  // namespace ddpsim
