// What a replay is asked for: the capture, what is known of it, and the host to put in its place.
#ifndef DDPSIM_SIM_REPLAY_REPLAY_OPTIONS_H_
#define DDPSIM_SIM_REPLAY_REPLAY_OPTIONS_H_

#include <csignal>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ddpsim/base/bytes.h"
#include "sim/scenario/scenario.h"

namespace ddpsim {

// A read of the capture as the simulated host has it in its buffer.
struct DeliveredRead {
  size_t connection = 0;  // as in the results
  uint64_t slba = 0;
  uint32_t blocks = 0;
  ByteSpan bytes;
  bool ok = false;  // a good status, and all bytes
};

struct ReplayOptions {
  std::string file;
  std::vector<uint16_t> ports = {4420};  // of targets
  // Of connections that begin before the capture; nothing: told by their PDUs.
  std::optional<bool> header_digest;
  std::optional<bool> data_digest;
  uint32_t mtu = 0;  // 0: from the SYNs, or the largest packet
  // Capture time runs so much faster; 0: as fast as a 100 Gb/s link and the host let it.
  double speed = 1;
  // Revision of the patch series, 1 .. 30, with its own limits and its own resync answer; 0: what
  // the scenario's host says.
  uint32_t driver = 0;
  uint32_t cores = 0;  // 0: one per connection, up to kMaxOwnCores
  // Modes to run and the host's settings; workload, network and target are not used.
  Scenario scenario;
  // Where the annotated capture goes, one file per mode; empty: nowhere.
  std::function<std::string(Mode)> pcap_file;
  const volatile std::sig_atomic_t* interrupt = nullptr;
  std::function<void(const char* what, uint64_t records)> progress;
  std::function<void(Mode, const DeliveredRead&)> on_read;
};

// Simulated time that a capture may take; SimTime ends at 106 days.
inline constexpr int64_t kLongestPlay = int64_t{50} * 24 * 3600 * 1'000'000'000;

// Each has receive rings of its own, some megabytes.
inline constexpr uint32_t kMaxOwnCores = 8;

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_REPLAY_OPTIONS_H_
