#include "sim/result/replay_json.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "sim/result/result_json.h"

namespace ddpsim {
namespace {

using Json = nlohmann::ordered_json;

Json WireJson(const ReplayWire& wire) {
  return {{"packets", wire.packets},
          {"lost_before_capture", wire.lost_before_capture},
          {"retransmitted", wire.retransmitted},
          {"reordered", wire.reordered},
          {"told_by", wire.by_ip_ids ? "ip_ids" : "sequence_numbers"},
          {"missing_bytes", wire.missing_bytes},
          {"cut_packets", wire.cut_packets},
          {"bad_checksums", wire.bad_checksums},
          {"offloaded_checksums", wire.offloaded_checksums},
          {"super_segments", wire.super_segments},
          {"ends_in_mid_pdu", wire.ends_in_mid_pdu},
          {"walk", {{"resyncs", wire.walk_resyncs}, {"skipped_bytes", wire.walk_skipped_bytes}}}};
}

Json DigestsJson(const ReplayDigests& digests) {
  return {{"ok", digests.ok}, {"bad", digests.bad}, {"unverifiable", digests.unverifiable}};
}

Json EpisodeJson(const ResyncEpisode& episode) {
  return {{"start_ns", episode.start_ns},
          {"end_ns", episode.end_ns < 0 ? Json() : Json(episode.end_ns)},
          {"cause", episode.cause},
          {"requests", episode.requests},
          {"bytes_lost", episode.bytes_lost}};
}

Json ConnectionRunJson(const std::string& mode, const ReplayConnectionRun& run) {
  Json episodes = Json::array();
  for (const ResyncEpisode& episode : run.episodes) episodes.push_back(EpisodeJson(episode));
  Json teardown;
  if (run.teardown.has_value()) {
    teardown = {{"time_ns", run.teardown->time_ns},
                {"reason", run.teardown->reason},
                {"cause", run.teardown->cause},
                {"bytes_after", run.teardown->bytes_after},
                {"commands_after", run.teardown->commands_after}};
  }
  return {{"mode", mode},
          {"offload", OffloadJson(run.offload)},
          {"cpu", CpuJson(run.cpu)},
          {"shares_core", run.shares_core},
          {"reads", run.reads},
          {"read_bytes", run.read_bytes},
          {"failed_requests", run.failed},
          {"joins", run.joins},
          {"late_setups", run.late_setups},
          {"unknown_responses", run.unknown_responses},
          {"completed_twice", run.completed_twice},
          {"datao_ignored", run.datao_ignored},
          {"resync_episodes", episodes},
          {"host_teardown", teardown}};
}

Json ConnectionJson(const ReplayResult& result, const ReplayConnectionResult& connection) {
  Json to = {{"tuple", connection.tuple},
             {"role", connection.role},
             {"from_start", connection.from_start},
             {"header_digest", connection.header_digest},
             {"data_digest", connection.data_digest},
             {"cid_generations", connection.cid_generations},
             {"pdus", connection.pdus},
             {"header_digests", DigestsJson(connection.header_digests)},
             {"data_digests", DigestsJson(connection.data_digests)},
             {"commands",
              {{"read", connection.read_commands},
               {"write", connection.write_commands},
               {"unfinished", connection.unfinished_commands}}},
             {"wire", {{"c2h", WireJson(connection.c2h)}, {"h2c", WireJson(connection.h2c)}}}};
  if (connection.runs.empty()) return to;
  const Json fullest = ConnectionRunJson("", connection.runs[FullestMode(result)]);
  for (const char* key : {"offload", "cpu", "resync_episodes"}) to[key] = fullest[key];
  Json& teardown = to["host_teardown"] = nullptr;
  if (const std::optional<size_t> mode = TeardownMode(result, connection)) {
    teardown = ConnectionRunJson("", connection.runs[*mode])["host_teardown"];
    teardown["mode"] = result.runs[*mode].mode;
  }
  Json& modes = to["modes"] = Json::array();
  for (size_t i = 0; i < connection.runs.size(); ++i)
    modes.push_back(ConnectionRunJson(result.runs[i].mode, connection.runs[i]));
  return to;
}

Json RunJsonOf(const ReplayRun& run) {
  return {{"mode", run.mode},
          {"sim_time_ns", run.sim_time_ns},
          {"held_back_ns", run.held_back_ns},
          {"total_ios", run.ios},
          {"io_bytes", run.io_bytes},
          {"cpu", CpuJson(run.cpu)},
          {"offload", OffloadJson(run.offload)},
          {"counters", run.counters},
          {"nic", run.nic},
          {"verification", VerificationJson(run.verification)}};
}

void AddDefects(const std::vector<DefectFinding>& from, std::vector<DefectFinding>* to) {
  for (const DefectFinding& defect : from) {
    const auto same = std::find_if(to->begin(), to->end(), [&defect](const DefectFinding& known) {
      return known.name == defect.name;
    });
    if (same == to->end()) {
      to->push_back(defect);
    } else {
      same->count += defect.count;
    }
  }
}

// One verdict over all modes: counts added up.
VerificationResult Overall(const ReplayResult& result) {
  VerificationResult all;
  all.verdict = result.runs.empty() ? "fail" : "pass";
  for (const ReplayRun& run : result.runs) {
    const VerificationResult& one = run.verification;
    if (!one.passed()) all.verdict = "fail";
    all.bytes_checked += one.bytes_checked;
    all.corrupt_delivered += one.corrupt_delivered;
    all.violations_total += one.violations_total;
    for (const auto& [name, count] : one.checks) all.checks[name] += count;
    for (const Violation& violation : one.violations)
      all.violations.push_back(
          {violation.law, run.mode + ": " + violation.detail, violation.defect});
    AddDefects(one.defects, &all.defects);
  }
  if (result.interrupted) {
    all.verdict = "fail";
    all.Add({"run_completes",
             absl::StrCat("interrupted when ", result.runs.size(), " modes had finished"), ""});
  }
  return all;
}

}  // namespace

bool ReplayResult::passed() const {
  bool moved = false;
  for (const ReplayRun& run : runs) {
    if (!run.verification.passed()) return false;
    moved = moved || run.io_bytes > 0;
  }
  for (const ReplayConnectionResult& connection : connections) {
    for (const ReplayConnectionRun& run : connection.runs)
      moved = moved || run.offload.payload_bytes > 0;
  }
  return moved && !interrupted;
}

size_t FullestMode(const ReplayResult& result) {
  for (const char* mode : {"ddp+crc", "ddp", "crc"}) {
    for (size_t i = 0; i < result.runs.size(); ++i) {
      if (result.runs[i].mode == mode) return i;
    }
  }
  return result.runs.empty() ? 0 : result.runs.size() - 1;
}

std::optional<size_t> TeardownMode(const ReplayResult& result,
                                   const ReplayConnectionResult& connection) {
  const size_t fullest = FullestMode(result);
  if (connection.runs.empty()) return std::nullopt;
  if (connection.runs[fullest].teardown.has_value()) return fullest;
  for (size_t i = 0; i < connection.runs.size(); ++i) {
    if (connection.runs[i].teardown.has_value()) return i;
  }
  return std::nullopt;
}

nlohmann::ordered_json ReplayJson(const ReplayResult& result, const Provenance& provenance) {
  Json connections = Json::array();
  for (const ReplayConnectionResult& connection : result.connections)
    connections.push_back(ConnectionJson(result, connection));
  Json runs = Json::array();
  for (const ReplayRun& run : result.runs) runs.push_back(RunJsonOf(run));
  return {{"format", kReplayFormat},
          {"provenance",
           {{"version", provenance.version},
            {"commit", provenance.commit},
            {"build", provenance.build},
            {"cost_profile", result.cost_profile}}},
          {"capture", result.name},
          {"packets", result.packets},
          {"bad_checksums", result.bad_checksums},
          {"skipped", result.skipped},
          {"ends_in_mid_record", result.ends_in_mid_record},
          {"duration_ns", result.duration_ns},
          {"mtu", result.mtu},
          {"notes", result.notes},
          {"connections", connections},
          {"runs", runs},
          {"comparison", ComparisonJson(result.comparison)},
          {"verification", VerificationJson(Overall(result))}};
}

}  // namespace ddpsim
