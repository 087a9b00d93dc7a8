// Breaks when `ddpsim tcp-check` returns another status or prints another summary than the format's
// section 7 and docs/tcp.md say.
#include "sim/tcp_check/tcp_check_command.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "sim/tcp_check/trace_report.h"
#include "trace_case.h"

namespace ddpsim {
namespace {

// A file in a folder of its own, removed at the end.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& text)
      : path_(std::filesystem::temp_directory_path() / ("ddpsim_tcp_check_" + name)) {
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

int Status(const std::vector<std::string>& files) {
  CommandLine line;
  line.operands = files;
  line.quiet = true;
  return TcpCheckCommand(line);
}

}  // namespace

TEST_CASE("the status is 0, 1, 65 or 66, the gravest of all files") {
  const TemporaryFile good("good.json", TraceText(""));
  const TemporaryFile failing("failing.json",
                              TraceText(R"({"op": "read", "dt": 0, "max": 1, "ret": 1})"));
  const TemporaryFile bad("bad.json", "{}");
  CHECK(Status({good.path()}) == 0);
  CHECK(Status({good.path(), failing.path()}) == 1);
  CHECK(Status({bad.path(), failing.path(), good.path()}) == 65);
  CHECK(Status({bad.path(), "/nowhere/x.json"}) == 66);
}

TEST_CASE("a trace that opens its endpoint twice costs the others neither verdict nor --json") {
  const TemporaryFile twice("twice.json", TraceText(R"({"op": "listen", "dt": 0})"));
  const TemporaryFile good("beside.json", TraceText(""));
  const TemporaryFile out("twice_out.json", "");
  CommandLine line;
  line.operands = {twice.path(), good.path()};
  line.quiet = true;
  line.json_file = out.path();
  CHECK(TcpCheckCommand(line) == 65);
  CHECK(nlohmann::json::parse(FileText(out.path()))["totals"]["pass"] == 1);
}

TEST_CASE("an output that would overwrite a trace is refused with status 2") {
  const TemporaryFile a("clobber_a.json", TraceText("")), b("clobber_b.json", TraceText(""));
  CommandLine line;
  line.operands = {a.path(), b.path()};
  line.quiet = true;
  line.json_file = b.path();
  CHECK(TcpCheckCommand(line) == 2);
  CHECK(FileText(b.path()) == TraceText(""));
}

TEST_CASE("--json writes every result, and totals by class and group") {
  const TemporaryFile good("json_good.json", TraceText("", R"("class": "R", "group": "a",)"));
  const TemporaryFile out("out.json", "");
  CommandLine line;
  line.operands = {good.path(), good.path()};
  line.quiet = true;
  line.json_file = out.path();
  REQUIRE(TcpCheckCommand(line) == 0);
  const auto json = nlohmann::json::parse(FileText(out.path()));
  CHECK(json["format"] == "ddpsim-tcp-check/1");
  CHECK(json["totals"]["pass"] == 2);
  CHECK(json["groups"][0]["class"] == "R");
  CHECK(json["groups"][0]["group"] == "a");
  CHECK(json["files"].size() == 2);
  CHECK(json["files"][0]["verdict"] == "PASS");
}

TEST_CASE("the lines are PASS, SKIP reason, and FAIL with the first mismatch") {
  TraceResult pass = RunEvents("");
  pass.file = "a.json";
  CHECK(TraceLines(pass, false) == "PASS a.json\n");
  TraceResult skip = RunEvents("", {}, R"("requires": ["moon"],)");
  skip.file = "b.json";
  CHECK(TraceLines(skip, false) == "SKIP b.json requires moon\n");
  TraceResult fail = RunEvents(R"({"op": "read", "dt": 1000, "max": 1, "ret": 1})");
  fail.file = "c.json";
  CHECK_THAT(TraceLines(fail, false),
             Catch::StartsWith("FAIL c.json event 5 (t=11.000 ms, line 9) read ret\n"
                               "  expected  11.000 ms  read() = 1\n"
                               "  actual    11.000 ms  read() = -1\n"
                               "  previous  0.000 ms  matched event 2\n"));
}

TEST_CASE(
    "the summary counts files, segments, checks, PSH differences and the largest time error") {
  const std::string summary =
      TraceSummary({RunEvents(""), RunEvents("", {}, R"("requires": ["moon"],)")});
  CHECK_THAT(summary, Catch::Contains("1 pass, 0 fail, 1 skip\n"));
  CHECK_THAT(summary, Catch::Contains("1 segments and 0 state checks compared (0 checks skipped); "
                                      "matched expects 1/1; 0 soft PSH differences; "
                                      "largest time error +0.000 ms\n"));
}

}  // namespace ddpsim
