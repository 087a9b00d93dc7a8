// The world around one offload context as a transition system: what the link and the host may do
// next, and whether the context's word is true. The channel skips segments (lost or late), brings
// them later, twice, or joined with their neighbour; the host answers as nvme-tcp v6 and later
// does, and its answers arrive late, never, or when the candidate is another; answers for other
// headers come too. Left out: corrupted segments (dropped by the checksum before the context).
// Invariant: a state is a value; Apply() on equal states does the same.
#ifndef DDPSIM_SIM_VALIDATE_CONTEXT_WORLD_H_
#define DDPSIM_SIM_VALIDATE_CONTEXT_WORLD_H_

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/nic/rx_context.h"
#include "sim/validate/exhaustive_stream.h"

namespace ddpsim {

enum class WorldMove : uint8_t {
  kDeliverNext,
  kSkipNext,
  kDeliverOld,     // late, retransmitted, or (if it was received) twice
  kDeliverJoined,  // a retransmission of two segments as one
  kAnswer,         // reaches the NIC
  kLoseAnswer,
  kWrongAnswer,  // for another PDU's header
};
inline constexpr int kWorldMoves = 7;

struct WorldAction {
  WorldMove move = WorldMove::kDeliverNext;
  uint8_t index = 0;
};

struct WorldState {
  RxContext context;
  uint32_t received = 0;  // segments that TCP has
  uint32_t vouched = 0;   // of them: by the NIC's digest bit
  uint32_t placed_to = 0;
  uint8_t next = 0;
  uint8_t extra = 0;  // duplicates and wrong answers so far
  int16_t request = -1;
  std::array<int16_t, 2> answers = {-1, -1};

  template <typename H>
  friend H AbslHashValue(H h, const WorldState& s) {
    return H::combine(std::move(h), s.context, s.received, s.vouched, s.placed_to, s.next, s.extra,
                      s.request, s.answers[0], s.answers[1]);
  }
};

struct WorldBounds {
  SearchMode search = SearchMode::kAnyOffset;
  bool ddp_across_data_gap = true;
  uint32_t open = 3;   // segments skipped and not yet received
  uint32_t extra = 1;  // duplicates and wrong answers
  bool wrong_answers = true;
};

// Transitions of the state machine that have been seen; by name in reports.
enum class FsmEdge : uint8_t {
  kOffload,
  kPast,
  kDataGap,
  kReanchor,
  kLose,
  kLoseAndFind,
  kSearchOn,
  kFind,
  kTrackOn,
  kTrackPast,
  kTrackLose,
  kTrackLoseAndFind,
  kResumeAtHeader,
  kResumeByAnswer,
  kConfirm,
  kReject,
};
inline constexpr int kFsmEdges = 16;
const char* FsmEdgeName(FsmEdge edge);

class ContextWorld {
 public:
  explicit ContextWorld(const WorldBounds& bounds);

  WorldState Initial() const;
  void Actions(const WorldState& state, std::vector<WorldAction>* out) const;
  // Makes the move; what it broke, or "".
  std::string Apply(WorldAction action, WorldState* state);
  // In words, as a step of a counterexample.
  std::string Describe(WorldAction action) const;
  const std::array<uint64_t, kFsmEdges>& edges() const { return edges_; }
  const ExhaustiveStream& stream() const { return stream_; }
  // Of the segment delivered last.
  const DdpVerdict& verdict() const { return verdict_; }

 private:
  std::string Deliver(uint32_t first, uint32_t last, WorldState* state);
  std::string Answer(uint32_t offset, WorldState* state);
  std::string CheckRuns(uint32_t begin, WorldState* state) const;
  std::string CheckRequest(uint32_t begin, uint32_t end) const;
  std::string CheckDigests(const WorldState& state) const;
  // TCP takes the segments; software meets headers and answers.
  void Receive(uint32_t first, uint32_t last, WorldState* state) const;
  uint32_t InOrder(const WorldState& state) const;
  void Count(FsmEdge edge) { ++edges_[static_cast<size_t>(edge)]; }
  void CountSegment(OffloadState before, SeqNum expected, SeqNum seq, OffloadState after);

  WorldBounds bounds_;
  ExhaustiveStream stream_;
  PduFormat format_;
  DdpVerdict verdict_;
  std::array<uint64_t, kFsmEdges> edges_{};
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_CONTEXT_WORLD_H_
