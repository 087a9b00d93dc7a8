// C2HData whose DATAO is not where the request stands: nvme-tcp puts it where it stands, the NIC
// where DATAO says, and the driver of the series loses its way.
#include <algorithm>

#include "replay_bench.h"
#include "tests/support/nvme_capture.h"

namespace ddpsim {
namespace {

constexpr uint32_t kHalf = 32768;
constexpr const char* kDefect = "backward DATAO";

ReplayResult ReplayOf(const NvmeCapture& capture, double speed) {
  const TempFile file(capture.file());
  ReplayOptions options = OptionsFor(file.path(), {Mode::kSoftware, Mode::kDdp, Mode::kDdpCrc});
  options.speed = speed;
  return Replay(options);
}

bool Names(const ReplayRun& run, const std::string& defect) {
  const auto& defects = run.verification.defects;
  return std::any_of(defects.begin(), defects.end(),
                     [&defect](const auto& found) { return found.name == defect; });
}

bool Broke(const ReplayRun& run, const std::string& law) {
  const auto& violations = run.verification.violations;
  return std::any_of(violations.begin(), violations.end(),
                     [&law](const Violation& violation) { return violation.law == law; });
}

TEST_CASE("datao: what the driver loses by one that goes back is named, and the host goes on") {
  for (const double speed : {0.0, 1.0}) {
    NvmeCapture capture;
    capture.Read(1, 2 * kHalf);
    capture.Command(2, kNvmeCmdRead, 2 * kHalf);
    capture.Data(2, kHalf, kHalf, false);
    capture.Data(2, 0, kHalf);
    capture.Response(2);
    for (uint16_t cid = 3; cid < 6; ++cid) capture.Read(cid, 2 * kHalf);
    const ReplayResult result = ReplayOf(capture, speed);
    CHECK(result.runs[0].verification.verdict == "pass");
    for (const size_t mode : {1, 2}) {
      INFO("speed " << speed << " mode " << mode);
      CHECK(result.runs[mode].verification.verdict == "fail");
      CHECK(Names(result.runs[mode], kDefect));
      CHECK(!Broke(result.runs[mode], "tcp_bytes_in_bytes_out"));
      // At full speed the buffer is not mapped in time for what the driver would lose.
      if (speed > 0) CHECK(result.connections[0].runs[mode].joins >= 1);
      CHECK(result.connections[0].runs[mode].reads >= 3);
    }
  }
}

TEST_CASE("datao: a PDU that comes twice is named though its header is never read") {
  for (const double speed : {0.0, 1.0}) {
    NvmeCapture capture;
    capture.Command(2, kNvmeCmdRead, 2 * kHalf);
    capture.Data(2, 0, kHalf, false);
    capture.Data(2, kHalf, kHalf, false);
    capture.Data(2, kHalf, kHalf);
    capture.Response(2);
    const ReplayResult result = ReplayOf(capture, speed);
    for (const size_t mode : {1, 2}) {
      INFO("speed " << speed << " mode " << mode);
      CHECK(Broke(result.runs[mode], "dma_inside_live_mapping"));
      CHECK(Names(result.runs[mode], kDefect));
    }
  }
}

}  // namespace
}  // namespace ddpsim
