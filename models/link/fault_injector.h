// Decides, frame by frame, what one direction of the link does wrong. Mirrors netem's enqueue:
// loss, duplicate, corrupt, reorder, each with its own random stream ("c2h.loss", ...), so that
// turning one fault on never moves another. Random faults meet every frame, ACKs included; lists
// count data packets (TCP payload > 0), and corruption needs payload to hit. Invariants: nothing
// happens before Enable() or after Disable(); frames pass through Decide() in the order offered,
// enabled or not, because streams are followed from their SYN on.
#ifndef DDPSIM_MODELS_LINK_FAULT_INJECTOR_H_
#define DDPSIM_MODELS_LINK_FAULT_INJECTOR_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "ddpsim/base/rng.h"
#include "ddpsim/base/sim_time.h"
#include "ddpsim/hw/link_observer.h"
#include "ddpsim/wire/frame.h"
#include "models/link/corruptor.h"
#include "models/link/loss_model.h"
#include "models/link/packet_list.h"
#include "models/link/segment_script.h"

namespace ddpsim {

enum class LinkDirection : uint8_t { kC2H, kH2C };

struct FaultDecision {
  LinkDropReason drop = LinkDropReason::kNone;
  bool duplicate = false;
  FramePtr corrupted;  // travels in the frame's place
  SimTime hold;        // arrives that much later; others overtake
};

// What was named and has not come: entries of the lists, steps of the script.
struct UnmetFaults {
  uint64_t loss = 0;
  uint64_t reorder = 0;
  uint64_t duplicate = 0;
  uint64_t corrupt = 0;
  uint64_t script_steps = 0;
};

class FaultInjector {
 public:
  FaultInjector(const LinkFaults& faults, LinkDirection direction, uint64_t seed, FramePool* pool);

  void Enable() { enabled_ = true; }
  void Disable() { enabled_ = false; }
  bool enabled() const { return enabled_; }
  // Bursts: frames of one TSO burst share a non-zero `burst_id` and come one after another.
  FaultDecision Decide(const Frame& frame, uint32_t burst_id, SimTime now = SimTime::Zero());
  bool whole_skb() const { return faults_.loss.whole_skb; }
  UnmetFaults Unmet() const;
  // When the script (segment_script.h) has a segment to send on, and that segment.
  SimTime NextScripted() const { return enabled_ ? script_.NextDue() : SimTime::Never(); }
  FramePtr TakeScripted(SimTime now) { return script_.TakeNext(now); }

 private:
  bool Lost(const PacketFacts& packet, uint32_t burst_id);

  LinkFaults faults_;
  bool enabled_ = false;
  bool needs_parse_;
  uint64_t data_packets_ = 0;
  uint64_t bursts_ = 0;
  ParsedFrame parsed_;  // scratch of Decide(): not zeroed for every frame
  PduLocator locator_;
  std::unique_ptr<LossModel> loss_;
  PacketList reorder_list_;
  PacketList duplicate_list_;
  Corruptor corruptor_;
  SegmentScript script_;
  Rng reorder_rng_;
  Rng duplicate_rng_;
  uint32_t burst_id_ = 0;  // the burst whose fate is decided
  bool burst_lost_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_FAULT_INJECTOR_H_
