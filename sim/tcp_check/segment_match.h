// Does a sent segment answer an expect? The first difference in the format's order: flags, seq,
// len, ack, win, options, ip_ecn. Keeps the map between the script's timestamp values and the
// endpoint's.
#ifndef DDPSIM_SIM_TCP_CHECK_SEGMENT_MATCH_H_
#define DDPSIM_SIM_TCP_CHECK_SEGMENT_MATCH_H_

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "sim/tcp_check/trace.h"
#include "sim/tcp_check/trace_endpoint.h"

namespace ddpsim {

// How far the segments at the head of the queue answer an expect.
struct MatchResult {
  std::string difference;  // "": none so far
  size_t pieces = 0;       // segments that the expect takes
  bool complete = false;   // false: more has to be sent before it can be told
};

class SegmentMatcher {
 public:
  SegmentMatcher(const Trace& trace, bool strict) : trace_(trace), strict_(strict) {}

  MatchResult Match(const TraceEvent& expect, const std::deque<SentSegment>& sent,
                    size_t first) const;
  // The expect has been met by this segment: its timestamp is known now.
  void NoteMatched(const TraceSegment& expected, const TraceSegment& actual);
  // The value to send for an injected echo.
  uint32_t ActualEcr(const TraceSegment& injected) const;
  // A sent segment in the script's numbers.
  TraceSegment ToScript(TraceSegment segment) const;

 private:
  std::string Compare(const TraceEvent& expect, const SentSegment& sent, bool last) const;
  std::string CompareOptions(const TraceEvent& expect, const TraceSegment& actual) const;
  bool TsValFits(const TraceEvent& expect, uint32_t actual) const;

  const Trace& trace_;
  bool strict_;
  bool have_offset_ = false;
  uint32_t offset_ = 0;  // actual - script
  uint32_t first_script_ = 0;
  uint32_t first_actual_ = 0;
  std::map<uint32_t, uint32_t> actual_by_script_;
};

// True if only one of them has PSH.
bool PushDiffers(const TraceSegment& a, const TraceSegment& b);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_SEGMENT_MATCH_H_
