// The real captures: what is in them, to the packet, and what the simulated host makes of it, to
// the byte. The counts are those that tshark gives (tests/data/captures/README.md).
#include <algorithm>
#include <string>
#include <vector>

#include "io_log.h"
#include "replay_bench.h"
#include "sim/replay/capture_survey.h"

namespace ddpsim {
namespace {

struct Expected {
  std::string name;
  DiskKind disk;
  int64_t packets;
  int64_t c2h_data, responses, r2ts, h2c_data;
  int64_t header_ok, header_bad, data_ok, data_bad;
  int64_t lost, retransmitted, reordered;
  int64_t h2c_retransmitted;
  int64_t reads, writes;
};

const std::vector<Expected>& Captures() {
  static const auto& captures = *new std::vector<Expected>{
      {"01", DiskKind::kIndex, 1333, 213, 227, 0, 0, 667, 0, 215, 0, 0, 0, 0, 0, 203, 0},
      {"02b", DiskKind::kIndex, 667, 37, 51, 0, 0, 139, 0, 39, 0, 16, 16, 0, 0, 27, 0},
      {"04", DiskKind::kIndex, 2511, 93, 107, 0, 0, 307, 0, 95, 0, 17, 17, 0, 0, 83, 0},
      {"05", DiskKind::kIndex, 2463, 133, 147, 0, 0, 0, 0, 135, 0, 45, 75, 62, 0, 123, 0},
      {"06", DiskKind::kIndex, 2845, 67, 147, 40, 40, 441, 0, 135, 0, 5, 5, 0, 8, 57, 66},
      {"08b", DiskKind::kFakeRecords, 2901, 93, 107, 0, 0, 307, 0, 95, 0, 33, 62, 46, 0, 83, 0},
      {"10", DiskKind::kIndex, 2195, 113, 14, 0, 0, 254, 0, 115, 0, 13, 13, 0, 0, 103, 0},
      {"11", DiskKind::kIndex, 2080, 135, 149, 0, 0, 433, 0, 115, 22, 0, 1, 0, 0, 125, 0}};
  return captures;
}

struct Sums {
  NamedCounts pdus;
  ReplayDigests header, data;
  ReplayWire c2h, h2c;
  int64_t reads = 0, writes = 0;
};

Sums SumOf(const ReplayResult& result) {
  Sums sums;
  for (const ReplayConnectionResult& c : result.connections) {
    for (const auto& [type, count] : c.pdus) sums.pdus[type] += count;
    sums.header.ok += c.header_digests.ok;
    sums.header.bad += c.header_digests.bad;
    sums.data.ok += c.data_digests.ok;
    sums.data.bad += c.data_digests.bad;
    sums.c2h.lost_before_capture += c.c2h.lost_before_capture;
    sums.c2h.retransmitted += c.c2h.retransmitted;
    sums.c2h.reordered += c.c2h.reordered;
    sums.h2c.lost_before_capture += c.h2c.lost_before_capture;
    sums.h2c.retransmitted += c.h2c.retransmitted;
    sums.h2c.reordered += c.h2c.reordered;
    sums.reads += c.read_commands;
    sums.writes += c.write_commands;
  }
  return sums;
}

TEST_CASE("real captures: PDUs, digests, commands and the packets' ways are counted to the unit") {
  for (const Expected& expected : Captures()) {
    INFO(expected.name);
    ReplayOptions options = OptionsFor(CapturePath(expected.name + ".pcap.gz"), {});
    const absl::StatusOr<CaptureSurvey> survey = SurveyCapture(options);
    REQUIRE(survey.ok());
    ReplayResult result;
    DescribeCapture(*survey, options, &result);
    Sums sums = SumOf(result);
    CHECK(result.packets == expected.packets);
    CHECK(result.bad_checksums == 0);
    CHECK(result.skipped["cut_by_snaplen"] == 0);
    CHECK(sums.pdus["C2HData"] == expected.c2h_data);
    CHECK(sums.pdus["CapsuleResp"] == expected.responses);
    CHECK(sums.pdus["R2T"] == expected.r2ts);
    CHECK(sums.pdus["H2CData"] == expected.h2c_data);
    CHECK(sums.pdus["ICReq"] == 2);
    CHECK(sums.pdus["ICResp"] == 2);
    CHECK(sums.header.ok == expected.header_ok);
    CHECK(sums.header.bad == expected.header_bad);
    CHECK(sums.data.ok == expected.data_ok);
    CHECK(sums.data.bad == expected.data_bad);
    CHECK(sums.c2h.lost_before_capture == expected.lost);
    CHECK(sums.c2h.retransmitted == expected.retransmitted);
    CHECK(sums.c2h.reordered == expected.reordered);
    CHECK(sums.h2c.lost_before_capture == 0);
    CHECK(sums.h2c.retransmitted == expected.h2c_retransmitted);
    CHECK(sums.h2c.reordered == 0);
    CHECK(sums.reads == expected.reads);
    CHECK(sums.writes == expected.writes);
    REQUIRE(result.connections.size() == 2);
    CHECK(result.connections[0].role == "admin");
    CHECK(result.connections[1].role == "io");
  }
}

TEST_CASE("real captures: every read delivers what the I/O log and the disk say, in every mode") {
  for (const Expected& expected : Captures()) {
    INFO(expected.name);
    const std::vector<LoggedIo> log = ReadIoLog(expected.name);
    ReplayOptions options = OptionsFor(CapturePath(expected.name + ".pcap.gz"), Scenario().compare);
    std::vector<std::vector<std::pair<uint64_t, size_t>>> delivered(5);
    uint64_t wrong = 0;
    uint64_t wrong_refused = 0;
    options.on_read = [&](Mode mode, const DeliveredRead& read) {
      const size_t bad = WrongBytes(expected.disk, log, read.slba * 512, read.bytes);
      (read.ok ? wrong : wrong_refused) += bad;
      if (read.ok)
        delivered[static_cast<size_t>(mode)].emplace_back(read.slba * 512, read.bytes.size());
    };
    const ReplayResult result = Replay(options);
    CheckAccounts(result);
    CHECK(wrong == 0);
    CHECK((wrong_refused != 0) == (expected.data_bad != 0));
    for (auto& reads : delivered) {
      // Each logged read is among them; what else there is, the kernel's partition scan asked for.
      std::sort(reads.begin(), reads.end());
      std::vector<std::pair<uint64_t, size_t>> asked;
      for (const LoggedIo& io : log) {
        if (!io.write) asked.emplace_back(io.offset, io.length);
      }
      std::sort(asked.begin(), asked.end());
      CHECK(std::includes(reads.begin(), reads.end(), asked.begin(), asked.end()));
      CHECK(reads.size() == asked.size() + 3);
    }
  }
}

TEST_CASE(
    "real captures: with 4 KiB as threshold the NIC places and verifies most of a clean one") {
  ReplayOptions options = OptionsFor(CapturePath("01.pcap.gz"), {Mode::kSoftware, Mode::kDdpCrc});
  options.scenario.host.nic.offload.io_threshold = 4096;
  const ReplayResult result = Replay(options);
  CheckAccounts(result);
  const OffloadResult& offload = result.runs[1].offload;
  CHECK(offload.placed_fraction > 0.8);
  CHECK(offload.crc_offloaded_fraction > 0.99);
  CHECK(offload.resync.requests == 0);
}

TEST_CASE("real captures: answers that are to be lost are lost from the first on") {
  const auto placed = [](double loss) {
    ReplayOptions options = OptionsFor(CapturePath("05.pcap.gz"), {Mode::kDdpCrc});
    options.scenario.host.nic.offload.io_threshold = 4096;
    options.scenario.host.nic.offload.resync_faults.loss = loss;
    const ReplayResult result = Replay(options);
    CheckAccounts(result);
    return result.runs[0].offload.placed_fraction;
  };
  CHECK(placed(0) > 0.5);
  CHECK(placed(1) < 0.1);
}

TEST_CASE("real captures: lost headers are searched, found and told as episodes") {
  const ReplayResult result = Replay(OptionsFor(CapturePath("08b.pcap.gz"), {Mode::kDdpCrc}));
  const ReplayConnectionRun& run = result.connections[1].runs[0];
  REQUIRE(!run.episodes.empty());
  CHECK(run.offload.resync.responses > 0);
  CHECK(run.offload.resync.false_matches > 0);  // the disk is full of false headers
  for (const ResyncEpisode& episode : run.episodes) {
    CHECK(episode.end_ns >= episode.start_ns);
    CHECK(episode.bytes_lost > 0);
    CHECK(episode.requests > 0);
  }
}

TEST_CASE("real captures: what the context misses is judged, frame by frame, where there is one") {
  const ReplayResult result =
      Replay(OptionsFor(CapturePath("02b.pcap.gz"), {Mode::kSoftware, Mode::kDdp, Mode::kDdpCrc}));
  CheckAccounts(result);
  const auto looked = [&](size_t mode) {
    const NamedCounts& checks = result.runs[mode].verification.checks;
    const auto it = checks.find("offloads_all_it_must");
    return it == checks.end() ? 0 : it->second;
  };
  CHECK(looked(0) == 0);
  CHECK(looked(1) > 300);
  CHECK(looked(2) == looked(1));
}

TEST_CASE("real captures: at full speed in place of capture time nothing is lost either") {
  ReplayOptions options = OptionsFor(CapturePath("04.pcap.gz"), {Mode::kSoftware, Mode::kDdpCrc});
  options.speed = 0;
  const ReplayResult result = Replay(options);
  CheckAccounts(result);
  CHECK(result.runs[0].sim_time_ns < 1'000'000'000);
  CHECK(result.connections[1].runs[0].reads == 83);
  CHECK(result.connections[1].runs[1].read_bytes == result.connections[1].runs[0].read_bytes);
}

TEST_CASE("real captures: the same capture gives the same figures twice") {
  const ReplayOptions options = OptionsFor(CapturePath("05.pcap.gz"), {Mode::kDdpCrc});
  const ReplayResult a = Replay(options);
  const ReplayResult b = Replay(options);
  CHECK(a.runs[0].cpu.busy_cycles == b.runs[0].cpu.busy_cycles);
  CHECK(a.runs[0].nic == b.runs[0].nic);
  CHECK(a.runs[0].offload.not_placed == b.runs[0].offload.not_placed);
}

}  // namespace
}  // namespace ddpsim
