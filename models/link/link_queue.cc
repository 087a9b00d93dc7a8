#include "models/link/link_queue.h"

#include <algorithm>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

// Minimum frame with FCS, preamble and gap: a MAC control frame on the wire.
constexpr int64_t kPauseFrameWireBytes = kMinFrameBytes + kWireOverheadBytes;

}  // namespace

SimTime LinkQueue::WireTime(uint32_t size) {
  if (size != last_size_) {
    last_size_ = size;
    last_wire_time_ = SerializationTime(
        std::max<int64_t>(size, kMinFrameBytes) + kWireOverheadBytes, config_.rate_gbps);
  }
  return last_wire_time_;
}

void LinkQueue::Plan(Entry* entry, SimTime start) {
  entry->start = start.is_never() ? start : pause_.FirstAllowed(start);
  entry->end =
      entry->start.is_never() ? entry->start : entry->start + WireTime(entry->frame->size());
  wire_free_ = entry->end;
}

bool LinkQueue::Push(Entry* entry, SimTime now) {
  SIM_CHECK(entry->ready >= now, "frame ready in the past");
  if (!config_.lossless && Queued(now) >= config_.queue_packets) return false;
  pause_.Prune(now);
  Plan(entry, std::max(entry->ready, wire_free_));
  if (entry->token != 0) tokens_.push_back(in_flight_.end());
  in_flight_.push_back(std::move(*entry));
  return true;
}

int64_t LinkQueue::Queued(SimTime now) {
  departed_ = std::max(departed_, in_flight_.begin());
  while (departed_ < in_flight_.end() && in_flight_.at(departed_).end <= now) ++departed_;
  return static_cast<int64_t>(in_flight_.end() - departed_);
}

uint64_t LinkQueue::FirstStartingFrom(SimTime at) const {
  uint64_t index = in_flight_.end();
  while (index > in_flight_.begin() && in_flight_.at(index - 1).start >= at) --index;
  return index;
}

void LinkQueue::Pause(bool xoff, SimTime effective) {
  const uint64_t first = FirstStartingFrom(xoff ? effective : SimTime::Never());
  if (pause_.Set(xoff, effective)) PlanFrom(first, effective);
}

void LinkQueue::PlanFrom(uint64_t index, SimTime floor) {
  wire_free_ = index > in_flight_.begin() ? in_flight_.at(index - 1).end : popped_end_;
  for (; index < in_flight_.end(); ++index) {
    Entry& entry = in_flight_.at(index);
    // What was not parked keeps at least its place in time: a pause only puts off.
    const SimTime earliest = entry.start.is_never() ? std::max(entry.ready, floor) : entry.start;
    Plan(&entry, std::max(earliest, wire_free_));
  }
}

void LinkQueue::PopArrival() {
  SIM_CHECK(tokens_.empty() || tokens_.front() != in_flight_.begin(), "token left unserved");
  popped_end_ = in_flight_.front().end;
  in_flight_.drop_front();
}

uint64_t LinkQueue::PopDeparture() { return in_flight_.at(tokens_.pop_front()).token; }

SimTime LinkQueue::PauseFrameArrival(SimTime now) const {
  SimTime start = now;
  for (uint64_t i = in_flight_.begin(); i < in_flight_.end(); ++i) {
    const Entry& entry = in_flight_.at(i);
    if (entry.start > now) break;
    start = std::max(start, entry.end);
  }
  return start + SerializationTime(kPauseFrameWireBytes, config_.rate_gbps) + config_.delay;
}

}  // namespace ddpsim
