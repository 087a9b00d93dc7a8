#include "sim/replay/replayer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ddpsim {
namespace {

// Unread bytes of one connection beyond which its sender would have found the window closed:
// tcp_rmem[2] of Linux.
constexpr int64_t kMaxUnread = 6 << 20;
// Connections whose frames may still be on their way to the host.
constexpr int64_t kRecent = 64;
// How often a lagging host is looked at again.
constexpr SimTime kLagStep = SimTime::Us(20);
constexpr SimTime kWaitStep = SimTime::Ns(100);
// For longer nothing is waited for: the capture need not be as consistent as a host.
constexpr SimTime kMaxBusy = SimTime::Ms(10);
// What was waited for in vain so often will not come: each time half as long.
constexpr int kMostHalvings = 10;
// At full speed: the line rate of the NICs of the papers.
constexpr int64_t kLineRateGbps = 100;
constexpr int64_t kWireOverheadBytes = 24;  // preamble, FCS, gap

}  // namespace

Replayer::Replayer(const ReplayOptions& options, std::unique_ptr<CaptureWalk> walk,
                   const std::vector<ConnectionFacts>& facts, const ReplayHost& host,
                   FramePool* frames, uint32_t mtu, AnnotatedCapture* annotated)
    : options_(options),
      walk_(std::move(walk)),
      host_(host),
      recutter_(frames, mtu),
      annotated_(annotated) {
  for (size_t i = 0; i < facts.size(); ++i)
    connections_.push_back(std::make_unique<ReplayConnection>(i, facts[i], host));
}

bool Replayer::Advance() {
  const absl::StatusOr<bool> more = walk_->Next(&step_);
  if (!more.ok()) status_ = more.status();
  loaded_ = more.ok() && *more;
  return loaded_;
}

// The order of the records rules, and beyond kLongestPlay nothing else.
SimTime Replayer::DueTime() const {
  if (options_.speed == 0) {
    const auto bytes = static_cast<int64_t>(step_.record->original_length) + kWireOverheadBytes;
    return last_due_ + SerializationTime(bytes, kLineRateGbps);
  }
  SimTime since = SimTime::Ns(std::min(step_.elapsed_ns, kLongestPlay));
  if (options_.speed != 1) {
    const double ns = static_cast<double>(step_.elapsed_ns) / options_.speed;
    since = SimTime::Ps(std::llround(std::min(ns, static_cast<double>(kLongestPlay)) * 1000));
  }
  return std::max(start_ + held_back_ + since, last_due_);
}

bool Replayer::HostLags() const {
  return std::any_of(recent_.begin(), recent_.end(),
                     [&](size_t i) { return connections_[i]->unread() > kMaxUnread; });
}

void Replayer::NotePlayed(size_t index) {
  last_played_ = index;
  if (!recent_.empty() && recent_.back() == index) return;
  recent_.erase(std::remove(recent_.begin(), recent_.end(), index), recent_.end());
  recent_.push_back(index);
  const auto read = [&](size_t i) { return connections_[i]->unread() == 0; };
  if (recent_.size() <= static_cast<size_t>(kRecent)) return;
  const auto old = std::find_if(recent_.begin(), recent_.end() - kRecent, read);
  if (old != recent_.end() - kRecent) recent_.erase(old);
}

// What the recorded host did before it sent its last command, this one must have done before it
// sees the answer.
bool Replayer::HostIsBusy(SimTime now) {
  if (ReplayConnection* before = Predecessor()) {
    before->MakeWay();
    before->StopIfDrained(now);
    return true;
  }
  if (step_.replaces.has_value() && !Settled()) return true;
  if (last_played_ != kNone) {
    connections_[last_played_]->StopIfDrained(now);
    if (connections_[last_played_]->TooSlow()) return true;
  }
  const bool command = step_.direction == StreamDirection::kH2C && step_.connection != nullptr &&
                       step_.packet->payload_size > 0;
  return command && step_.connection_index < connections_.size() &&
         !connections_[step_.connection_index]->HasReceived(step_.packet->tcp.ack);
}

bool Replayer::Settled() const {
  return host_.recorder->laws().transparency.outstanding() == 0 && host_.kernel->cpu().quiet();
}

ReplayConnection* Replayer::Predecessor() const {
  if (!step_.new_connection || step_.connection_index >= connections_.size()) return nullptr;
  const FourTuple& flow = connections_[step_.connection_index]->facts().received;
  for (size_t i : active_) {
    ReplayConnection* other = connections_[i].get();
    if (!other->gone() && other->facts().received == flow) return other;
  }
  return nullptr;
}

void Replayer::GiveUpWaiting() {
  ++in_vain_;
  if (last_played_ != kNone) connections_[last_played_]->GiveUpWaiting();
  if (step_.connection != nullptr && step_.connection_index < connections_.size())
    connections_[step_.connection_index]->GiveUpWaiting();
}

SimTime Replayer::OnDue(SimTime now, bool paused, FrameReceiveIf* deliver) {
  if (over_) return SimTime::Never();
  if (!loaded_) {
    if (!Advance()) {
      over_ = true;
      return SimTime::Never();
    }
    start_ = last_due_ = now;
  }
  last_due_ = std::max(last_due_, now);
  const SimTime patience = SimTime::Ps(kMaxBusy.ps() >> std::min(in_vain_, kMostHalvings));
  const bool busy = !paused && busy_for_ < patience && HostIsBusy(now);
  if (busy) {
    busy_for_ += kWaitStep;
    if (busy_for_ >= patience) GiveUpWaiting();
  } else if (!paused) {
    busy_for_ = SimTime::Zero();
  }
  if (paused || busy || HostLags()) {
    const SimTime step = busy ? kWaitStep : kLagStep;
    held_back_ += step;
    last_due_ = now + step;
    return last_due_;
  }
  Play(now, deliver);
  if (!Advance()) {
    over_ = true;
    return SimTime::Never();
  }
  last_due_ = DueTime();
  return last_due_;
}

void Replayer::Play(SimTime now, FrameReceiveIf* deliver) {
  cut_.clear();
  cut_ids_.clear();
  const bool known = step_.connection != nullptr && step_.connection_index < connections_.size();
  const bool to_host = step_.direction == StreamDirection::kC2H;
  if (known) {
    ReplayConnection& connection = *connections_[step_.connection_index];
    if (step_.replaces.has_value()) connections_[*step_.replaces]->OnReplaced(now);
    if (step_.new_connection) {
      const bool settled = !step_.replaces.has_value() || Settled();
      if (Predecessor() != nullptr || !settled) connection.StayOut();
      if (!step_.replaces.has_value()) connection.SteerAhead(now);
      connection.Follow(step_.connection);
      host_.recorder->AssignPort(connection.facts().received.destination_port,
                                 step_.connection_index);
      active_.push_back(step_.connection_index);
    }
    host_.recorder->set_capture_ns(step_.elapsed_ns);
    connection.BeginPacket(step_, now, step_.elapsed_ns);
    walk_->Digest(step_);
    connection.EndPacket(step_, now);
    NotePlayed(step_.connection_index);
    if (to_host && step_.skip == PacketSkip::kNone)
      recutter_.Cut(*step_.record, *step_.packet, connection.facts().received, &cut_);
  }
  for (const FramePtr& frame : cut_) cut_ids_.push_back(frame->id());
  if (annotated_ != nullptr) Annotate(known && to_host);
  for (FramePtr& frame : cut_) {
    ++frames_delivered_;
    deliver->Receive(std::move(frame));
  }
}

void Replayer::Annotate(bool to_host) {
  std::string comment;
  if (step_.skip != PacketSkip::kNone) {
    comment = std::string("skipped: ") + PacketSkipName(step_.skip);
  } else if (!step_.packet->checksums_good()) {
    comment = "bad checksum";
  }
  CaptureDirection direction = step_.record->direction;
  if (direction == CaptureDirection::kUnknown && step_.connection != nullptr)
    direction = to_host ? CaptureDirection::kInbound : CaptureDirection::kOutbound;
  annotated_->Add(*step_.record, *step_.packet, direction, std::move(comment), cut_ids_);
}

void Replayer::Finish(SimTime now) {
  for (size_t i : active_) connections_[i]->Finish(now);
}

void Replayer::Settle(SimTime now) {
  for (size_t i : active_) connections_[i]->StopIfDrained(now);
}

bool Replayer::idle() const {
  return std::all_of(active_.begin(), active_.end(),
                     [&](size_t i) { return connections_[i]->idle(); });
}

}  // namespace ddpsim
