// What `ddpsim replay` tells of a capture (format "ddpsim-replay/1"): counts of what is in it, and,
// per connection and mode, what the NIC would have done with it. Invariant: the same capture and
// options give the same result.
#ifndef DDPSIM_SIM_RESULT_REPLAY_RESULT_H_
#define DDPSIM_SIM_RESULT_REPLAY_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/result/comparison.h"
#include "sim/result/cpu_result.h"
#include "sim/result/offload_result.h"
#include "sim/result/result_fields.h"
#include "sim/result/verification_result.h"

namespace ddpsim {

struct ReplayWire {
  int64_t packets = 0;
  int64_t lost_before_capture = 0;
  int64_t retransmitted = 0;
  int64_t reordered = 0;
  int64_t missing_bytes = 0;  // stream bytes that no record holds
  int64_t cut_packets = 0;
  int64_t bad_checksums = 0;
  int64_t offloaded_checksums = 0;
  int64_t super_segments = 0;
  bool by_ip_ids = false;
  bool ends_in_mid_pdu = false;
  int64_t walk_resyncs = 0;
  int64_t walk_skipped_bytes = 0;
};

struct ReplayDigests {
  int64_t ok = 0;
  int64_t bad = 0;
  int64_t unverifiable = 0;
};

// A time in which the NIC had lost its place in a connection.
struct ResyncEpisode {
  int64_t start_ns = 0;  // since the capture's first record
  int64_t end_ns = -1;   // -1: it never found back
  std::string cause;
  int64_t requests = 0;
  int64_t bytes_lost = 0;  // stream bytes that passed meanwhile
};

// Where the recorded stream goes on but this host would have torn the connection down.
struct HostTeardown {
  int64_t time_ns = 0;
  std::string reason;          // a name to count by
  std::string cause;           // in the kernel's words
  int64_t bytes_after = 0;     // of the C2H stream, from there to its end
  int64_t commands_after = 0;  // that the recorded host sent: it did not mind
};

// One connection in one mode.
struct ReplayConnectionRun {
  OffloadResult offload;
  CpuResult cpu;
  bool shares_core = false;
  std::vector<ResyncEpisode> episodes;
  std::optional<HostTeardown> teardown;
  int64_t joins = 0;  // times the stream was entered in its middle
  int64_t late_setups = 0;
  int64_t unknown_responses = 0;
  int64_t completed_twice = 0;  // responses to requests that had ended, which no generation tells
  int64_t datao_ignored = 0;    // C2HData whose DATAO is not where their request stands
  int64_t reads = 0;
  int64_t read_bytes = 0;
  int64_t failed = 0;
};

struct ReplayConnectionResult {
  std::string tuple;
  std::string role;  // "admin", "io" or "unknown"
  bool from_start = false;
  bool header_digest = false;
  bool data_digest = false;
  bool cid_generations = false;
  NamedCounts pdus;
  ReplayDigests header_digests;
  ReplayDigests data_digests;
  int64_t read_commands = 0;
  int64_t write_commands = 0;
  int64_t unfinished_commands = 0;
  ReplayWire c2h;
  ReplayWire h2c;
  std::vector<ReplayConnectionRun> runs;  // per mode
};

struct ReplayRun {
  std::string mode;
  int64_t sim_time_ns = 0;
  int64_t held_back_ns = 0;  // the capture was faster than the simulated host
  CpuResult cpu;
  OffloadResult offload;  // of all I/O queues
  NamedCounts counters;
  NamedCounts nic;
  VerificationResult verification;
  int64_t ios = 0;
  int64_t io_bytes = 0;
};

struct ReplayResult {
  std::string name;  // of the capture, without folders
  int64_t packets = 0;
  int64_t bad_checksums = 0;
  NamedCounts skipped;
  bool ends_in_mid_record = false;
  int64_t duration_ns = 0;
  int64_t mtu = 0;
  std::vector<std::string> notes;  // what a reader should know of the capture
  std::vector<ReplayConnectionResult> connections;
  std::vector<ReplayRun> runs;
  Comparison comparison;
  std::string cost_profile;
  bool interrupted = false;

  // Every law held in every mode, and data was moved.
  bool passed() const;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_REPLAY_RESULT_H_
