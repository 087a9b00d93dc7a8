#include "sim/validate/context_world.h"

#include "absl/strings/str_cat.h"

namespace ddpsim {
namespace {

constexpr uint32_t kMaxPdu = 1 << 20;

bool Has(uint32_t mask, uint32_t i) { return (mask >> i & 1) != 0; }

}  // namespace

const char* FsmEdgeName(FsmEdge edge) {
  constexpr const char* kNames[kFsmEdges] = {"offloading: expected segment",
                                             "offloading: past segment",
                                             "offloading: gap within data",
                                             "offloading: re-anchored at the next header",
                                             "offloading -> searching",
                                             "offloading -> tracking in one segment",
                                             "searching: no candidate",
                                             "searching -> tracking",
                                             "tracking: chain holds",
                                             "tracking: past segment",
                                             "tracking -> searching",
                                             "tracking: another candidate",
                                             "tracking -> offloading at a header",
                                             "tracking -> offloading by the answer",
                                             "tracking: answer noted",
                                             "answer refused"};
  return kNames[static_cast<int>(edge)];
}

ContextWorld::ContextWorld(const WorldBounds& bounds)
    : bounds_(bounds), format_(false, true, kMaxPdu) {}

WorldState ContextWorld::Initial() const {
  WorldState state;
  RxContextConfig config;
  config.format = format_;
  config.search = bounds_.search;
  config.ddp_across_data_gap = bounds_.ddp_across_data_gap;
  config.crc_en = true;
  state.context.Configure(config);
  state.context.Start(stream_.SeqOf(0), false);
  return state;
}

void ContextWorld::Actions(const WorldState& state, std::vector<WorldAction>* out) const {
  out->clear();
  const uint32_t open =
      state.next -
      static_cast<uint32_t>(__builtin_popcount(state.received & ((1u << state.next) - 1)));
  if (state.next < stream_.segments()) {
    out->push_back({WorldMove::kDeliverNext, state.next});
    if (open < bounds_.open) out->push_back({WorldMove::kSkipNext, state.next});
  }
  for (uint8_t i = 0; i < state.next; ++i) {
    const bool again = Has(state.received, i);
    if (!again || state.extra < bounds_.extra) out->push_back({WorldMove::kDeliverOld, i});
    if (i + 1 < state.next && !(again && Has(state.received, i + 1u)))
      out->push_back({WorldMove::kDeliverJoined, i});
  }
  for (size_t k = 0; k < state.answers.size(); ++k) {
    if (state.answers[k] < 0) continue;
    out->push_back({WorldMove::kAnswer, static_cast<uint8_t>(k)});
    out->push_back({WorldMove::kLoseAnswer, static_cast<uint8_t>(k)});
  }
  if (!bounds_.wrong_answers || state.extra >= bounds_.extra ||
      state.context.state() != OffloadState::kTracking)
    return;
  for (size_t i = 0; i < stream_.pdus().size(); ++i) {
    if (stream_.SeqOf(stream_.pdus()[i].begin) != state.context.hw_resync_tcp_sn())
      out->push_back({WorldMove::kWrongAnswer, static_cast<uint8_t>(i)});
  }
}

std::string ContextWorld::Apply(WorldAction action, WorldState* state) {
  const uint8_t i = action.index;
  switch (action.move) {
    case WorldMove::kDeliverNext:
      ++state->next;
      return Deliver(i, i + 1u, state);
    case WorldMove::kSkipNext:
      ++state->next;
      return "";
    case WorldMove::kDeliverOld:
      if (Has(state->received, i)) ++state->extra;
      return Deliver(i, i + 1u, state);
    case WorldMove::kDeliverJoined:
      return Deliver(i, i + 2u, state);
    case WorldMove::kAnswer: {
      const auto offset = static_cast<uint32_t>(state->answers[i]);
      state->answers[i] = -1;
      return Answer(offset, state);
    }
    case WorldMove::kLoseAnswer:
      state->answers[i] = -1;
      return "";
    case WorldMove::kWrongAnswer:
      ++state->extra;
      return Answer(stream_.pdus()[i].begin, state);
  }
  return "";
}

std::string ContextWorld::Deliver(uint32_t first, uint32_t last, WorldState* state) {
  const uint32_t begin = stream_.cut(first);
  const uint32_t end = stream_.cut(last);
  const SeqNum seq = stream_.SeqOf(begin);
  const OffloadState before = state->context.state();
  const SeqNum expected = state->context.expected();
  const SeqNum candidate = state->context.hw_resync_tcp_sn();
  state->context.OnSegment(seq, stream_.Bytes(begin, end), &verdict_);
  const OffloadState after = state->context.state();
  CountSegment(before, expected, seq, after);
  std::string broken = CheckRuns(begin, state);
  if (broken.empty()) broken = CheckRequest(begin, end);
  const bool in_order = before == OffloadState::kOffloading && seq == expected;
  if (broken.empty() && in_order && after != OffloadState::kOffloading)
    broken = "lost sync on the very segment that was expected";
  if (broken.empty() && in_order && state->context.expected() != stream_.SeqOf(end))
    broken = "the expected sequence number is not the segment's end";
  const bool found = before != OffloadState::kTracking && after == OffloadState::kTracking;
  if (broken.empty() && found && !verdict_.resync_request.has_value())
    broken = "tracks a candidate that nobody was asked about";
  if (broken.empty() && verdict_.resync_request.has_value() &&
      *verdict_.resync_request != state->context.hw_resync_tcp_sn())
    broken = "the candidate asked about is not the one remembered";
  const bool resumed = before == OffloadState::kTracking && after == OffloadState::kOffloading;
  if (broken.empty() && resumed && !stream_.IsPduStart(stream_.OffsetOf(candidate)))
    broken = "resumed after a candidate that was no header";
  if (verdict_.resync_request.has_value())
    state->request = static_cast<int16_t>(stream_.OffsetOf(*verdict_.resync_request));
  Receive(first, last, state);
  return broken.empty() ? CheckDigests(*state) : broken;
}

std::string ContextWorld::CheckRuns(uint32_t begin, WorldState* state) const {
  for (const DataRun& run : verdict_.runs) {
    const uint32_t at = begin + run.offset;
    if (at < state->placed_to) return absl::StrCat("byte ", at, " is placed twice");
    for (uint32_t i = 0; i < run.size; ++i) {
      const ExhaustiveStream::Truth& truth = stream_.truth(at + i);
      if (!truth.data || truth.ccid != run.ccid || truth.ccoff != run.ccoff + i)
        return absl::StrCat("byte ", at + i, " goes to ccid ", run.ccid, " offset ", run.ccoff + i,
                            ", which is not its place");
    }
    state->placed_to = at + run.size;
  }
  return "";
}

std::string ContextWorld::CheckRequest(uint32_t begin, uint32_t end) const {
  if (!verdict_.resync_request.has_value()) return "";
  const uint32_t offset = stream_.OffsetOf(*verdict_.resync_request);
  const bool near = offset < end && offset + PduFormat::kMaxHeader >= begin;
  if (near && format_.Match(stream_.Bytes(offset, end).data(), end - offset) == PduMatch::kYes)
    return "";
  return absl::StrCat("asks about byte ", offset, ", where no header's pattern is");
}

std::string ContextWorld::CheckDigests(const WorldState& state) const {
  for (const ExhaustiveStream::Pdu& pdu : stream_.pdus()) {
    if (pdu.digest_right) continue;
    bool accepted = true;
    for (uint32_t i = 0; i < stream_.segments(); ++i) {
      const bool overlaps = stream_.cut(i) < pdu.end && stream_.cut(i + 1) > pdu.begin + 24;
      accepted &= !overlaps || Has(state.vouched, i);
    }
    if (accepted) return absl::StrCat("the wrong digest of the PDU at ", pdu.begin, " is accepted");
  }
  return "";
}

std::string ContextWorld::Answer(uint32_t offset, WorldState* state) {
  const SeqNum seq = stream_.SeqOf(offset);
  const bool asked =
      state->context.state() == OffloadState::kTracking && state->context.hw_resync_tcp_sn() == seq;
  const bool taken = state->context.OnResyncResponse(seq);
  const bool resumed = taken && state->context.state() == OffloadState::kOffloading;
  Count(!taken ? FsmEdge::kReject : resumed ? FsmEdge::kResumeByAnswer : FsmEdge::kConfirm);
  if (taken && !asked)
    return absl::StrCat("takes an answer for byte ", offset, ", which is not its candidate");
  if (resumed && !stream_.IsPduStart(stream_.OffsetOf(state->context.expected())))
    return absl::StrCat("resumes at byte ", stream_.OffsetOf(state->context.expected()),
                        " in the middle of a PDU");
  return "";
}

uint32_t ContextWorld::InOrder(const WorldState& state) const {
  uint32_t i = 0;
  while (i < stream_.segments() && Has(state.received, i)) ++i;
  return stream_.cut(i);
}

void ContextWorld::Receive(uint32_t first, uint32_t last, WorldState* state) const {
  const uint32_t before = InOrder(*state);
  for (uint32_t i = first; i < last; ++i) {
    if (Has(state->received, i)) continue;
    state->received |= 1u << i;
    if (verdict_.ddgst_ok) state->vouched |= 1u << i;
  }
  const uint32_t after = InOrder(*state);
  for (const ExhaustiveStream::Pdu& pdu : stream_.pdus()) {
    if (pdu.begin < before || pdu.begin >= after) continue;
    if (state->request != static_cast<int16_t>(pdu.begin)) continue;
    state->request = -1;
    state->answers[1] = state->answers[0];  // an older one on its way is lost
    state->answers[0] = static_cast<int16_t>(pdu.begin);
  }
  // What lies behind can be asked for no more: never answered, so equal states are merged.
  if (state->request >= 0 && static_cast<uint32_t>(state->request) < after) state->request = -1;
}

void ContextWorld::CountSegment(OffloadState before, SeqNum expected, SeqNum seq,
                                OffloadState after) {
  const bool to_search = after == OffloadState::kSearching;
  if (before == OffloadState::kSearching) {
    Count(to_search ? FsmEdge::kSearchOn : FsmEdge::kFind);
  } else if (before == OffloadState::kTracking) {
    Count(seq < expected                        ? FsmEdge::kTrackPast
          : to_search                           ? FsmEdge::kTrackLose
          : after == OffloadState::kOffloading  ? FsmEdge::kResumeAtHeader
          : verdict_.resync_request.has_value() ? FsmEdge::kTrackLoseAndFind
                                                : FsmEdge::kTrackOn);
  } else if (after != OffloadState::kOffloading) {
    Count(to_search ? FsmEdge::kLose : FsmEdge::kLoseAndFind);
  } else {
    Count(seq < expected    ? FsmEdge::kPast
          : seq == expected ? FsmEdge::kOffload
          : verdict_.offloaded || verdict_.skipped == NotPlacedReason::kDataGap
              ? FsmEdge::kDataGap
              : FsmEdge::kReanchor);
  }
}

std::string ContextWorld::Describe(WorldAction action) const {
  const uint8_t i = action.index;
  constexpr const char* kWords[kWorldMoves] = {
      "deliver",        "lose or delay",  "deliver late or again",    "retransmit joined",
      "answer arrives", "answer is lost", "answer for another header"};
  const char* word = kWords[static_cast<int>(action.move)];
  if (action.move == WorldMove::kAnswer || action.move == WorldMove::kLoseAnswer) return word;
  if (action.move == WorldMove::kWrongAnswer)
    return absl::StrCat(word, ", byte ", stream_.pdus()[i].begin);
  const uint32_t last = action.move == WorldMove::kDeliverJoined ? i + 2u : i + 1u;
  return absl::StrCat(word, " bytes ", stream_.cut(i), "..", stream_.cut(last) - 1);
}

}  // namespace ddpsim
