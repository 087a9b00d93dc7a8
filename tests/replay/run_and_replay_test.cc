// `run --pcap`, then `replay` of that file: the NIC decides the same about every packet, although
// the second time it knows nothing but frames and WQEs.
#include <string>
#include <vector>

#include "models/capture/capture_reader.h"
#include "replay_bench.h"
#include "sim/scenario/scenario_loader.h"
#include "sim/system/run.h"
#include "tests/support/capture_builder.h"

namespace ddpsim {
namespace {

struct Decision {
  int64_t time_ns;
  std::string comment;
};

// Of the packets that the host received.
std::vector<Decision> DecisionsIn(const std::string& path) {
  auto reader = CaptureReader::Open(path);
  REQUIRE(reader.ok());
  std::vector<Decision> out;
  CaptureRecord record;
  for (;;) {
    const absl::StatusOr<bool> more = (*reader)->Next(&record);
    REQUIRE(more.ok());
    if (!*more) return out;
    if (record.direction == CaptureDirection::kInbound)
      out.push_back({record.time_ns, std::string(record.comment)});
  }
}

// Packets whose decisions differ; `*decisions`: of the run.
size_t Differences(const std::string& scenario, std::vector<Decision>* decisions) {
  const LoadResult loaded = LoadScenario(scenario, "test", {});
  REQUIRE(loaded.plan.has_value());
  const TempFile ran({}, ".pcapng");
  const TempFile replayed({}, ".pcapng");
  RunOptions run;
  run.pcap_file = ran.path();
  const absl::StatusOr<RunResult> result = RunMode(loaded.plan->scenario, Mode::kDdpCrc, run);
  REQUIRE(result.ok());
  REQUIRE(result->verification.verdict == "pass");

  ReplayOptions options = OptionsFor(ran.path(), {Mode::kDdpCrc});
  options.scenario.host = loaded.plan->scenario.host;
  options.pcap_file = [&](Mode) { return replayed.path(); };
  const ReplayResult played = Replay(options);
  CheckAccounts(played);
  *decisions = DecisionsIn(ran.path());
  const std::vector<Decision> again = DecisionsIn(replayed.path());
  REQUIRE(again.size() == decisions->size());
  size_t different = 0;
  for (size_t i = 0; i < again.size(); ++i) {
    REQUIRE(again[i].time_ns == (*decisions)[i].time_ns);
    if (again[i].comment == (*decisions)[i].comment) continue;
    ++different;
    UNSCOPED_INFO("packet " << i << ": " << (*decisions)[i].comment << " | " << again[i].comment);
  }
  return different;
}

size_t CountWith(const std::vector<Decision>& decisions, const std::string& word) {
  size_t count = 0;
  for (const Decision& decision : decisions)
    count += decision.comment.find(word) != std::string::npos;
  return count;
}

TEST_CASE("run and replay: on a clean network each packet meets the same decision") {
  std::vector<Decision> decisions;
  CHECK(
      Differences(R"({"workload": {"bs": "64k", "iodepth": 32, "total_ios": 300, "size": "64m"}})",
                  &decisions) == 0);
  CHECK(CountWith(decisions, "placed") > 10000);
}

TEST_CASE("run and replay: under loss each packet meets the same decision, resyncs included") {
  std::vector<Decision> decisions;
  CHECK(Differences(
            R"({"workload": {"bs": "64k", "iodepth": 32, "total_ios": 600, "size": "64m"},
                "network": {"c2h": {"loss": {"model": "bernoulli", "probability": 0.01}}}})",
            &decisions) == 0);
  CHECK(CountWith(decisions, "retransmission") > 50);
  CHECK(CountWith(decisions, "resync request") > 0);
}

TEST_CASE(
    "run and replay: with reordering and header digests each packet meets the same decision") {
  std::vector<Decision> decisions;
  CHECK(Differences(
            R"({"workload": {"bs": "32k", "iodepth": 4, "total_ios": 300, "size": "64m"},
                "host": {"nvme": {"header_digest": true}},
                "network": {"c2h": {"reorder": {"probability": 0.01, "delay_us": 50}}}})",
            &decisions) == 0);
  CHECK(CountWith(decisions, "reanchor") + CountWith(decisions, "resync request") > 0);
}

}  // namespace
}  // namespace ddpsim
