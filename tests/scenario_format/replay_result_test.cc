// The result of a replay as JSON and as text: every figure stands under its own name.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/result/replay_json.h"
#include "sim/result/replay_table.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

ReplayWire Wire(int64_t base) {
  ReplayWire wire;
  wire.packets = base + 1;
  wire.lost_before_capture = base + 2;
  wire.retransmitted = base + 3;
  wire.reordered = base + 4;
  wire.missing_bytes = base + 5;
  wire.cut_packets = base + 6;
  wire.bad_checksums = base + 7;
  wire.offloaded_checksums = base + 8;
  wire.super_segments = base + 9;
  wire.walk_resyncs = base + 10;
  wire.walk_skipped_bytes = base + 11;
  return wire;
}

ReplayConnectionRun ConnectionRun(int64_t base) {
  ReplayConnectionRun run;
  run.offload.payload_bytes = base + 1;
  run.cpu.cycles_per_io = static_cast<double>(base + 2);
  run.joins = base + 3;
  run.late_setups = base + 4;
  run.unknown_responses = base + 5;
  run.completed_twice = base + 6;
  run.datao_ignored = base + 7;
  run.reads = base + 8;
  run.read_bytes = base + 9;
  run.failed = base + 10;
  return run;
}

ReplayRun Run(const std::string& mode, int64_t base) {
  ReplayRun run;
  run.mode = mode;
  run.sim_time_ns = base + 1;
  run.held_back_ns = base * 1'000'000;
  run.ios = base + 3;
  run.io_bytes = base + 4;
  run.cpu.cycles_per_io = static_cast<double>(base) + 5000;
  run.offload.payload_bytes = base + 6000;
  run.offload.placed_fraction = 0.25;
  run.offload.crc_offloaded_fraction = 0.75;
  run.offload.pdus = base + 7000;
  run.offload.resync.requests = 31;
  run.offload.resync.responses = 32;
  run.offload.resync.false_matches = 33;
  run.offload.not_placed["searching"] = base + 8000;
  run.counters["rx-nvme-tcp-setup"] = base + 9;
  run.nic["rx_packets"] = base + 10;
  run.verification.verdict = "pass";
  run.verification.bytes_checked = base + 11;
  run.verification.corrupt_delivered = base + 12;
  run.verification.violations_total = base + 13;
  run.verification.checks["stream"] = base + 14;
  return run;
}

// Two modes of one connection, all figures different.
ReplayResult Sample() {
  ReplayResult result;
  result.name = "a.pcap";
  result.packets = 12'345;
  result.bad_checksums = 6'789;
  result.skipped["cut_by_snaplen"] = 1'011;
  result.ends_in_mid_record = true;
  result.duration_ns = 1'234'567'890;
  result.mtu = 9000;
  result.notes = {"something to know"};
  result.cost_profile = "p";
  ReplayConnectionResult connection;
  connection.tuple = "10.0.0.2:1 -> 10.0.0.1:4420";
  connection.role = "io";
  connection.from_start = true;
  connection.header_digest = true;
  connection.cid_generations = true;
  connection.pdus = {{"C2HData", 1'501}, {"R2T", 0}, {"CapsuleCmd", 16}};
  connection.header_digests = {2'001, 2'002, 2'003};
  connection.data_digests = {3'001, 3'002, 3'003};
  connection.read_commands = 4'001;
  connection.write_commands = 4'002;
  connection.unfinished_commands = 4'003;
  connection.c2h = Wire(100);
  connection.c2h.by_ip_ids = true;
  connection.h2c = Wire(200);
  connection.h2c.ends_in_mid_pdu = true;
  connection.runs = {ConnectionRun(500), ConnectionRun(600)};
  connection.runs[1].shares_core = true;
  connection.runs[1].episodes = {{2'000'000, 5'500'000, "a cause", 7, 81'234},
                                 {9'000'000, -1, "another", 8, 9}};
  result.connections = {connection};
  result.runs = {Run("software", 1), Run("ddp+crc", 2)};
  result.comparison.baseline = "software";
  result.comparison.rows = {{"software", "", 0.0, 1.0, 1.0, 1.0}, {"ddp+crc", "", 12.5, 1, 1, 1}};
  return result;
}

void CheckWire(const Json& json, int64_t base) {
  const char* kNames[] = {"packets",       "lost_before_capture", "retransmitted",
                          "reordered",     "missing_bytes",       "cut_packets",
                          "bad_checksums", "offloaded_checksums", "super_segments"};
  for (size_t i = 0; i < std::size(kNames); ++i) {
    INFO(kNames[i]);
    CHECK(json[kNames[i]] == base + static_cast<int64_t>(i) + 1);
  }
  CHECK(json["walk"] == Json({{"resyncs", base + 10}, {"skipped_bytes", base + 11}}));
}

void CheckConnectionRun(const Json& json, const std::string& mode, int64_t base) {
  CHECK(json["mode"] == mode);
  CHECK(json["offload"]["payload_bytes"] == base + 1);
  CHECK(json["cpu"]["cycles_per_io"] == base + 2);
  const char* kNames[] = {"joins",         "late_setups", "unknown_responses", "completed_twice",
                          "datao_ignored", "reads",       "read_bytes",        "failed_requests"};
  for (size_t i = 0; i < std::size(kNames); ++i) {
    INFO(kNames[i]);
    CHECK(json[kNames[i]] == base + static_cast<int64_t>(i) + 3);
  }
}

// The cells of the row that begins with `label`.
std::string RowOf(const std::string& table, const std::string& label) {
  size_t at = table.find("\n" + label + " ");
  if (at == std::string::npos) return "no row " + label;
  at += 1 + label.size();
  std::string row = table.substr(at, table.find('\n', at) - at);
  std::string cells;
  for (size_t i = 0; i < row.size(); ++i) {
    const bool gap = row[i] == ' ' && (i + 1 == row.size() || row[i + 1] == ' ' || cells.empty() ||
                                       cells.back() == '|');
    if (!gap) {
      cells += row[i];
    } else if (!cells.empty() && cells.back() != '|') {
      cells += '|';
    }
  }
  return cells;
}

}  // namespace

TEST_CASE("replay's JSON has each figure of capture and connection under its own name") {
  const Json json = ReplayJson(Sample(), {"1.2", "abc", "Release", "", 0, ""});
  CHECK(json["provenance"] ==
        Json({{"version", "1.2"}, {"commit", "abc"}, {"build", "Release"}, {"cost_profile", "p"}}));
  CHECK(json["capture"] == "a.pcap");
  CHECK(json["packets"] == 12'345);
  CHECK(json["bad_checksums"] == 6'789);
  CHECK(json["skipped"]["cut_by_snaplen"] == 1'011);
  CHECK(json["ends_in_mid_record"] == true);
  CHECK(json["duration_ns"] == 1'234'567'890);
  CHECK(json["mtu"] == 9000);
  CHECK(json["notes"] == Json({"something to know"}));
  const Json& connection = json["connections"][0];
  CHECK(connection["tuple"] == "10.0.0.2:1 -> 10.0.0.1:4420");
  CHECK(connection["role"] == "io");
  CHECK(connection["from_start"] == true);
  CHECK(connection["header_digest"] == true);
  CHECK(connection["data_digest"] == false);
  CHECK(connection["cid_generations"] == true);
  CHECK(connection["pdus"]["C2HData"] == 1'501);
  CHECK(connection["header_digests"] ==
        Json({{"ok", 2'001}, {"bad", 2'002}, {"unverifiable", 2'003}}));
  CHECK(connection["data_digests"] ==
        Json({{"ok", 3'001}, {"bad", 3'002}, {"unverifiable", 3'003}}));
  CHECK(connection["commands"] == Json({{"read", 4'001}, {"write", 4'002}, {"unfinished", 4'003}}));
  CheckWire(connection["wire"]["c2h"], 100);
  CheckWire(connection["wire"]["h2c"], 200);
  CHECK(connection["wire"]["c2h"]["told_by"] == "ip_ids");
  CHECK(connection["wire"]["h2c"]["told_by"] == "sequence_numbers");
  CHECK(connection["wire"]["c2h"]["ends_in_mid_pdu"] == false);
  CHECK(connection["wire"]["h2c"]["ends_in_mid_pdu"] == true);
}

TEST_CASE("replay's JSON has each figure of each mode, and of the fullest mode once more") {
  const Json json = ReplayJson(Sample(), {});
  const Json& connection = json["connections"][0];
  REQUIRE(connection["modes"].size() == 2);
  CheckConnectionRun(connection["modes"][0], "software", 500);
  CheckConnectionRun(connection["modes"][1], "ddp+crc", 600);
  CHECK(connection["modes"][0]["shares_core"] == false);
  CHECK(connection["modes"][1]["shares_core"] == true);
  CHECK(connection["offload"]["payload_bytes"] == 601);
  CHECK(connection["cpu"]["cycles_per_io"] == 602);
  CHECK(connection["host_teardown"].is_null());
  CHECK(connection["resync_episodes"][0] == Json({{"start_ns", 2'000'000},
                                                  {"end_ns", 5'500'000},
                                                  {"cause", "a cause"},
                                                  {"requests", 7},
                                                  {"bytes_lost", 81'234}}));
  CHECK(connection["resync_episodes"][1]["end_ns"].is_null());
  CHECK(connection["modes"][0]["resync_episodes"].empty());
  const Json& run = json["runs"][1];
  CHECK(run["mode"] == "ddp+crc");
  CHECK(run["sim_time_ns"] == 3);
  CHECK(run["held_back_ns"] == 2'000'000);
  CHECK(run["total_ios"] == 5);
  CHECK(run["io_bytes"] == 6);
  CHECK(run["cpu"]["cycles_per_io"] == 5002);
  CHECK(run["offload"]["payload_bytes"] == 6002);
  CHECK(run["counters"]["rx-nvme-tcp-setup"] == 11);
  CHECK(run["nic"]["rx_packets"] == 12);
  CHECK(run["verification"]["bytes_checked"] == 13);
}

TEST_CASE("a teardown is told in its mode, and for the connection where the fullest has none") {
  ReplayResult result = Sample();
  result.connections[0].runs[0].teardown = HostTeardown{1'500'000, "why", "in words", 6'001, 7'001};
  const Json json = ReplayJson(result, {});
  Json expected = {{"time_ns", 1'500'000},
                   {"reason", "why"},
                   {"cause", "in words"},
                   {"bytes_after", 6'001},
                   {"commands_after", 7'001}};
  CHECK(json["connections"][0]["modes"][0]["host_teardown"] == expected);
  CHECK(json["connections"][0]["modes"][1]["host_teardown"].is_null());
  expected["mode"] = "software";
  CHECK(json["connections"][0]["host_teardown"] == expected);
  const std::string table = ReplayTable(result, false);
  CHECK_THAT(table, Catch::Contains("connection 0, software: at 1.500 ms the host would have torn "
                                    "it down (in words); 6,001 bytes of its stream come after "
                                    "that; the recorded host did not mind and sent 7,001 more "
                                    "commands\n"));
  result.connections[0].runs[1].teardown = HostTeardown{2'500'000, "x", "y", 1, 0};
  CHECK(ReplayJson(result, {})["connections"][0]["host_teardown"]["mode"] == "ddp+crc");
  CHECK_THAT(ReplayTable(result, false),
             Catch::Contains("connection 0, ddp+crc: at 2.500 ms the host would have torn it down "
                             "(y); 1 bytes of its stream come after that\n"));
}

TEST_CASE("replay's verdict is over all modes, with their counts added up") {
  ReplayResult result = Sample();
  Json all = ReplayJson(result, {})["verification"];
  CHECK(all["verdict"] == "pass");
  CHECK(all["bytes_checked"] == 12 + 13);
  CHECK(all["corrupt_delivered"] == 13 + 14);
  CHECK(all["checks"]["stream"] == 15 + 16);
  result.runs[0].verification.verdict = "fail";
  result.runs[0].verification.violations = {{"stream", "at byte 7"}};
  all = ReplayJson(result, {})["verification"];
  CHECK(all["verdict"] == "fail");
  CHECK(all["violations"][0]["detail"] == "software: at byte 7");
  CHECK_THAT(ReplayTable(result, false), Catch::Contains("\nsoftware: stream: at byte 7\n"));
  CHECK_FALSE(result.passed());
  result.runs.clear();
  result.connections[0].runs.clear();
  CHECK(ReplayJson(result, {})["verification"]["verdict"] == "fail");
}

TEST_CASE("a replay passes if its laws held, data was moved, and it came to its end") {
  ReplayResult result = Sample();
  CHECK(result.passed());
  result.interrupted = true;
  CHECK_FALSE(result.passed());
  result.interrupted = false;
  for (ReplayRun& run : result.runs) run.io_bytes = 0;
  CHECK(result.passed());  // what a connection carried counts, whether a command asked or not
  for (ReplayConnectionRun& run : result.connections[0].runs) run.offload.payload_bytes = 0;
  CHECK_FALSE(result.passed());
  result.runs[1].io_bytes = 1;
  CHECK(result.passed());
}

TEST_CASE("replay's tables have each figure in the row of its name") {
  const std::string table = ReplayTable(Sample(), false);
  CHECK_THAT(table, Catch::StartsWith("a.pcap: 12,345 packets, 1.235 s, MTU 9000\n"
                                      "bad checksums: 6,789\n"
                                      "skipped, cut_by_snaplen: 1,011\n"
                                      "note: something to know\n"
                                      "connection 0  10.0.0.2:1 -> 10.0.0.1:4420\n"));
  CHECK_THAT(table, Catch::Contains("\n\nconnection ") && Catch::Contains(" 0 io\n"));
  CHECK(RowOf(table, "  C2HData") == "1,501");
  CHECK(RowOf(table, "  CapsuleCmd") == "16");
  CHECK(RowOf(table, "  R2T") == "no row   R2T");
  CHECK(RowOf(table, "header digests, ok / bad") == "2,001 / 2,002");
  CHECK(RowOf(table, "data digests, ok / bad") == "-");
  CHECK(RowOf(table, "reads / writes") == "4,001 / 4,002");
  CHECK(RowOf(table, "c2h lost / retransmitted / reordered") == "102 / 103 / 104");
  CHECK(RowOf(table, "h2c lost / retransmitted / reordered") == "202 / 203 / 204");
  CHECK(RowOf(table, "what this NIC would have done") == "software|ddp+crc");
  CHECK(RowOf(table, "payload, bytes") == "6,001|6,002");
  CHECK(RowOf(table, "bytes placed by the NIC") == "25.0 %|25.0 %");
  CHECK(RowOf(table, "  not placed: searching") == "8,001|8,002");
  CHECK(RowOf(table, "PDUs") == "7,001|7,002");
  CHECK(RowOf(table, "PDUs verified by the NIC") == "75.0 %|75.0 %");
  CHECK(RowOf(table, "resync requests / confirmed / false") == "31 / 32 / 33|31 / 32 / 33");
  CHECK(RowOf(table, "cycles per command") == "5,001|5,002");
  CHECK(RowOf(table, "cycles saved") == "baseline|12.5 %");
  CHECK(RowOf(table, "held back, ms") == "1.000|2.000");
  CHECK(RowOf(table, "verdict") == "pass|pass");
  CHECK_THAT(table, Catch::Contains("sync lost, ddp+crc: connection, at ms, for ms, bytes lost"));
  CHECK_THAT(table, Catch::Contains("   0         2.000       3.500      81,234  a cause\n"));
  CHECK_THAT(table, Catch::Contains("   0         9.000        open           9  another\n"));
}

TEST_CASE("replay's tables say what is missing, and how much is not shown") {
  ReplayResult result = Sample();
  result.bad_checksums = 0;
  result.connections[0].from_start = false;
  result.runs[0].held_back_ns = 0;
  result.runs[0].offload.not_placed.clear();
  result.comparison.rows[1].cycles_per_io_saved_percent.reset();
  std::vector<ResyncEpisode>& episodes = result.connections[0].runs[1].episodes;
  episodes.resize(20, episodes[0]);
  std::string table = ReplayTable(result, false);
  CHECK_THAT(table, !Catch::Contains("bad checksums"));
  CHECK_THAT(table, Catch::Contains("4420  (begun before the capture)\n"));
  CHECK(RowOf(table, "held back, ms") == "-|2.000");
  CHECK(RowOf(table, "  not placed: searching") == "-|8,002");
  CHECK(RowOf(table, "cycles saved") == "baseline|-");
  CHECK_THAT(table, !Catch::Contains(" more"));
  episodes.resize(23, episodes[0]);
  result.connections.resize(19, result.connections[0]);
  table = ReplayTable(result, false);
  CHECK_THAT(table, Catch::Contains("and 3 more\n"));
  CHECK_THAT(table, Catch::Contains(" more (--json has them all)\n"));
  episodes.clear();
  for (ReplayConnectionResult& connection : result.connections) connection.runs[1].episodes.clear();
  CHECK_THAT(ReplayTable(result, false), !Catch::Contains("sync lost"));
}

TEST_CASE("a PDU type that a connection has none of is a dash beside one that has") {
  ReplayResult result;
  result.connections.resize(2);
  result.connections[0].role = result.connections[1].role = "io";
  result.connections[0].pdus["R2T"] = 7;
  CHECK_THAT(ReplayTable(result, false), Catch::Matches("(.|\n)*R2T +7 +-\n(.|\n)*"));
  result.connections[1].pdus["R2T"] = 0;
  CHECK_THAT(ReplayTable(result, false), Catch::Matches("(.|\n)*R2T +7 +-\n(.|\n)*"));
}

}  // namespace ddpsim
