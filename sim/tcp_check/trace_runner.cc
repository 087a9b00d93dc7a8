#include "sim/tcp_check/trace_runner.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "absl/strings/str_cat.h"
#include "sim/tcp_check/segment_match.h"
#include "sim/tcp_check/segment_text.h"
#include "sim/tcp_check/skip_rules.h"
#include "sim/tcp_check/state_check.h"
#include "sim/tcp_check/trace_endpoint.h"

namespace ddpsim {
namespace {

constexpr int64_t kTimeoutUs = 2'000'000;
constexpr int64_t kAnyTimeoutUs = 8'000'000;
constexpr size_t kResyncReach = 3;

class Runner {
 public:
  Runner(const Trace& trace, const TraceRunOptions& options)
      : trace_(trace),
        options_(options),
        endpoint_(trace.config),
        matcher_(trace, options.strict) {}

  TraceResult Run() {
    result_.expects = static_cast<size_t>(
        std::count_if(trace_.events.begin(), trace_.events.end(),
                      [](const TraceEvent& e) { return e.op == TraceOp::kExpect; }));
    for (at_ = 0; at_ < trace_.events.size(); ++at_) {
      const TraceEvent& event = trace_.events[at_];
      if (event.op != TraceOp::kExpect) {
        Act(event);
      } else if (dropped_.count(at_) == 0) {
        Expect(event);
      }
      if (result_.mismatches != 0 && !options_.resync) break;
    }
    Judge();
    return std::move(result_);
  }

 private:
  void Judge() {
    result_.verdict = result_.mismatches == 0 ? TraceVerdict::kPass : TraceVerdict::kFail;
    // Only state checks, and the model knows none of them: that is no pass.
    if (result_.mismatches != 0 || result_.expects + result_.checks + calls_ != 0) return;
    result_.verdict = TraceVerdict::kSkip;
    result_.reason = "has only state checks that the model has no field for";
  }

  void Fail(const TraceEvent& event, const std::string& field, const std::string& expected,
            const std::string& actual) {
    ++result_.mismatches;
    if (result_.first_mismatch) return;
    result_.first_mismatch =
        TraceMismatch{at_, event.line, event.nominal_us, field, expected, actual, previous_};
  }

  void FailReturn(const TraceEvent& event, const char* call, int64_t want, int64_t got) {
    const std::string at = MillisecondsText(endpoint_.now());
    Fail(event, absl::StrCat(call, " ret"), absl::StrCat(at, "  ", call, "() = ", want),
         absl::StrCat(at, "  ", call, "() = ", got));
  }

  void Act(const TraceEvent& event) {
    const int64_t due = event.time.earliest + (event.time.absolute ? 0 : base_);
    endpoint_.Advance(due);
    base_ = due;
    CheckBlockedWrite(due);
    switch (event.op) {
      case TraceOp::kListen:
        endpoint_.Listen();
        break;
      case TraceOp::kConnect:
        endpoint_.Connect();
        break;
      case TraceOp::kAccept:
        ++calls_;
        if (!endpoint_.Accepted()) FailReturn(event, "accept", 0, -1);
        endpoint_.Accept();
        break;
      case TraceOp::kInject:
        endpoint_.Inject(event.segment, event.gso_size, matcher_.ActualEcr(event.segment));
        break;
      case TraceOp::kWrite:
        Write(event);
        break;
      case TraceOp::kRead:
        Read(event);
        break;
      case TraceOp::kAssert:
        Assert(event);
        break;
      default:
        ActOnSocket(event);
        break;
    }
  }

  void ActOnSocket(const TraceEvent& event) {
    if (event.op == TraceOp::kClose) endpoint_.Close();
    if (event.op == TraceOp::kShutdown) endpoint_.Shutdown(event.shut_read, event.shut_write);
    for (const TraceSetting& setting : event.settings) {
      if (event.op == TraceOp::kSetopt) endpoint_.SetOption(setting);
      if (event.op == TraceOp::kConfig) endpoint_.SetSysctl(setting);
    }
  }

  void Write(const TraceEvent& event) {
    ++calls_;
    const int64_t got =
        endpoint_.Write(event.length, WriteFlags{event.more, event.eor}, event.blocking);
    if (got != event.result) FailReturn(event, "write", event.result, got);
    if (!event.blocking) return;
    blocked_event_ = &event;
    blocked_until_ = endpoint_.now() + event.done_us + event.tolerance_us;
  }

  // A blocking write must have ended by its time.
  void CheckBlockedWrite(int64_t now) {
    if (blocked_event_ == nullptr || now <= blocked_until_) return;
    const TraceEvent& event = *std::exchange(blocked_event_, nullptr);
    if (endpoint_.blocked() != 0)
      FailReturn(event, "write", event.result, event.result - endpoint_.blocked());
  }

  void Read(const TraceEvent& event) {
    ++calls_;
    const int64_t got = endpoint_.Read(event.length, event.peek);
    if (got != event.result) FailReturn(event, "read", event.result, got);
    if (!event.unread_after) return;
    const int64_t unread = endpoint_.InqHint();
    if (unread != *event.unread_after) FailReturn(event, "inq", *event.unread_after, unread);
  }

  void Assert(const TraceEvent& event) {
    result_.checks_skipped += event.not_converted;
    for (const TraceCheck& check : event.checks) {
      const StateCheckResult state = CheckState(check, endpoint_.state());
      if (!state.known) {
        ++result_.checks_skipped;
        continue;
      }
      ++result_.checks;
      if (state.holds) continue;
      const std::string at = MillisecondsText(endpoint_.now());
      Fail(event, check.field,
           absl::StrCat(at, "  ", check.field, " ", check.op, " ",
                        check.number ? std::to_string(*check.number) : check.text),
           absl::StrCat(at, "  ", check.field, " ", state.actual));
      if (!options_.resync) return;
    }
  }

  struct Window {
    int64_t earliest;
    int64_t latest;
    int64_t limit;  // no waiting beyond
  };

  Window WindowOf(const TraceEvent& event) const {
    if (event.time.any) return {0, INT64_MAX, base_ + kAnyTimeoutUs};
    const int64_t origin = event.time.absolute ? 0 : base_;
    Window window{origin + event.time.earliest, origin + event.time.latest, 0};
    window.limit = window.latest + kTimeoutUs;
    if (options_.resync) {
      const int64_t patience =
          std::max(NextActionUs(event, window.latest), window.latest + event.tolerance_us);
      window.limit = std::min(window.limit, patience);
    }
    return window;
  }

  // With resync a missing segment must not make the peer and the application late.
  int64_t NextActionUs(const TraceEvent& event, int64_t latest) const {
    for (size_t i = at_ + 1; i < trace_.events.size(); ++i) {
      const TraceEvent& next = trace_.events[i];
      if (next.op == TraceOp::kExpect) continue;
      return latest + std::max(next.nominal_us - event.nominal_us, int64_t{0});
    }
    return INT64_MAX;
  }

  void Expect(const TraceEvent& event) {
    const Window window = WindowOf(event);
    MatchResult match = matcher_.Match(event, endpoint_.sent, 0);
    while (!match.complete) {
      const size_t before = endpoint_.sent.size();
      endpoint_.Advance(window.limit, before + 1);
      if (endpoint_.sent.size() == before) break;
      match = matcher_.Match(event, endpoint_.sent, 0);
    }
    if (match.complete && match.difference.empty()) {
      Take(event, window, match.pieces);
    } else {
      Miss(event, window, match);
    }
  }

  std::string ExpectedText(const TraceEvent& event, const Window& window) const {
    const std::string when = event.time.any ? "any time"
                             : window.earliest == window.latest
                                 ? MillisecondsText(window.earliest)
                                 : absl::StrCat(MillisecondsText(window.earliest), " .. ",
                                                MillisecondsText(window.latest));
    return absl::StrCat(when, "  ", ToString(event.segment));
  }

  std::string ActualText(const SentSegment& sent) const {
    return absl::StrCat(MillisecondsText(sent.us), "  ", ToString(matcher_.ToScript(sent.segment)));
  }

  void Take(const TraceEvent& event, const Window& window, size_t pieces) {
    const SentSegment& last = endpoint_.sent[pieces - 1];
    const int64_t us = last.us;
    if (PushDiffers(event.segment, last.segment)) ++result_.soft_psh;
    matcher_.NoteMatched(event.segment, endpoint_.sent.front().segment);
    result_.segments += pieces;
    int64_t error = 0;
    if (!event.time.any) {
      error =
          us < window.earliest ? us - window.earliest : std::max<int64_t>(us - window.latest, 0);
      result_.time_errors_us.push_back(error);
    }
    if (std::abs(error) > event.tolerance_us) {
      Fail(event, "time", ExpectedText(event, window), ActualText(last));
    } else {
      ++result_.matched;
      previous_ = absl::StrCat(MillisecondsText(us), "  matched event ", at_);
    }
    base_ = std::max(base_, us);
    endpoint_.sent.erase(endpoint_.sent.begin(),
                         endpoint_.sent.begin() + static_cast<std::ptrdiff_t>(pieces));
  }

  void Miss(const TraceEvent& event, const Window& window, const MatchResult& match) {
    if (!match.complete) {
      Fail(event, "timeout", ExpectedText(event, window),
           absl::StrCat("nothing", match.pieces != 0 ? " more" : "", " until ",
                        MillisecondsText(endpoint_.now())));
    } else {
      Fail(event, match.difference, ExpectedText(event, window),
           ActualText(endpoint_.sent[match.pieces - 1]));
    }
    if (options_.resync) Resync(event, window);
  }

  // Finds where script and endpoint meet again: the segment answers one of the next expects, or one
  // of the next segments answers this expect; else both are dropped.
  void Resync(const TraceEvent& event, const Window& window) {
    if (!event.time.any) base_ = std::max(base_, window.earliest);
    if (endpoint_.sent.empty()) return;
    std::vector<size_t> skipped;
    for (size_t i = at_ + 1; i < trace_.events.size() && skipped.size() < kResyncReach; ++i) {
      if (trace_.events[i].op != TraceOp::kExpect) continue;
      const MatchResult match = matcher_.Match(trace_.events[i], endpoint_.sent, 0);
      if (match.complete && match.difference.empty()) {
        dropped_.insert(skipped.begin(), skipped.end());
        return;
      }
      skipped.push_back(i);
    }
    size_t taken = 1;
    for (size_t first = 1; first <= kResyncReach && first < endpoint_.sent.size(); ++first) {
      const MatchResult match = matcher_.Match(event, endpoint_.sent, first);
      if (!match.complete || !match.difference.empty()) continue;
      taken = first + match.pieces;
      break;
    }
    endpoint_.sent.erase(endpoint_.sent.begin(),
                         endpoint_.sent.begin() + static_cast<std::ptrdiff_t>(taken));
  }

  const Trace& trace_;
  TraceRunOptions options_;
  TraceEndpoint endpoint_;
  SegmentMatcher matcher_;
  TraceResult result_;
  size_t at_ = 0;
  size_t calls_ = 0;  // whose return values were compared
  int64_t base_ = 0;
  std::string previous_ = "none";
  std::set<size_t> dropped_;
  const TraceEvent* blocked_event_ = nullptr;
  int64_t blocked_until_ = 0;
};

}  // namespace

int64_t LargestTimeError(const TraceResult& result) {
  int64_t largest = 0;
  for (int64_t error : result.time_errors_us) {
    if (std::abs(error) > std::abs(largest)) largest = error;
  }
  return largest;
}

TraceResult RunTrace(const Trace& trace, const TraceRunOptions& options) {
  TraceResult result;
  const std::string reason = WhySkipped(trace);
  if (reason.empty()) {
    result = Runner(trace, options).Run();
  } else {
    result.verdict = TraceVerdict::kSkip;
    result.reason = reason;
  }
  result.name = trace.name;
  result.test_class = trace.test_class;
  result.group = trace.group;
  return result;
}

}  // namespace ddpsim
