// What a replay charges is what its host did: units of a row, by the symbols of the result.
#include <cmath>
#include <string>

#include "ddpsim/net/cost.h"
#include "replay_bench.h"
#include "sim/system/cost_profile.h"

namespace ddpsim {
namespace {

// Units of the only row of `symbol`.
int64_t Units(const CpuResult& cpu, const std::string& symbol) {
  const absl::StatusOr<CostProfile> profile = LoadCostProfile("e5-2660v4");
  REQUIRE(profile.ok());
  for (size_t row = 0; row < kCostRows; ++row) {
    if (symbol != kCostRowNames[row].symbol) continue;
    const auto found = cpu.symbols.find(symbol);
    REQUIRE(found != cpu.symbols.end());
    return std::llround(static_cast<double>(found->second) * 1000 /
                        static_cast<double>(profile->costs.millicycles[row]));
  }
  FAIL(symbol);
  return 0;
}

}  // namespace

TEST_CASE("a replay charges each command once, and each turn of io_work and each send its lock") {
  const ReplayResult result =
      Replay(OptionsFor(CapturePath("05.pcap.gz"), {Mode::kSoftware, Mode::kDdpCrc}));
  int64_t responses = 0, commands = 0;
  for (const ReplayConnectionResult& connection : result.connections) {
    responses += connection.pdus.at("CapsuleResp");
    commands += connection.pdus.at("CapsuleCmd");
  }
  for (const ReplayRun& run : result.runs) {
    INFO(run.mode);
    CHECK(Units(run.cpu, "blk_mq_complete_request") == responses);
    CHECK(Units(run.cpu, "nvme_tcp_queue_rq") == responses);
    const int64_t turns = Units(run.cpu, "nvme_tcp_io_work");
    CHECK(turns > 0);
    // Each turn, each command sent, and the end of each connection.
    CHECK(Units(run.cpu, "nvme_tcp_try_send_cmd_pdu") == commands);
    CHECK(Units(run.cpu, "lock_sock_nested") ==
          turns + commands + static_cast<int64_t>(result.connections.size()));
    // data_ready queues io_work unless it is queued already.
    const int64_t ready = Units(run.cpu, "nvme_tcp_data_ready");
    const int64_t queued = Units(run.cpu, "queue_work_on");
    CHECK(queued > 0);
    CHECK(ready >= queued);
    CHECK(turns >= queued);
  }
}

}  // namespace ddpsim
