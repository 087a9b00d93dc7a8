#include "models/pcie/tlp_timing.h"

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

// Femtoseconds of one byte on one lane before encoding: 2.5, 5, 8, 16, 32 GT/s.
constexpr uint64_t kFsPerByteOfLane[] = {3'200'000, 1'600'000, 1'000'000, 500'000, 250'000};

}  // namespace

TlpTiming::TlpTiming(const PcieConfig& config)
    : mps_(static_cast<uint64_t>(config.mps)), mrrs_(static_cast<uint64_t>(config.mrrs)) {
  SIM_CHECK(config.gen >= 1 && config.gen <= 5 && config.lanes > 0 && mps_ > 0 && mrrs_ > 0);
  uint64_t fs = kFsPerByteOfLane[config.gen - 1];
  fs = config.gen < 3 ? fs * 10 / 8 : fs * 130 / 128;  // 8b/10b, 128b/130b
  // DLLPs take 8 %: 57.88 of 62.96 Gb/s are left for TLPs on gen3 x8 (SIGCOMM'18 section 3).
  fs = fs * 6296 / 5788;
  fs_per_byte_ = fs / static_cast<uint64_t>(config.lanes);
}

}  // namespace ddpsim
