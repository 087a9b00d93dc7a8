// Small captures of what controllers other than nvmet may send (tests/data/cases/replay).
#include <algorithm>

#include "replay_bench.h"

namespace ddpsim {
namespace {

ReplayResult ReplayCase(const std::string& name, const char* verdict = "pass") {
  ReplayResult result =
      Replay(OptionsFor(std::string(DDPSIM_TEST_DATA) + "/cases/replay/" + name + ".pcap.gz",
                        {Mode::kSoftware, Mode::kCrc, Mode::kDdp, Mode::kDdpCrc}));
  CheckAccounts(result, verdict);
  return result;
}

std::string Reason(const ReplayResult& result, size_t mode) {
  const auto& teardown = result.connections[0].runs[mode].teardown;
  return teardown.has_value() ? teardown->reason : "none";
}

bool Told(const ReplayResult& result, const std::string& part) {
  return std::any_of(result.notes.begin(), result.notes.end(), [&part](const std::string& note) {
    return note.find(part) != std::string::npos;
  });
}

TEST_CASE("cases: a response twice, and one after SUCCESS") {
  for (const char* name : {"response-twice", "success-and-response"}) {
    const ReplayResult result = ReplayCase(name);
    CHECK(result.passed());
    CHECK(Reason(result, 0) == "ended_command");
    for (const size_t offload : {1, 2, 3}) {
      CHECK(Reason(result, offload) == "none");
      CHECK(result.connections[0].runs[offload].completed_twice == 1);
    }
    CHECK(Told(result, "its request has ended"));
    CHECK(Told(result, "blk-mq warns"));
  }
}

TEST_CASE("cases: an R2T of length zero") {
  const ReplayResult result = ReplayCase("r2t-zero");
  CHECK(result.passed());
  for (const size_t mode : {0, 1, 2, 3}) CHECK(Reason(result, mode) == "r2t_empty");
  CHECK(Told(result, "R2T of cid 0x2: length is 0"));
}

TEST_CASE("cases: MAXH2CDATA of 100") {
  const ReplayResult result = ReplayCase("maxh2cdata-100", "fail");
  for (const size_t mode : {0, 1, 2, 3}) {
    CHECK(Reason(result, mode) == "icresp_maxh2cdata");
    CHECK(result.connections[0].runs[mode].reads == 0);
  }
  CHECK(Told(result, "invalid maxh2cdata returned: 100"));
  CHECK(Told(result, "the recorded host accepted that and sent 4 more commands"));
}

TEST_CASE("cases: a C2HData without data and without PDO does not cost the NIC its place") {
  const ReplayResult result = ReplayCase("c2hdata-empty");
  CHECK(result.passed());
  const OffloadResult& offload = result.connections[0].runs[3].offload;
  CHECK(offload.resync.requests == 0);
  CHECK(offload.placed_bytes == offload.payload_bytes);
  CHECK(result.connections[0].runs[0].reads == 3);
}

TEST_CASE("cases: padding up to PDO is honoured by host, NIC and walk") {
  const ReplayResult result = ReplayCase("hpda-3");
  CHECK(result.passed());
  for (const size_t mode : {0, 1, 2, 3}) {
    CHECK(Reason(result, mode) == "none");
    CHECK(result.connections[0].runs[mode].reads == 1);
  }
  const OffloadResult& offload = result.connections[0].runs[3].offload;
  CHECK(offload.placed_bytes == 65536);
  CHECK(offload.pdus_crc_offloaded == 1);
}

TEST_CASE("cases: a read larger than a mapping is not placed, for a reason of its own") {
  const ReplayResult result = ReplayCase("read-1m");
  CHECK(result.passed());
  const OffloadResult& offload = result.connections[0].runs[3].offload;
  CHECK(offload.not_placed.at("above_sgl_limit") == 1048576);
  CHECK(offload.not_placed.count("not_mapped") == 0);
  CHECK(Told(result, "the block layer of a host with the offload would have split"));
}

}  // namespace
}  // namespace ddpsim
