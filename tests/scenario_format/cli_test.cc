// The command line from outside: exit statuses, what goes to which stream, which files appear.
#include "sim/cli/cli.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

#include "ddpsim/base/check.h"
#include "tests/scenario_format/captured.h"
#include "tests/scenario_format/sample_run.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

// Offloading modes need half of the cycles; nothing is ever wrong.
absl::StatusOr<RunResult> GoodRun(const Scenario& scenario, Mode mode, const RunOptions& options) {
  if (!options.pcap_file.empty()) std::ofstream(options.pcap_file) << "packets";
  return SampleRun(ModeName(mode), mode == Mode::kSoftware ? 90'000 : 45'000);
}

Captured Cli(const std::vector<std::string>& arguments, decltype(Bench::run) run = GoodRun) {
  return RunCaptured(arguments, {std::move(run), {"e5-2660v4"}, nullptr, nullptr});
}

TEST_CASE("run shows a table on stdout and says nothing else") {
  TempFolder folder;
  const Captured run = Cli({"run", folder.File("a.json", "{\"description\": \"what it shows\"}")});
  CHECK(run.status == 0);
  CHECK_THAT(run.out, Catch::StartsWith("a: what it shows\n"));
  CHECK(run.err.empty());
}

TEST_CASE("--json - gives JSON alone on stdout") {
  TempFolder folder;
  const Captured run =
      Cli({"run", folder.File("a.json", "{\"compare\": [\"ddp\"]}"), "--json", "-", "--seed=9"});
  CHECK(run.status == 0);
  const Json result = Json::parse(run.out);
  CHECK(result["provenance"]["seed"] == 9);
  CHECK(result["scenario"]["seed"] == 9);
  CHECK(result["runs"].size() == 1);
}

TEST_CASE("several scenarios give an array, --quiet no table") {
  TempFolder folder;
  const std::string a = folder.File("a.json", "{}"), b = folder.File("b.json", "{}");
  const Captured run = Cli({"run", a, b, "--quiet", "--json", folder.File("r.json")});
  CHECK(run.status == 0);
  CHECK(run.out.empty());
  CHECK(Json::parse(FileText(folder.File("r.json"))).size() == 2);
}

TEST_CASE("the scenario's SHA-256 is that of its file") {
  TempFolder folder;
  const Captured run = Cli({"run", folder.File("a.json", "{}"), "--json=-"});
  CHECK(Json::parse(run.out)["provenance"]["scenario_sha256"] ==
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

TEST_CASE("variants run after the scenario, in every mode") {
  TempFolder folder;
  const std::string text =
      R"({"compare": ["software", "ddp"], "variants": {"v": {"/workload/bs": "4k"}}})";
  std::vector<int64_t> sizes;
  const Captured run = Cli({"run", folder.File("a.json", text), "--json", "-"},
                           [&](const Scenario& scenario, Mode mode, const RunOptions& options) {
                             sizes.push_back(scenario.workload.bs);
                             return GoodRun(scenario, mode, options);
                           });
  CHECK(sizes == std::vector<int64_t>{65536, 65536, 4096, 4096});
  CHECK(Json::parse(run.out).at("/runs/3/variant"_json_pointer) == "v");
}

TEST_CASE("a failed expectation is exit status 1 and is told on stderr") {
  TempFolder folder;
  const Captured run = Cli(
      {"run", folder.File("a.json", R"({"expect": {"ddp": {"/read/errors": {"min": 1}}}})"), "-q"});
  CHECK(run.status == 1);
  CHECK(run.err == "ddpsim: a: ddp /read/errors: expected min 1, got 0\n");
}

TEST_CASE("a broken law, a run cut short and a run that moved nothing are exit status 1") {
  TempFolder folder;
  const std::string file = folder.File("a.json", "{\"compare\": [\"ddp\"]}");
  const auto status = [&](void (*spoil)(RunResult&)) {
    return Cli({"run", file},
               [&](const Scenario&, Mode, const RunOptions&) -> absl::StatusOr<RunResult> {
                 RunResult run = SampleRun("ddp", 100);
                 spoil(run);
                 return run;
               })
        .status;
  };
  CHECK(status([](RunResult& run) { run.verification.verdict = "fail"; }) == 1);
  CHECK(status([](RunResult& run) { run.ended_by = kEndedByStall; }) == 1);
  CHECK(status([](RunResult& run) { run.read.io_bytes = 0; }) == 1);
  CHECK(status([](RunResult& run) {}) == 0);
}

TEST_CASE("a bad scenario is exit status 65 with every complaint, and nothing runs") {
  TempFolder folder;
  const std::string good = folder.File("good.json", "{}"),
                    bad = folder.File("bad.json", "{\"sed\": 1,\n\"x\": 2}");
  const Captured run =
      Cli({"run", good, bad},
          [](const Scenario&, Mode, const RunOptions&) -> absl::StatusOr<RunResult> {
            FAIL("ran");
            return absl::InternalError("");
          });
  CHECK(run.status == 65);
  CHECK(run.out.empty());
  CHECK_THAT(run.err, Catch::Contains(bad + ":1:2: /sed: unknown key") &&
                          Catch::Contains(bad + ":2:1: /x: unknown key"));
}

TEST_CASE("a missing scenario is exit status 66, a directory too") {
  TempFolder folder;
  CHECK(Cli({"run", folder.File("none.json")}).status == 66);
  CHECK(Cli({"run", folder.File("")}).status == 66);
  CHECK_THAT(Cli({"run", "none.json"}).err,
             Catch::Contains("none.json: No such file or directory"));
}

TEST_CASE("an output that cannot be written is exit status 74, before anything runs") {
  TempFolder folder;
  const std::string file = folder.File("a.json", "{}");
  CHECK(Cli({"run", file, "--json", folder.File("no/such/folder.json")}).status == 74);
  CHECK(Cli({"run", file, "--pcap", folder.File("no/such/folder.pcap")}).status == 74);
  CHECK(Cli({"run", file, "--json", "/dev/full"}).status == 74);
}

TEST_CASE("what the bench refuses has the status of its kind") {
  TempFolder folder;
  const std::string file = folder.File("a.json", "{}");
  const auto status = [&](absl::Status refusal) {
    return Cli({"run", file},
               [&](const Scenario&, Mode, const RunOptions&) -> absl::StatusOr<RunResult> {
                 return refusal;
               })
        .status;
  };
  CHECK(status(absl::InvalidArgumentError("x")) == 65);
  CHECK(status(absl::NotFoundError("x")) == 66);
  CHECK(status(absl::UnavailableError("x")) == 74);
}

TEST_CASE("a model bug is exit status 70") {
  TempFolder folder;
  const Captured run =
      Cli({"run", folder.File("a.json", "{}")},
          [](const Scenario&, Mode, const RunOptions&) -> absl::StatusOr<RunResult> {
            throw ModelBug("queue overflow");
          });
  CHECK(run.status == 70);
  CHECK_THAT(run.err, Catch::Contains("model bug: queue overflow"));
}

TEST_CASE("usage errors are exit status 2 with the nearest name") {
  const auto err = [](std::vector<std::string> arguments) {
    const Captured run = Cli(arguments);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK_THAT(run.err, Catch::Contains("usage: ddpsim"));
    return run.err;
  };
  CHECK_THAT(err({}),
             Catch::Contains(
                 "no command; accepted: run, sweep, report, validate, replay, tcp-check, schema"));
  CHECK_THAT(err({"rnu"}), Catch::Contains("did you mean \"run\"?"));
  CHECK_THAT(err({"run"}), Catch::Contains("SCENARIO... is missing"));
  CHECK_THAT(err({"run", "a", "--sead", "1"}),
             Catch::Contains("unknown option \"--sead\"") && Catch::Contains("\"--seed\"?"));
  CHECK_THAT(err({"run", "a", "--see", "1"}), Catch::Contains("unknown option"));
  CHECK_THAT(err({"run", "a", "--json"}), Catch::Contains("--json"));
  CHECK_THAT(err({"run", "a", "--seed", "x"}), Catch::Contains("--seed takes an integer"));
  CHECK_THAT(err({"run", "a", "--seed=-1"}), Catch::Contains("--seed takes an integer"));
  CHECK_THAT(err({"run", "a", "--set", "/seed"}), Catch::Contains("POINTER=VALUE"));
  CHECK_THAT(err({"run", "a", "--set", "workload/bs=4k"}),
             Catch::Contains("did you mean \"/workload/bs=4k\"?"));
  CHECK_THAT(err({"run", "a", "--color", "allways"}), Catch::Contains("did you mean \"always\"?"));
  CHECK_THAT(err({"run", "a", "--pcap", "-"}), Catch::Contains("--pcap takes a file"));
  CHECK_THAT(err({"run", "a", "--markdown"}), Catch::Contains("unknown option \"--markdown\""));
  CHECK_THAT(err({"schema", "x"}), Catch::Contains("\"x\" is too much"));
  CHECK_THAT(err({"schema", "--markdown", "--sweep"}), Catch::Contains("accepted: one of them"));
  CHECK_THAT(err({"help", "rnu"}), Catch::Contains("did you mean \"run\"?"));
  CHECK_THAT(err({"help", "run", "x"}), Catch::Contains("\"x\" is too much"));
  CHECK_THAT(err({"run", "a", "--json", ""}), Catch::Contains("--json needs a value"));
  CHECK_THAT(err({"run", "a", "--pcap", ""}), Catch::Contains("--pcap needs a value"));
  CHECK_THAT(err({"replay", "a", "--json", ""}), Catch::Contains("--json needs a value"));
  CHECK_THAT(err({"report", "a", "--html", ""}), Catch::Contains("--html needs a value"));
  CHECK_THAT(err({"validate", "--suite", ""}), Catch::Contains("--suite needs a value"));
  CHECK_THAT(err({"--seed", "1", "run"}), Catch::Contains("the command comes first"));
}

TEST_CASE("commands that are not built say so and are not offered") {
  for (const char* name : {"reproduce", "calibrate"}) {
    const Captured run = Cli({name, "x"});
    CHECK(run.status == 2);
    CHECK_THAT(run.err,
               Catch::Contains(std::string(name) + "\" is not built yet; accepted: run, sweep, "
                                                   "report, validate, replay, tcp-check, schema"));
    CHECK_THAT(Cli({"--help"}).out, !Catch::Contains(std::string("\n  ") + name));
  }
}

TEST_CASE("tcp-check gets its files and options, and its status is the program's") {
  CommandLine seen;
  Bench bench;
  bench.tcp_check = [&seen](const CommandLine& line) {
    seen = line;
    return 65;
  };
  const std::vector<std::string> arguments = {"tcp-check", "a.json", "b.json",  "--resync",
                                              "--strict",  "--json", "out.json"};
  CHECK(RunCaptured(arguments, bench).status == 65);
  CHECK(seen.operands == std::vector<std::string>{"a.json", "b.json"});
  CHECK(seen.resync);
  CHECK(seen.strict);
  CHECK(seen.json_file == "out.json");
  CHECK_THAT(Cli({"tcp-check"}).err, Catch::Contains("FILE... is missing"));
  CHECK_THAT(Cli({"tcp-check", "--help"}).out,
             Catch::Contains("--resync") && Catch::Contains("65 a file is no trace"));
}

TEST_CASE("help and version are data") {
  CHECK_THAT(Cli({"--version"}).out, Catch::StartsWith("ddpsim 0."));
  CHECK_THAT(Cli({"--help"}).out, Catch::Contains("run SCENARIO..."));
  CHECK_THAT(Cli({"run", "--help"}).out,
             Catch::Contains("--set POINTER=VALUE") && Catch::Contains("exit status"));
  CHECK(Cli({"run", "-h"}).status == 0);
  CHECK(Cli({"help", "run"}).out == Cli({"run", "--help"}).out);
  CHECK(Cli({"help"}).out == Cli({"--help"}).out);
}

TEST_CASE("schema prints JSON, --markdown the reference page") {
  CHECK(Json::parse(Cli({"schema"}).out)["title"] == "ddpsim scenario");
  CHECK_THAT(Cli({"schema", "--markdown"}).out,
             Catch::Contains("# Scenario reference") && Catch::Contains("# Result reference"));
}

TEST_CASE("-v counts, however it is written") {
  TempFolder folder;
  int verbosity = 0;
  Cli({"run", "-v", folder.File("a.json", "{}"), "-vv", "--verbose"},
      [&](const Scenario& scenario, Mode mode, const RunOptions& options) {
        verbosity = options.verbosity;
        return GoodRun(scenario, mode, options);
      });
  CHECK(verbosity == 4);
}

TEST_CASE("an interrupt keeps what was finished and is told by the exit status") {
  TempFolder folder;
  const Captured run = Cli({"run", folder.File("a.json", "{}"), "--json", folder.File("r.json")},
                           [&](const Scenario& scenario, Mode mode,
                               const RunOptions& options) -> absl::StatusOr<RunResult> {
                             absl::StatusOr<RunResult> result = GoodRun(scenario, mode, options);
                             if (mode != Mode::kCrc) return result;
                             std::raise(SIGTERM);
                             CHECK(*options.interrupt == SIGTERM);
                             result->ended_by = kEndedByInterrupt;
                             return result;
                           });
  CHECK(run.status == 143);
  const Json result = Json::parse(FileText(folder.File("r.json")));
  REQUIRE(result["runs"].size() == 1);
  CHECK(result["runs"][0]["mode"] == "software");
  CHECK_THAT(run.err, Catch::Contains("interrupted: finished a: software; kept in " +
                                      folder.File("r.json")));
}

TEST_CASE("an interrupt in the first mode says that nothing is kept") {
  TempFolder folder;
  const Captured run = Cli({"run", folder.File("a.json", "{}"), "--json", folder.File("r.json")},
                           [&](const Scenario& scenario, Mode mode,
                               const RunOptions& options) -> absl::StatusOr<RunResult> {
                             absl::StatusOr<RunResult> result = GoodRun(scenario, mode, options);
                             std::raise(SIGINT);
                             result->ended_by = kEndedByInterrupt;
                             return result;
                           });
  CHECK(run.status == 130);
  CHECK(run.err == "ddpsim: interrupted: no run was finished, nothing is kept\n");
}

TEST_CASE("a fail that an expectation foresees is exit status 0, one that it does not is 1") {
  TempFolder folder;
  const auto status = [&](const std::string& expect, const std::string& ended_by) {
    const std::string text = R"({"compare": ["software", "ddp"], "expect": )" + expect + "}";
    return Cli({"run", folder.File("a.json", text)},
               [&](const Scenario&, Mode mode, const RunOptions&) -> absl::StatusOr<RunResult> {
                 RunResult run = SampleRun(ModeName(mode), 100);
                 if (mode == Mode::kSoftware) return run;
                 run.verification.verdict = "fail";
                 run.ended_by = ended_by;
                 return run;
               })
        .status;
  };
  CHECK(status("{}", kEndedByIos) == 1);
  CHECK(status(R"({"ddp": {"/verification/verdict": {"equals": "fail"}}})", kEndedByIos) == 0);
  CHECK(status(R"({"*": {"/verification/verdict": {"equals": "pass"}}})", kEndedByIos) == 1);
  // Foreseen of another mode; and what was cut short shows nothing.
  CHECK(status(R"({"software": {"/verification/verdict": {"equals": "pass"}}})", kEndedByIos) == 1);
  CHECK(status(R"({"ddp": {"/verification/verdict": {"equals": "fail"}}})", kEndedByStall) == 1);
}

TEST_CASE("a later scenario that ends worse decides the exit status") {
  TempFolder folder;
  const std::string a = folder.File("a.json", R"({"compare": ["ddp"]})");
  const std::string b = folder.File("b.json", R"({"compare": ["software"]})");
  const Captured run =
      Cli({"run", a, b},
          [](const Scenario&, Mode mode, const RunOptions&) -> absl::StatusOr<RunResult> {
            if (mode == Mode::kSoftware) return absl::UnavailableError("x");
            RunResult result = SampleRun("ddp", 100);
            result.verification.verdict = "fail";
            return result;
          });
  CHECK(run.status == 74);
}

TEST_CASE(
    "one run writes the capture's file itself, several put their names before the extension") {
  CHECK(PcapName("d/run.pcap", "s", "", "ddp", false, false) == "d/run.pcap");
  CHECK(PcapName("d/run.pcap", "s", "", "ddp+crc", false, true) == "d/run-ddp+crc.pcap");
  CHECK(PcapName("d/run.pcapng", "s", "v", "ddp", false, true) == "d/run-v-ddp.pcapng");
  CHECK(PcapName("d.x/run", "s", "", "ddp", false, true) == "d.x/run-ddp");
  CHECK(PcapName("run.pcap", "s", "", "ddp", true, true) == "run-s-ddp.pcap");
  TempFolder folder;
  Cli({"run", folder.File("a.json", "{\"compare\": [\"ddp\"]}"), "--pcap", folder.File("x.pcap")});
  CHECK(FileText(folder.File("x.pcap")) == "packets");
}

}  // namespace
}  // namespace ddpsim
