// Breaks when the runner's verdicts, scores or waits are not those of sections 3, 6 and 7 of the
// format.
#include "sim/tcp_check/trace_runner.h"

#include <catch2/catch.hpp>

#include "trace_case.h"

namespace ddpsim {
namespace {

std::string Data(int seq, int len, int dt = 1000) {
  return R"({"op": "inject", "dt": )" + std::to_string(dt) +
         R"(, "seg": {"flags": ["ACK"], "seq": )" + std::to_string(seq) + R"(, "len": )" +
         std::to_string(len) + R"(, "ack": 1, "win_raw": 65535, "opts": {}}})";
}

std::string Ack(int ack, const std::string& dt = "0") {
  return R"({"op": "expect", "dt": )" + dt +
         R"(, "seg": {"flags": ["ACK"], "seq": 1, "len": 0, "ack": )" + std::to_string(ack) +
         R"(, "win": "any", "opts": {}}})";
}

}  // namespace

TEST_CASE("a trace that is answered as written passes") {
  const TraceResult result = RunEvents(Data(1, 1000) + "," + Ack(1001));
  CHECK(result.verdict == TraceVerdict::kPass);
  CHECK(result.expects == 2);
  CHECK(result.matched == 2);
}

TEST_CASE(
    "a trace of nothing but state checks without a field in the model is skipped, not passed") {
  const auto verdict = [](const std::string& field, const std::string& more) {
    return RunTraceText(R"({"format": "tcp-trace-test/1", "events": [{"op": "assert", "dt": 0,
        "checks": [{"field": ")" +
                        field + R"(", "value": 0}]})" + more + "]}")
        .verdict;
  };
  CHECK(verdict("moon", "") == TraceVerdict::kSkip);
  CHECK(verdict("unacked", "") == TraceVerdict::kPass);
  CHECK(verdict("moon", R"(, {"op": "read", "dt": 0, "max": 1, "ret": -1})") ==
        TraceVerdict::kPass);
}

TEST_CASE("the first mismatch is told with event, line, field, both segments and the last match") {
  const TraceResult result = RunEvents(Data(1, 1000) + ",\n" + Ack(1000));
  REQUIRE(result.verdict == TraceVerdict::kFail);
  REQUIRE(result.first_mismatch);
  CHECK(result.first_mismatch->event == 6);
  CHECK(result.first_mismatch->field == "ack");
  CHECK_THAT(result.first_mismatch->expected, Catch::StartsWith("11.000 ms  ACK 1:1(0) ack 1000"));
  CHECK_THAT(result.first_mismatch->actual, Catch::StartsWith("11.000 ms  ACK 1:1(0) ack 1001"));
  CHECK(result.first_mismatch->previous == "0.000 ms  matched event 2");
}

TEST_CASE("a segment that never comes is a timeout, two seconds after its time") {
  const TraceResult result = RunEvents(Ack(1));
  REQUIRE(result.first_mismatch);
  CHECK(result.first_mismatch->field == "timeout");
  CHECK_THAT(result.first_mismatch->actual, Catch::Contains("2010.000 ms"));
}

TEST_CASE("any time is eight seconds") {
  const TraceResult result = RunEvents(Ack(1, "\"any\""));
  REQUIRE(result.first_mismatch);
  CHECK_THAT(result.first_mismatch->actual, Catch::Contains("8010.000 ms"));
}

TEST_CASE("a segment at another time than allowed fails") {
  const TraceResult result = RunEvents(Data(1, 1000) + "," + Ack(1001, "20000"));
  REQUIRE(result.first_mismatch);
  CHECK(result.first_mismatch->field == "time");
}

TEST_CASE("segments left at the end are no failure, segments not listed before are") {
  CHECK(RunEvents(Data(1, 1000)).verdict == TraceVerdict::kPass);
  CHECK(RunEvents(Data(1, 1000) + "," + Data(1001, 1000) + "," + Ack(2001)).verdict ==
        TraceVerdict::kFail);
}

TEST_CASE("resync drops an expect that nothing answers and goes on") {
  TraceRunOptions resync;
  resync.resync = true;
  const TraceResult result = RunEvents(
      Data(1, 1000) + "," + Ack(500) + "," + Ack(1001) + "," + Data(1001, 1000) + "," + Ack(2001),
      resync);
  CHECK(result.verdict == TraceVerdict::kFail);
  CHECK(result.mismatches == 1);
  CHECK(result.expects == 4);
  CHECK(result.matched == 3);
}

TEST_CASE("resync waits as long as the tolerance allows, whatever comes next") {
  TraceRunOptions resync;
  resync.resync = true;
  // Interactive after the answer: the ACK comes with the delayed-ACK timer, some ticks late.
  const std::string answer = R"({"op": "write", "dt": 0, "len": 10, "ret": 10},
      {"op": "expect", "dt": 0, "seg": {"flags": ["ACK"], "seq": 1, "len": 10, "ack": 101,
                                        "win": "any", "opts": {}}},)";
  const std::string late = R"({"op": "expect", "dt": 40000, "seg": {"flags": ["ACK"], "seq": 11,
      "len": 0, "ack": 201, "win": "any", "opts": {}}}, {"op": "wait", "dt": 0})";
  const std::string text =
      Data(1, 100) + "," + Ack(101) + "," + answer + Data(101, 100, 10000) + "," + late;
  CHECK(RunEvents(text).verdict == TraceVerdict::kPass);
  CHECK(RunEvents(text, resync).verdict == TraceVerdict::kPass);
}

TEST_CASE("every recorded trace scores fully with resync") {
  TraceRunOptions resync;
  resync.resync = true;
  for (const std::string& file : TraceFiles("")) {
    const TraceResult result = RunTraceText(FileText(file), resync);
    INFO(file);
    CHECK(result.matched == result.expects);
  }
}

TEST_CASE("resync drops a segment that nothing expects") {
  TraceRunOptions resync;
  resync.resync = true;
  const TraceResult result =
      RunEvents(Data(1, 1000) + "," + Data(1001, 1000) + "," + Ack(2001), resync);
  CHECK(result.mismatches == 1);
  CHECK(result.expects == 2);
}

TEST_CASE("a requirement that is not met skips the file, with the word") {
  const TraceResult result = RunEvents("", {}, R"("requires": ["fq-pacing"],)");
  CHECK(result.verdict == TraceVerdict::kSkip);
  CHECK(result.reason == "requires fq-pacing");
  const std::string probing = R"("config": {"sysctl": {"tcp_mtu_probing": 2}},)";
  CHECK(RunEvents("", {}, probing).verdict == TraceVerdict::kSkip);
}

TEST_CASE("state checks are compared, unknown fields and unconverted ones counted as skipped") {
  const TraceResult result = RunEvents(R"({"op": "assert", "dt": 0, "unconverted": "x",
      "checks": [{"field": "snd_cwnd", "op": "==", "value": 10},
                 {"field": "ca_state", "op": "==", "value": "Open"},
                 {"field": "moon", "op": "==", "value": 1}]})");
  CHECK(result.verdict == TraceVerdict::kPass);
  CHECK(result.checks == 2);
  CHECK(result.checks_skipped == 2);
  CHECK(RunEvents(R"({"op": "assert", "dt": 0,
      "checks": [{"field": "snd_cwnd", "op": ">", "value": 10}]})")
            .verdict == TraceVerdict::kFail);
}

TEST_CASE("write and read must return what is written") {
  CHECK(RunEvents(R"({"op": "write", "dt": 0, "len": 100, "ret": 100})").verdict ==
        TraceVerdict::kPass);
  CHECK(RunEvents(R"({"op": "read", "dt": 0, "max": 100, "ret": 0})").verdict ==
        TraceVerdict::kFail);
  CHECK(RunEvents(R"({"op": "read", "dt": 0, "max": 100, "ret": -1})").verdict ==
        TraceVerdict::kPass);
}

TEST_CASE("a blocking write waits for buffer space, and fails if it waits too long") {
  const std::string buffer = R"({"op": "setopt", "dt": 0, "opt": "SO_SNDBUF", "value": 5000},)";
  const std::string acks = R"(
      {"op": "inject", "dt": 5000, "seg": {"flags": ["ACK"], "seq": 1, "len": 0, "ack": 10001,
                                           "win_raw": 65535, "opts": {}}},
      {"op": "inject", "dt": 1000, "seg": {"flags": ["ACK"], "seq": 1, "len": 0, "ack": 30001,
                                           "win_raw": 65535, "opts": {}}},
      {"op": "inject", "dt": 1000, "seg": {"flags": ["ACK"], "seq": 1, "len": 0, "ack": 38001,
                                           "win_raw": 65535, "opts": {}}},
      {"op": "wait", "dt": 200000})";
  const std::string write = R"({"op": "write", "dt": 0, "len": 40000, "ret": 40000, "blocking":
      true, "done_dt": 10000},)";
  CHECK(RunEvents(buffer + write + acks).verdict == TraceVerdict::kPass);
  const TraceResult stuck = RunEvents(buffer + write + R"({"op": "wait", "dt": 100000})");
  REQUIRE(stuck.first_mismatch);
  CHECK(stuck.first_mismatch->field == "write ret");
}

TEST_CASE("a setting that changes in mid-run takes effect") {
  const std::string change =
      R"({"op": "config", "dt": 0, "sysctl": {"tcp_congestion_control": "reno"}},)";
  const std::string lose = R"(
      {"op": "write", "dt": 0, "len": 10000, "ret": 10000},
      {"op": "inject", "dt": 10000, "seg": {"flags": ["ACK"], "seq": 1, "len": 0, "ack": 1,
          "win_raw": 65535, "opts": {"sack": [[1001, 4001]]}}},
      {"op": "assert", "dt": 0, "checks": [{"field": "snd_ssthresh", "op": "==", "value": )";
  CHECK(RunEvents(change + lose + "5}]}").verdict == TraceVerdict::kPass);
  CHECK(RunEvents(lose + "7}]}").verdict == TraceVerdict::kPass);
}

}  // namespace ddpsim
