// Breaks when the runner compares segments otherwise than section 5 of the format says.
#include "sim/tcp_check/segment_match.h"

#include <catch2/catch.hpp>

#include "ddpsim/wire/tcp_segment.h"

namespace ddpsim {
namespace {

SentSegment Sent(uint32_t seq, uint32_t len, uint8_t flags = kTcpAck) {
  SentSegment sent;
  sent.segment.flags = flags;
  sent.segment.seq = seq;
  sent.segment.len = len;
  sent.segment.ack = 1;
  sent.segment.win = 1000;
  sent.segment.any_options = false;
  sent.segment.ip_ecn = "noecn";
  return sent;
}

TraceEvent Expecting(uint32_t seq, uint32_t len, uint8_t flags = kTcpAck) {
  TraceEvent event;
  event.segment = Sent(seq, len, flags).segment;
  event.segment.win.reset();
  event.segment.ip_ecn.clear();
  return event;
}

MatchResult Match(const TraceEvent& expect, const std::deque<SentSegment>& sent,
                  const Trace& trace = {}, bool strict = false) {
  return SegmentMatcher(trace, strict).Match(expect, sent, 0);
}

}  // namespace

TEST_CASE("pieces that add up match one long expect") {
  const MatchResult result = Match(Expecting(1, 3000), {Sent(1, 1000), Sent(1001, 2000)});
  CHECK(result.complete);
  CHECK(result.difference.empty());
  CHECK(result.pieces == 2);
}

TEST_CASE("pieces that are still missing leave it open") {
  CHECK_FALSE(Match(Expecting(1, 3000), {Sent(1, 1000)}).complete);
}

TEST_CASE("a gap between pieces, too much, and a pure ACK among them are mismatches of length") {
  CHECK(Match(Expecting(1, 2000), {Sent(1, 1000), Sent(1501, 1000)}).difference == "len");
  CHECK(Match(Expecting(1, 1500), {Sent(1, 1000), Sent(1001, 1000)}).difference == "len");
  CHECK(Match(Expecting(1, 1000), {Sent(1, 0), Sent(1, 1000)}).difference == "len");
}

TEST_CASE("in exact mode one segment answers one expect") {
  Trace trace;
  trace.exact_segments = true;
  CHECK(Match(Expecting(1, 2000), {Sent(1, 1000), Sent(1001, 1000)}, trace).difference == "len");
}

TEST_CASE("the first difference is reported: flags before seq before len before ack before win") {
  TraceEvent expect = Expecting(1, 100);
  expect.segment.win = 5;
  SentSegment sent = Sent(2, 200, kTcpAck | kTcpFin);
  sent.segment.ack = 9;
  CHECK(Match(expect, {sent}).difference == "flags");
  sent.segment.flags = kTcpAck;
  CHECK(Match(expect, {sent}).difference == "seq");
  sent.segment.seq = 1;
  CHECK(Match(expect, {sent}).difference == "len");
  sent.segment.len = 100;
  CHECK(Match(expect, {sent}).difference == "ack");
  sent.segment.ack = 1;
  CHECK(Match(expect, {sent}).difference == "win");
  expect.segment.win.reset();
  CHECK(Match(expect, {sent}).difference.empty());
}

TEST_CASE("PSH is compared by --strict only") {
  const SentSegment sent = Sent(1, 100, kTcpAck | kTcpPsh);
  CHECK(Match(Expecting(1, 100), {sent}).difference.empty());
  CHECK(Match(Expecting(1, 100), {sent}, {}, true).difference == "flags");
}

TEST_CASE("the SACK list must agree in order and number") {
  TraceEvent expect = Expecting(1, 0);
  expect.segment.sack = {{11, 21}, {31, 41}};
  SentSegment sent = Sent(1, 0);
  sent.segment.sack = {{31, 41}, {11, 21}};
  CHECK(Match(expect, {sent}).difference == "sack");
  sent.segment.sack = expect.segment.sack;
  CHECK(Match(expect, {sent}).difference.empty());
}

TEST_CASE("options not listed must be absent, unless any are allowed") {
  TraceEvent expect = Expecting(1, 0);
  SentSegment sent = Sent(1, 0);
  sent.segment.ts = TraceSegment::Timestamps{5, 6};
  CHECK(Match(expect, {sent}).difference == "ts");
  expect.segment.any_options = true;
  CHECK(Match(expect, {sent}).difference.empty());
}

TEST_CASE("the ECN field is compared if the expect names one") {
  TraceEvent expect = Expecting(1, 100);
  expect.segment.ip_ecn = "ect0";
  CHECK(Match(expect, {Sent(1, 100)}).difference == "ip_ecn");
}

TEST_CASE("echoes are mapped through the timestamps seen, else by the offset") {
  Trace trace;
  SegmentMatcher matcher(trace, false);
  TraceSegment script;
  script.ts = TraceSegment::Timestamps{100, 0};
  TraceSegment actual;
  actual.ts = TraceSegment::Timestamps{5000, 0};
  matcher.NoteMatched(script, actual);
  script.ts->val = 200;
  actual.ts->val = 5107;
  matcher.NoteMatched(script, actual);
  TraceSegment injected;
  injected.flags = kTcpAck;
  injected.ts = TraceSegment::Timestamps{1, 200};
  CHECK(matcher.ActualEcr(injected) == 5107);
  injected.ts->ecr = 150;
  CHECK(matcher.ActualEcr(injected) == 5050);
  injected.flags = kTcpSyn;
  injected.ts->ecr = 0;
  CHECK(matcher.ActualEcr(injected) == 0);
}

TEST_CASE("timestamp values are compared, within a tolerance, only if the file asks") {
  Trace trace;
  trace.check_ts_val = true;
  SegmentMatcher matcher(trace, false);
  TraceEvent expect = Expecting(1, 0);
  expect.segment.ts = TraceSegment::Timestamps{100, 0};
  SentSegment sent = Sent(1, 0);
  sent.segment.ts = TraceSegment::Timestamps{5000, 0};
  matcher.NoteMatched(expect.segment, sent.segment);
  expect.segment.ts->val = 200;
  sent.segment.ts->val = 5103;
  CHECK(matcher.Match(expect, {sent}, 0).difference.empty());
  sent.segment.ts->val = 5120;
  CHECK(matcher.Match(expect, {sent}, 0).difference == "ts val");
}

}  // namespace ddpsim
