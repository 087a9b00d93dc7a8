#include "models/link/link.h"

#include <algorithm>
#include <utility>

namespace ddpsim {

Link::Link(const LinkQueueConfig& queue, const LinkFaults& faults, LinkDirection direction,
           uint64_t seed, FramePool* pool, LinkObserver* observer)
    : queue_(queue), observer_(observer) {
  if (faults.any()) faults_ = std::make_unique<FaultInjector>(faults, direction, seed, pool);
  scripted_ = faults.script.any();
}

void Link::EnableFaults() {
  if (faults_ != nullptr) faults_->Enable();
}

void Link::DisableFaults() {
  if (faults_ != nullptr) faults_->Disable();
}

void Link::Send(FramePtr frame, SimTime ready, uint32_t burst_id, uint64_t token, SimTime now) {
  ++stats_.packets;
  stats_.bytes += frame->size();
  if (observer_ != nullptr) observer_->OnOffered(frame, ready);
  LinkQueue::Entry entry;
  entry.frame = std::move(frame);
  entry.ready = ready;
  entry.token = token;
  entry.burst_id = burst_id;
  if (faults_ == nullptr) {
    Queue(&entry, now);
  } else {
    SendFaulty(&entry, now);
  }
}

void Link::Queue(LinkQueue::Entry* entry, SimTime now) {
  if (queue_.Push(entry, now)) return;
  Free(entry->token, now);
  Drop(entry->frame, LinkDropReason::kQueueFull, now);
}

void Link::Free(uint64_t token, SimTime now) {
  // Send queues complete in order: not before what was sent before it. (Only a link without pause
  // drops here, so nothing that is queued waits for XON.)
  if (token != 0) freed_.push_back(Freed{token, std::max(now, queue_.LastDeparture())});
}

void Link::SendFaulty(LinkQueue::Entry* entry, SimTime now) {
  FaultDecision decision = faults_->Decide(*entry->frame, entry->burst_id, now);
  if (decision.drop != LinkDropReason::kNone) {
    if (faults_->whole_skb() && entry->burst_id != 0 && decision.drop != LinkDropReason::kScript)
      LoseBurst(entry->burst_id, decision.drop, now);
    entry->lost = true;
    Drop(entry->frame, decision.drop, now);
    if (!queue_.Push(entry, now)) Free(entry->token, now);
    return;
  }
  if (decision.corrupted) {
    ++stats_.corrupted;
    if (observer_ != nullptr) observer_->OnCorrupted(entry->frame, decision.corrupted, now);
    entry->frame = std::move(decision.corrupted);
  }
  if (decision.hold > SimTime::Zero()) {
    ++stats_.reordered;
    if (observer_ != nullptr) observer_->OnReordered(entry->frame, now);
  }
  if (!decision.duplicate) {
    entry->hold = decision.hold;
    return Queue(entry, now);
  }
  LinkQueue::Entry twin = *entry;
  entry->hold = decision.hold;
  Queue(entry, now);
  twin.token = 0;
  ++stats_.duplicated;
  if (observer_ != nullptr) observer_->OnDuplicated(twin.frame, now);
  Queue(&twin, now);
}

void Link::LoseBurst(uint32_t burst_id, LinkDropReason reason, SimTime now) {
  queue_.ForBurst(burst_id, [&](LinkQueue::Entry* entry) {
    if (entry->lost) return;
    entry->lost = true;
    Drop(entry->frame, reason, now);
  });
}

void Link::Drop(const FramePtr& frame, LinkDropReason reason, SimTime now) {
  ++stats_.dropped[static_cast<size_t>(reason)];
  if (observer_ != nullptr) observer_->OnDropped(frame, reason, now);
}

SimTime Link::NextSideline() const {
  const SimTime held = held_.empty() ? SimTime::Never() : held_.front().at;
  const SimTime freed = freed_.empty() ? SimTime::Never() : freed_.front().at;
  const SimTime scripted = scripted_ ? faults_->NextScripted() : SimTime::Never();
  return std::min({held, freed, scripted});
}

void Link::SendScripted(SimTime now) {
  LinkQueue::Entry entry;
  entry.frame = faults_->TakeScripted(now);
  entry.ready = now;
  ++stats_.duplicated;
  Queue(&entry, now);
}

void Link::OnTimer(SimTime now, LinkOutput* out) {
  while (scripted_ && faults_->NextScripted() <= now) SendScripted(now);
  TakeDepartures(now, out);
  for (;;) {
    const SimTime next = queue_.NextArrival();
    const SimTime held = held_.empty() ? SimTime::Never() : held_.front().at;
    if (std::min(next, held) > now) return;
    if (held < next) {
      Deliver(held_.pop_front().frame, now, out);
      continue;
    }
    LinkQueue::Entry& entry = queue_.Front();
    FramePtr frame = std::move(entry.frame);
    const SimTime hold = entry.hold;
    const bool lost = entry.lost;
    queue_.PopArrival();
    queue_.PrefetchFront();
    if (lost) continue;
    if (hold > SimTime::Zero()) {
      held_.push_back(Held{std::move(frame), next + hold});
    } else {
      Deliver(std::move(frame), now, out);
    }
  }
}

void Link::TakeDepartures(SimTime now, LinkOutput* out) {
  for (;;) {
    const SimTime queued = queue_.NextDeparture();
    const SimTime freed = freed_.empty() ? SimTime::Never() : freed_.front().at;
    if (std::min(queued, freed) > now) return;
    out->departed.push_back(queued <= freed ? queue_.PopDeparture() : freed_.pop_front().token);
  }
}

void Link::Deliver(FramePtr&& frame, SimTime now, LinkOutput* out) {
  ++stats_.delivered;
  if (observer_ != nullptr) observer_->OnDelivered(frame, now);
  out->arrived.push_back(std::move(frame));
}

}  // namespace ddpsim
