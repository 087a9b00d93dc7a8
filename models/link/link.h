// One direction of the Ethernet cable between target and host: egress queue, wire, and what goes
// wrong on it. Left out: switches, cross traffic. Pure: the shell calls OnTimer() at NextDeadline()
// and passes on what comes out. Invariants: (1) without faults, frames arrive in the order sent;
// with pause on, none is dropped; (2) a frame's bytes are never altered, a corrupted one is a copy;
// (3) offered + duplicated = delivered + dropped + in flight (what a script sends counts as
// duplicated).
#ifndef DDPSIM_MODELS_LINK_LINK_H_
#define DDPSIM_MODELS_LINK_LINK_H_

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "ddpsim/hw/link_observer.h"
#include "models/link/fault_injector.h"
#include "models/link/link_queue.h"

namespace ddpsim {

struct LinkStats {
  int64_t packets = 0;  // offered, ACKs and retransmissions included
  int64_t bytes = 0;    // of them, without preamble and FCS
  int64_t delivered = 0;
  int64_t reordered = 0;
  int64_t duplicated = 0;
  int64_t corrupted = 0;
  std::array<int64_t, kLinkDropReasons> dropped{};  // by LinkDropReason
};

// What happened by now. Reused: vectors keep their capacity.
struct LinkOutput {
  std::vector<FramePtr> arrived;   // in order of arrival
  std::vector<uint64_t> departed;  // completion tokens
  void Clear() {
    arrived.clear();
    departed.clear();
  }
};

class Link {
 public:
  // `pool` makes the copies; `observer` may be null. Both outlive the link.
  Link(const LinkQueueConfig& queue, const LinkFaults& faults, LinkDirection direction,
       uint64_t seed, FramePool* pool, LinkObserver* observer);

  // Faults begin.
  void EnableFaults();
  // Faults end; what is held back still arrives.
  void DisableFaults();
  // `ready` >= now is when the sender has the frame complete; a non-zero token asks for its
  // departure.
  void Send(FramePtr frame, SimTime ready, uint32_t burst_id, uint64_t token, SimTime now);
  // The receiver's XOFF or XON takes effect at this transmitter.
  void Pause(bool xoff, SimTime effective) { queue_.Pause(xoff, effective); }
  // When a pause frame sent on this direction now takes effect on the opposite one.
  SimTime PauseFrameArrival(SimTime now) const { return queue_.PauseFrameArrival(now); }

  SimTime NextDeadline() const {
    const SimTime next = std::min(queue_.NextArrival(), queue_.NextDeparture());
    if (held_.empty() && freed_.empty() && !scripted_) return next;
    return std::min(next, NextSideline());
  }
  // Appends to `out` what arrived and departed up to `now`.
  void OnTimer(SimTime now, LinkOutput* out);

  // Nothing is on its way: no frame waits, flies or is held back, and the script sends none.
  bool quiet() const { return queue_.empty() && NextSideline().is_never(); }

  const LinkStats& stats() const { return stats_; }
  UnmetFaults unmet_faults() const { return faults_ != nullptr ? faults_->Unmet() : UnmetFaults(); }

 private:
  struct Held {
    FramePtr frame;
    SimTime at;
  };
  struct Freed {
    uint64_t token = 0;
    SimTime at;
  };

  // When the first frame held back arrives, a token of a frame that never left is given back, or
  // the script has something to send.
  SimTime NextSideline() const;
  // The sender gets its token back although the frame never leaves.
  void Free(uint64_t token, SimTime now);
  void Drop(const FramePtr& frame, LinkDropReason reason, SimTime now);
  void LoseBurst(uint32_t burst_id, LinkDropReason reason, SimTime now);
  // Applies the injector's decision to the entry and queues it (twice if duplicated).
  void SendFaulty(LinkQueue::Entry* entry, SimTime now);
  void Queue(LinkQueue::Entry* entry, SimTime now);
  void SendScripted(SimTime now);
  void TakeDepartures(SimTime now, LinkOutput* out);
  void Deliver(FramePtr&& frame, SimTime now, LinkOutput* out);

  LinkQueue queue_;
  std::unique_ptr<FaultInjector> faults_;  // null: a perfect link
  bool scripted_ = false;
  LinkObserver* observer_;
  Ring<Held> held_;  // a constant delay keeps them in order
  Ring<Freed> freed_;
  LinkStats stats_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_LINK_H_
