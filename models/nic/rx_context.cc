#include "models/nic/rx_context.h"

#include <algorithm>

#include "ddpsim/base/mutant.h"

namespace ddpsim {

void RxContext::Start(SeqNum next_pdu, bool searching) {
  const RxContextConfig config = config_;
  *this = RxContext();
  config_ = config;
  started_ = true;
  if (searching) return;
  state_ = OffloadState::kOffloading;
  expected_ = next_pdu;
}

void RxContext::OnSegment(SeqNum seq, ByteSpan payload, DdpVerdict* verdict) {
  verdict->Clear();
  if (!started_) {
    verdict->skipped = NotPlacedReason::kNotOffloadedQueue;
    return;
  }
  if (state_ == OffloadState::kSearching) {
    verdict->skipped = NotPlacedReason::kSearching;
    if (horizon_ && seq < expected_ && !DDPSIM_MUTANT(kFsmSearchesBehind)) return;
    Search(seq, payload, 0, verdict);
    horizon_ = true;
    expected_ = seq + static_cast<uint32_t>(payload.size());
    return;
  }
  const bool tracking = state_ == OffloadState::kTracking;
  verdict->skipped = tracking ? NotPlacedReason::kTracking : NotPlacedReason::kRetransmission;
  const int32_t ahead = seq - expected_;
  if (DDPSIM_MUTANT(kCrcBitNotOffloaded)) verdict->ddgst_ok = config_.crc_en;
  const bool overlaps = ahead < 0 && ahead + static_cast<int32_t>(payload.size()) > 0;
  if (DDPSIM_MUTANT(kFsmOverlapTaken) && !tracking && overlaps)
    return Offload(seq, payload, verdict);
  if (config_.skips_seen_bytes) {
    if (overlaps) return Follow(seq, payload, static_cast<uint32_t>(-ahead), verdict);
    if (ahead == 0 && beyond_.has_value() &&
        seq + static_cast<uint32_t>(payload.size()) > *beyond_) {
      verdict->skipped = NotPlacedReason::kDataGap;
      return;  // waits for the next header
    }
  }
  if (ahead < 0 && !DDPSIM_MUTANT(kFsmRetransmissionTaken))
    return;  // also when it only overlaps: ASPLOS'21 Fig. 8a leaves the context alone
  if (ahead > 0) return OnGap(seq, payload, verdict);
  if (tracking) return Follow(seq, payload, 0, verdict);
  Offload(seq, payload, verdict);
}

void RxContext::Offload(SeqNum seq, ByteSpan payload, DdpVerdict* verdict) {
  verdict->offloaded = true;
  verdict->ddgst_ok = config_.crc_en && config_.format.data_digest();
  for (uint32_t at = 0; at < payload.size();) {
    const PduRun run = tracker_.Next(payload.subspan(at), config_.format);
    if (run.bad) return LoseSync(seq, payload, run.pdu_offset == 0 ? at + 1 : at, verdict);
    if (run.part == PduRun::Part::kData) {
      const PduLayout& pdu = tracker_.layout();
      verdict->runs.push_back(
          {pdu.ccid, uint64_t{pdu.data_offset} + (run.pdu_offset - pdu.data_at), at, run.size});
    }
    if (config_.crc_en) FoldCrc(run, payload.subspan(at, run.size), verdict);
    at += run.size;
  }
  expected_ = seq + static_cast<uint32_t>(payload.size());
}

void RxContext::FoldCrc(const PduRun& run, ByteSpan bytes, DdpVerdict* verdict) {
  if (run.part == PduRun::Part::kHeader) {
    if (run.header_complete && (crc_.covered() || !DDPSIM_MUTANT(kCrcLostForGood))) crc_.StartPdu();
  } else if (run.part == PduRun::Part::kData) {
    crc_.OnData(bytes);
    if (!crc_.covered()) verdict->ddgst_ok = false;
  } else if (run.part == PduRun::Part::kDigest) {
    const DigestCheck result = crc_.OnDigest(bytes);
    verdict->digests_right += result == DigestCheck::kRight;
    verdict->digests_wrong += result == DigestCheck::kWrong;
    const bool wrong = result == DigestCheck::kWrong && !DDPSIM_MUTANT(kCrcWrongDigestOk);
    if (wrong || result == DigestCheck::kUnknown) {
      verdict->ddgst_ok = false;
    }
  }
}

// M is the next PDU's first byte; a packet lies before it, holds it, or lies beyond (ASPLOS'21 Fig.
// 8).
void RxContext::OnGap(SeqNum seq, ByteSpan payload, DdpVerdict* verdict) {
  const uint32_t ahead = static_cast<uint32_t>(seq - expected_);
  const bool offloading = state_ == OffloadState::kOffloading;
  if (!tracker_.length_known() ||
      (ahead > tracker_.remaining() && !DDPSIM_MUTANT(kFsmLostHeaderUnseen))) {
    return LoseSync(seq, payload, 0, verdict);
  }
  const uint32_t to_next = tracker_.remaining();
  if (ahead + payload.size() <= to_next) {
    if (offloading && config_.ddp_across_data_gap && tracker_.header_known()) {
      if (!DDPSIM_MUTANT(kFsmGapNotSkipped)) tracker_.Skip(ahead);
      crc_.Break();
      return Offload(seq, payload, verdict);
    }
    if (!offloading) return;  // nothing is placed before the next header
    verdict->skipped = NotPlacedReason::kDataGap;
    if (config_.skips_seen_bytes) beyond_ = SeqMin(beyond_.value_or(seq), seq);
    return;
  }
  if (offloading) verdict->skipped = NotPlacedReason::kReanchor;
  tracker_.StartPdu();
  Follow(seq, payload, to_next - ahead, verdict);
}

void RxContext::Follow(SeqNum seq, ByteSpan payload, uint32_t from, DdpVerdict* verdict) {
  bool boundary = false;
  for (uint32_t at = from; at < payload.size();) {
    boundary |= tracker_.at_boundary();
    const PduRun run = tracker_.Next(payload.subspan(at), config_.format);
    if (run.bad) return LoseSync(seq, payload, run.pdu_offset == 0 ? at + 1 : at, verdict);
    at += run.size;
  }
  if (DDPSIM_MUTANT(kFsmResumesLate)) boundary = false;
  boundary |= tracker_.at_boundary();
  beyond_.reset();
  if (!DDPSIM_MUTANT(kFsmExpectedStale)) expected_ = seq + static_cast<uint32_t>(payload.size());
  if (state_ == OffloadState::kOffloading) {
    AlignCrc();
  } else if ((confirmed_ || DDPSIM_MUTANT(kFsmResumesUnanswered)) && boundary) {
    ResumeOffloading();
  }
}

void RxContext::LoseSync(SeqNum seq, ByteSpan payload, uint32_t first, DdpVerdict* verdict) {
  state_ = OffloadState::kSearching;
  if (!DDPSIM_MUTANT(kFsmKeepsConfirmation)) confirmed_ = false;
  horizon_ = true;
  beyond_.reset();
  expected_ = seq + static_cast<uint32_t>(payload.size());
  hw_resync_tcp_sn_ = SeqNum();
  tracker_.StartPdu();
  crc_.StartPdu();
  verdict->Clear();
  verdict->lost_sync = true;
  verdict->skipped = NotPlacedReason::kSearching;
  if (!DDPSIM_MUTANT(kFsmSearchesLate)) Search(seq, payload, first, verdict);
}

void RxContext::Search(SeqNum seq, ByteSpan payload, uint32_t first, DdpVerdict* verdict) {
  for (uint32_t from = first;;) {
    const std::optional<int32_t> match =
        searcher_.Search(seq, payload, from, config_.search, config_.format);
    if (!match.has_value()) return;
    const bool holds = FollowCandidate(payload, *match);
    searcher_.Reset();
    if (holds) {
      state_ = OffloadState::kTracking;
      const bool late = DDPSIM_MUTANT(kSearchHeldPosition) && *match < 0;
      const SeqNum candidate = seq + (late ? 0 : static_cast<uint32_t>(*match));
      if (!DDPSIM_MUTANT(kFsmCandidateNotLatched)) hw_resync_tcp_sn_ = candidate;
      expected_ = seq + static_cast<uint32_t>(payload.size());
      if (!DDPSIM_MUTANT(kFsmRequestNotReported)) verdict->resync_request = candidate;
      return;
    }
    tracker_.StartPdu();
    from = static_cast<uint32_t>(std::max(*match + 1, 0));
  }
}

bool RxContext::FollowCandidate(ByteSpan payload, int32_t header_at) {
  tracker_.StartPdu();
  // What was held of an earlier packet is part of one header.
  if (header_at < 0) tracker_.Next(searcher_.Held(header_at), config_.format);
  for (uint32_t at = static_cast<uint32_t>(std::max(header_at, 0)); at < payload.size();) {
    const PduRun run = tracker_.Next(payload.subspan(at), config_.format);
    if (run.bad) return false;
    at += run.size;
  }
  return true;
}

bool RxContext::OnResyncResponse(SeqNum seq) {
  if (state_ != OffloadState::kTracking || confirmed_) return false;
  if (seq != hw_resync_tcp_sn_ && !DDPSIM_MUTANT(kFsmStaleAnswerTaken)) return false;
  confirmed_ = true;
  if (tracker_.at_boundary() || DDPSIM_MUTANT(kFsmResumesMidPdu)) ResumeOffloading();
  return true;
}

void RxContext::ResumeOffloading() {
  state_ = OffloadState::kOffloading;
  horizon_ = false;
  if (!DDPSIM_MUTANT(kFsmKeepsConfirmation)) confirmed_ = false;
  hw_resync_tcp_sn_ = SeqNum();
  AlignCrc();
}

void RxContext::AlignCrc() {
  const bool data_passed =
      tracker_.header_known() && tracker_.position() > tracker_.layout().data_at;
  if (data_passed) {
    crc_.Break();
  } else {
    crc_.StartPdu();
  }
}

}  // namespace ddpsim
