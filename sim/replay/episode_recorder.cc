#include "sim/replay/episode_recorder.h"

namespace ddpsim {

const char* EpisodeRecorder::CauseOf(const RxVerdict& verdict) const {
  if (!seen_) return "the context began behind the stream";
  if (verdict.seq > highest_) return "packets with a PDU header were missing";
  if (verdict.seq < highest_) return "packets with a PDU header came too late";
  return "no PDU header where the last one's length says";
}

void EpisodeRecorder::OnVerdict(const RxVerdict& verdict, int64_t capture_ns) {
  if (!verdict.has_context || verdict.payload_size == 0) return;
  const bool lost = verdict.state != OffloadState::kOffloading;
  if (lost && !open_) {
    open_ = true;
    listed_ = episodes_.size() < kListed;
    if (listed_) {
      episodes_.emplace_back();
      episodes_.back().start_ns = capture_ns;
      episodes_.back().cause = CauseOf(verdict);
    }
  }
  if (open_ && listed_) {
    ResyncEpisode& episode = episodes_.back();
    if (verdict.resync_request.has_value()) ++episode.requests;
    for (const NotPlacedSpan& span : verdict.not_placed) {
      if (span.reason == NotPlacedReason::kSearching || span.reason == NotPlacedReason::kTracking)
        episode.bytes_lost += span.size;
    }
    if (!lost) episode.end_ns = capture_ns;
  }
  if (!lost) open_ = false;
  const SeqNum end = verdict.seq + verdict.payload_size;
  highest_ = seen_ ? SeqMax(highest_, end) : end;
  seen_ = true;
}

}  // namespace ddpsim
