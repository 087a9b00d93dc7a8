// Breaks when a file that means nothing is read as if it meant something.
#include "sim/tcp_check/trace_reader.h"

#include <catch2/catch.hpp>

#include "ddpsim/wire/tcp_segment.h"
#include "trace_case.h"

namespace ddpsim {
namespace {

// What is said about the file, "" if it is good.
std::string Complaint(const std::string& text) {
  Diagnostics diagnostics;
  ReadTrace(text, "t.json", diagnostics);
  return diagnostics.ToString();
}

}  // namespace

TEST_CASE("an error has file, line, column, pointer, and the nearest name") {
  const std::string said = Complaint(R"({"format": "tcp-trace-test/1", "events": [
  {"op": "lisen", "dt": 0}]})");
  CHECK_THAT(said, Catch::StartsWith("t.json:2:10"));
  CHECK_THAT(said, Catch::Contains("/events/0/op"));
  CHECK_THAT(said, Catch::Contains("listen"));
}

TEST_CASE("another format, no events, a broken file are errors") {
  CHECK_THAT(Complaint(R"({"format": "tcp-trace-test/2", "events": []})"),
             Catch::Contains("/format"));
  CHECK_THAT(Complaint(R"({"format": "tcp-trace-test/1"})"), Catch::Contains("\"events\""));
  CHECK_THAT(Complaint("{"), Catch::StartsWith("t.json:1:2"));
}

TEST_CASE("a second listen or connect is an error at its place, whatever lies between") {
  for (const char* op : {"listen", "connect"}) {
    const std::string second = R"({"op": ")" + std::string(op) + R"(", "dt": 0})";
    const std::string said = Complaint(TraceText(R"({"op": "close", "dt": 0},)" + second));
    CHECK_THAT(said, Catch::Contains("/events/6/op: the endpoint was opened by event 0 already; "
                                     "accepted: one listen or connect in a trace"));
  }
}

TEST_CASE("a trace that compares nothing is an error at its events") {
  const auto said = [](const std::string& events) {
    return Complaint(R"({"format": "tcp-trace-test/1", "events": [)" + events + "]}");
  };
  CHECK_THAT(said(""), Catch::StartsWith("t.json:1:42: /events: nothing in it is compared; "
                                         "accepted: at least one expect, accept,"));
  CHECK_FALSE(said(R"({"op": "listen", "dt": 0}, {"op": "wait", "dt": 5})").empty());
  CHECK_FALSE(said(R"({"op": "assert", "dt": 0, "checks": []})").empty());
  CHECK(said(R"({"op": "read", "dt": 0, "max": 1, "ret": -1})").empty());
}

TEST_CASE("an event needs exactly one of dt and at") {
  CHECK_THAT(Complaint(TraceText(R"({"op": "wait"})")), Catch::Contains("/events/5"));
  CHECK_THAT(Complaint(TraceText(R"({"op": "wait", "dt": 1, "at": 2})")),
             Catch::Contains("exactly one"));
}

TEST_CASE("ranges and any are for expects only") {
  CHECK_THAT(Complaint(TraceText(R"({"op": "wait", "dt": [1, 2]})")),
             Catch::Contains("/events/5/dt"));
  CHECK_THAT(Complaint(TraceText(R"({"op": "wait", "dt": "any"})")),
             Catch::Contains("/events/5/dt"));
}

TEST_CASE("unknown flags and operators are errors") {
  CHECK_THAT(Complaint(TraceText(R"({"op": "inject", "dt": 0, "seg":
      {"flags": ["ACKK"], "seq": 1, "len": 0, "ack": 1, "win_raw": 1, "opts": {}}})")),
             Catch::Contains("/events/5/seg/flags/0"));
  CHECK_THAT(Complaint(TraceText(R"({"op": "assert", "dt": 0, "checks":
      [{"field": "snd_cwnd", "op": "=>", "value": 1}]})")),
             Catch::Contains("unknown operator"));
}

TEST_CASE("an ACK flag without a number is an error") {
  CHECK_THAT(Complaint(TraceText(R"({"op": "inject", "dt": 0, "seg":
      {"flags": ["ACK"], "seq": 1, "len": 0, "win_raw": 1, "opts": {}}})")),
             Catch::Contains("\"ack\" is missing"));
}

TEST_CASE("unknown keys are ignored, everything known is taken") {
  Diagnostics diagnostics;
  const std::optional<Trace> trace = ReadTrace(
      TraceText(R"({"op": "expect", "at": [5, 9], "tol": 77, "note": 1, "seg": {"flags": ["ACK"],
          "seq": 1, "len": 2, "ack": 3, "win": 4, "opts": {"sack": [[5, 6]]}, "ip_ecn": "ce"}})",
                R"("class": "S", "group": "g", "mood": "fine", "segments": "exact",
                   "config": {"mtu": 9000, "cc": "reno", "sysctl": {"tcp_comp_sack_nr": 7}},)"),
      "t.json", diagnostics);
  REQUIRE(trace);
  CHECK(trace->test_class == "S");
  CHECK(trace->exact_segments);
  CHECK(trace->config.mtu == 9000);
  CHECK(trace->config.comp_sack_nr == 7);
  CHECK(trace->config.congestion_control == CongestionControlKind::kReno);
  const TraceEvent& event = trace->events.back();
  CHECK(event.time.absolute);
  CHECK(event.time.latest == 9);
  CHECK(event.tolerance_us == 77);
  CHECK(event.segment.flags == kTcpAck);
  CHECK(event.segment.win == 4);
  CHECK(event.segment.sack == std::vector<TraceSegment::Range>{{5, 6}});
  CHECK(event.segment.ip_ecn == "ce");
}

TEST_CASE("without a tolerance of its own an event gets 4 ms or an eighth of the distance") {
  Diagnostics diagnostics;
  const std::optional<Trace> trace =
      ReadTrace(TraceText(R"({"op": "wait", "dt": 8000}, {"op": "wait", "dt": 80000})"), "t.json",
                diagnostics);
  REQUIRE(trace);
  CHECK(trace->events[5].tolerance_us == 4000);
  CHECK(trace->events[6].tolerance_us == 10000);
}

TEST_CASE("the words of config that were made from sysctls win over the list") {
  Diagnostics diagnostics;
  const std::optional<Trace> trace =
      ReadTrace(TraceText("", R"("config": {"init_cwnd": 4, "rmem": [1, 5000, 6000], "ecn": 1,
          "rto_max_us": 3000000, "profile": "linux-old", "sysctl": {"tcp_rmem": [1, 7, 8]}},)"),
                "t.json", diagnostics);
  REQUIRE(trace);
  CHECK(trace->config.init_cwnd == 4);
  CHECK(trace->config.rmem_default == 5000);
  CHECK(trace->config.ecn == 1);
  CHECK(trace->config.rto_max_us == 3000000);
  CHECK(trace->config.linux_3_11);
}

}  // namespace ddpsim
