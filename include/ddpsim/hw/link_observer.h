// What taps (pcap) and passive checkers may watch on one direction of the link. No-op by default.
// Invariant: each offered frame is later dropped or delivered exactly once, a duplicated one
// delivered once more; a corrupted one is delivered as its copy; what a script sends is delivered
// without having been offered.
#ifndef DDPSIM_HW_LINK_OBSERVER_H_
#define DDPSIM_HW_LINK_OBSERVER_H_

#include <cstdint>

#include "ddpsim/base/sim_time.h"
#include "ddpsim/wire/frame.h"

namespace ddpsim {

enum class LinkDropReason : uint8_t {
  kNone,
  kQueueFull,
  kBernoulli,
  kGilbertElliott,
  kList,
  kRanges,
  kPdu,
  kScript,  // a box on the way keeps it; its bytes may arrive in other segments
};
inline constexpr int kLinkDropReasons = 8;

// The word used in results and in pcap comments.
constexpr const char* LinkDropReasonName(LinkDropReason reason) {
  constexpr const char* kNames[kLinkDropReasons] = {
      "none", "queue", "bernoulli", "gilbert_elliott", "list", "ranges", "pdu", "script"};
  return kNames[static_cast<int>(reason)];
}

class LinkObserver {
 public:
  virtual ~LinkObserver() = default;
  // `ready`: when the sender has it ready to leave; a queue may still hold it back.
  virtual void OnOffered(const FramePtr& frame, SimTime ready) {}
  virtual void OnDropped(const FramePtr& frame, LinkDropReason reason, SimTime now) {}
  virtual void OnCorrupted(const FramePtr& original, const FramePtr& copy, SimTime now) {}
  virtual void OnDuplicated(const FramePtr& frame, SimTime now) {}
  virtual void OnReordered(const FramePtr& frame, SimTime now) {}
  virtual void OnDelivered(const FramePtr& frame, SimTime now) {}
};

}  // namespace ddpsim

#endif  // DDPSIM_HW_LINK_OBSERVER_H_
