#include "sim/tcp_check/segment_match.h"

#include <algorithm>
#include <cstdlib>

#include "ddpsim/wire/tcp_segment.h"

namespace ddpsim {
namespace {

// A reset for no connection takes its number from the segment it answers: it may be absolute.
bool SeqFits(const TraceSegment& expected, const SentSegment& sent) {
  if (expected.seq == sent.segment.seq) return true;
  return (expected.flags & kTcpRst) != 0 && expected.seq == sent.absolute_seq;
}

bool Continues(const SentSegment& before, const SentSegment& piece) {
  constexpr uint8_t kOnLastOnly = kTcpPsh | kTcpFin;
  return piece.segment.seq == before.segment.seq + before.segment.len &&
         piece.segment.ack == before.segment.ack &&
         ((piece.segment.flags ^ before.segment.flags) & ~kOnLastOnly) == 0;
}

}  // namespace

bool PushDiffers(const TraceSegment& a, const TraceSegment& b) {
  return ((a.flags ^ b.flags) & kTcpPsh) != 0;
}

MatchResult SegmentMatcher::Match(const TraceEvent& expect, const std::deque<SentSegment>& sent,
                                  size_t first) const {
  MatchResult result;
  const uint32_t wanted = expect.segment.len;
  uint32_t length = 0;
  while (true) {
    const size_t at = first + result.pieces;
    if (at >= sent.size()) return result;
    const uint32_t size = sent[at].segment.len;
    const bool last = trace_.exact_segments || length + size >= wanted;
    if (result.pieces == 0) {
      result.difference = Compare(expect, sent[at], last);
    } else if (!Continues(sent[at - 1], sent[at])) {
      result.difference = "len";
    } else if (last && ((expect.segment.flags ^ sent[at].segment.flags) & kTcpFin) != 0) {
      result.difference = "flags";
    }
    // A pure ACK is no part of a super-segment.
    if (result.difference.empty() && size == 0 && wanted != 0) result.difference = "len";
    length += size;
    ++result.pieces;
    if (result.difference.empty() && last && length != wanted) result.difference = "len";
    if (result.difference.empty() && !last) continue;
    result.complete = true;
    return result;
  }
}

std::string SegmentMatcher::Compare(const TraceEvent& expect, const SentSegment& sent,
                                    bool last) const {
  const TraceSegment& want = expect.segment;
  const TraceSegment& got = sent.segment;
  uint8_t ignored = strict_ && last ? 0 : kTcpPsh;
  if (!last) ignored |= kTcpFin;
  if (((want.flags ^ got.flags) & ~ignored) != 0) return "flags";
  if (!SeqFits(want, sent)) return "seq";
  if (got.len > want.len || (last && got.len != want.len)) return "len";
  if (want.ack && got.ack != want.ack) return "ack";
  if (want.win && got.win != want.win) return "win";
  if (!want.any_options) {
    std::string difference = CompareOptions(expect, got);
    if (!difference.empty()) return difference;
  }
  if (!want.ip_ecn.empty() && got.ip_ecn != want.ip_ecn) return "ip_ecn";
  return "";
}

std::string SegmentMatcher::CompareOptions(const TraceEvent& expect,
                                           const TraceSegment& got) const {
  const TraceSegment& want = expect.segment;
  if (want.mss != got.mss) return "mss";
  if (want.wscale != got.wscale) return "wscale";
  if (want.sack_ok != got.sack_ok) return "sack_ok";
  if (want.sack != got.sack) return "sack";
  if (want.ts.has_value() != got.ts.has_value()) return "ts";
  if (!want.ts) return "";
  if (want.ts->ecr != got.ts->ecr) return "ts ecr";
  return TsValFits(expect, got.ts->val) ? "" : "ts val";
}

bool SegmentMatcher::TsValFits(const TraceEvent& expect, uint32_t actual) const {
  if (!trace_.check_ts_val || !have_offset_) return true;
  const int64_t want =
      static_cast<int32_t>(expect.segment.ts->val - first_script_) * trace_.ts_tick_us;
  const int64_t got = int64_t{static_cast<int32_t>(actual - first_actual_)} * 1000;
  const int64_t allowed =
      std::max({expect.tolerance_us, expect.nominal_us / 8, trace_.ts_tick_us, int64_t{1000}});
  return std::abs(want - got) <= allowed;
}

void SegmentMatcher::NoteMatched(const TraceSegment& expected, const TraceSegment& actual) {
  if (!expected.ts || !actual.ts) return;
  if (!have_offset_) {
    have_offset_ = true;
    first_script_ = expected.ts->val;
    first_actual_ = actual.ts->val;
    offset_ = first_actual_ - first_script_;
  }
  actual_by_script_[expected.ts->val] = actual.ts->val;
}

uint32_t SegmentMatcher::ActualEcr(const TraceSegment& injected) const {
  if (!injected.ts) return 0;
  const uint32_t ecr = injected.ts->ecr;
  if (ecr == 0 && (injected.flags & kTcpSyn) != 0) return 0;
  const auto found = actual_by_script_.find(ecr);
  if (trace_.exact_ecr && found != actual_by_script_.end()) return found->second;
  return ecr + offset_;
}

TraceSegment SegmentMatcher::ToScript(TraceSegment segment) const {
  if (segment.ts) segment.ts->val -= offset_;
  return segment;
}

}  // namespace ddpsim
