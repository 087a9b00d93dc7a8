// The command line of `replay` from outside: exit statuses, what goes to which stream.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "ddpsim/base/check.h"
#include "sim/cli/cli.h"
#include "tests/scenario_format/captured.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

absl::StatusOr<ReplayResult> GoodReplay(const ReplayOptions& options) {
  ReplayResult result;
  result.name = "a.pcap";
  result.packets = 12;
  ReplayConnectionResult connection;
  connection.tuple = "10.9.0.2:40000 -> 10.9.0.1:4420";
  connection.role = "io";
  connection.pdus["C2HData"] = 3;
  for (Mode mode : options.scenario.compare) {
    ReplayRun run;
    run.mode = ModeName(mode);
    run.verification.verdict = "pass";
    result.runs.push_back(run);
    ReplayConnectionRun one;
    one.offload.payload_bytes = 4096;
    connection.runs.push_back(one);
  }
  result.connections.push_back(connection);
  return result;
}

Captured Cli(const std::vector<std::string>& arguments,
             decltype(Bench::replay) replay = GoodReplay) {
  return RunCaptured(arguments, {nullptr, {"e5-2660v4"}, nullptr, std::move(replay)});
}

TEST_CASE("replay writes a table, or with --json - the result in the agreed format") {
  const Captured table = Cli({"replay", "a.pcap"});
  CHECK(table.status == 0);
  CHECK_THAT(table.out, Catch::Contains("10.9.0.2:40000") && Catch::Contains("ddp+crc"));
  const Captured json = Cli({"replay", "a.pcap", "--json", "-", "--compare", "software,ddp+crc"});
  CHECK(json.status == 0);
  const Json result = Json::parse(json.out);
  CHECK(result["format"] == "ddpsim-replay/1");
  CHECK(result["packets"] == 12);
  CHECK(result["runs"].size() == 2);
  CHECK(result["connections"][0]["role"] == "io");
  CHECK(result["connections"][0]["pdus"]["C2HData"] == 3);
  CHECK(result["connections"][0]["offload"]["payload_bytes"] == 4096);
  CHECK(result["connections"][0]["wire"]["c2h"]["lost_before_capture"] == 0);
  CHECK(result["verification"]["verdict"] == "pass");
}

TEST_CASE("replay hands its options on, and refuses those that make no sense with status 2") {
  ReplayOptions seen;
  const auto keep = [&seen](const ReplayOptions& options) {
    seen = options;
    return GoodReplay(options);
  };
  const Captured good = Cli({"replay",          "a.pcap",
                             "--port",          "4421",
                             "--port",          "8009",
                             "--speed",         "2.5",
                             "--header-digest", "yes",
                             "--data-digest",   "auto",
                             "--mtu",           "581",
                             "--cores",         "2",
                             "--search",        "any_offset",
                             "--driver",        "v5",
                             "--set",           "/host/nic/offload/io_threshold=4k"},
                            keep);
  CHECK(good.status == 0);
  CHECK(seen.ports == std::vector<uint16_t>{4421, 8009});
  CHECK(seen.speed == 2.5);
  CHECK(seen.header_digest == true);
  CHECK(!seen.data_digest.has_value());
  CHECK(seen.mtu == 581);
  CHECK(seen.cores == 2);
  CHECK(seen.driver == 5);
  CHECK(seen.scenario.host.nic.offload.search == settings::HeaderSearch::kAnyOffset);
  CHECK(seen.scenario.host.nic.offload.io_threshold == 4096);
  for (const auto& [option, value] :
       std::vector<std::pair<std::string, std::string>>{{"--port", "0"},
                                                        {"--port", "65536"},
                                                        {"--speed", "fast"},
                                                        {"--speed", "-1"},
                                                        {"--header-digest", "maybe"},
                                                        {"--mtu", "100"},
                                                        {"--cores", "0"},
                                                        {"--driver", "v31"},
                                                        {"--driver", "5"},
                                                        {"--compare", "hardware"},
                                                        {"--set", "/network/mtu=9000"},
                                                        {"--set", "/host/nvme/queues=3"},
                                                        {"--set", "/host/nvme/data_digest=false"},
                                                        {"--set", "/host/tcp/rcvbuf=64k"},
                                                        {"--set", "/host/cpu/cores=2"}}) {
    INFO(option << " " << value);
    CHECK(Cli({"replay", "a.pcap", option, value}).status == 2);
  }
  CHECK(Cli({"replay"}).status == 2);
  CHECK(Cli({"replay", "a.pcap", "b.pcap"}).status == 2);
  CHECK(Cli({"replay", "a.pcap", "--search", "nowhere"}).status == 65);
  CHECK(Cli({"replay", "a.pcap", "--profile", "cray-1"}).status == 65);
}

TEST_CASE("replay: an option and --set that contradict each other are refused") {
  const auto status = [](const std::string& driver) {
    return Cli({"replay", "a.pcap", "--driver", "v3", "--set", "/host/nic/driver=" + driver})
        .status;
  };
  CHECK(status("v5") == 2);
  CHECK(status("v3") == 0);
  CHECK(status("\"v3\"") == 0);
  CHECK_THAT(Cli({"replay", "a.pcap", "--set", "/host/nvme/header_digest=true"}).err,
             Catch::Contains("decided by the capture (--header-digest"));
}

TEST_CASE("replay: errors of the capture and broken laws have their exit statuses") {
  const auto fails = [](absl::Status status) {
    return Cli({"replay", "a.pcap"},
               [status](const ReplayOptions&) { return absl::StatusOr<ReplayResult>(status); })
        .status;
  };
  CHECK(fails(absl::InvalidArgumentError("a.pcap: offset 4: damaged")) == 65);
  CHECK(fails(absl::NotFoundError("no such file")) == 66);
  CHECK(fails(absl::UnknownError("disk full")) == 74);
  const Captured broken = Cli({"replay", "a.pcap"}, [](const ReplayOptions& options) {
    absl::StatusOr<ReplayResult> result = GoodReplay(options);
    result->runs[0].verification.verdict = "fail";
    result->runs[0].verification.violations.push_back({"nic_transparent", "a lost skb"});
    return result;
  });
  CHECK(broken.status == 1);
  CHECK_THAT(broken.out, Catch::Contains("a lost skb"));
}

}  // namespace
}  // namespace ddpsim
