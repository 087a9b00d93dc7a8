// One file of the format tcp-trace-test/1 as values: what the peer injects, what the application
// does and which segments the endpoint must send. Sequence numbers are relative to the SYNs, times
// are microseconds. Only the reader fills it; the runner never changes it.
#ifndef DDPSIM_SIM_TCP_CHECK_TRACE_H_
#define DDPSIM_SIM_TCP_CHECK_TRACE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/tcp/config.h"

namespace ddpsim {

enum class TraceOp : uint8_t {
  kListen,
  kConnect,
  kAccept,
  kInject,
  kExpect,
  kWrite,
  kRead,
  kClose,
  kShutdown,
  kSetopt,
  kAssert,
  kConfig,
  kWait
};

struct TraceSegment {
  using Range = std::pair<uint32_t, uint32_t>;
  struct Timestamps {
    uint32_t val = 0;
    uint32_t ecr = 0;
  };

  uint8_t flags = 0;
  uint32_t seq = 0;
  uint32_t len = 0;
  std::optional<uint32_t> ack;
  std::optional<int64_t> win;  // none: not compared
  uint16_t win_raw = 0;
  bool any_options = true;
  std::optional<uint16_t> mss;
  std::optional<uint8_t> wscale;
  bool sack_ok = false;
  std::optional<Timestamps> ts;
  std::vector<Range> sack;
  std::string ip_ecn;  // "": not compared, and not ECT when injected
};

struct TraceTime {
  bool absolute = false;
  bool any = false;
  int64_t earliest = 0;
  int64_t latest = 0;
};

struct TraceCheck {
  std::string field;
  std::string op;
  std::string text;  // the value if it is a word
  std::optional<int64_t> number;
};

// A setting of `setopt` or `config`: its name and one or several numbers, or a word.
struct TraceSetting {
  std::string name;
  std::string text;
  std::vector<int64_t> numbers;
};

struct TraceEvent {
  TraceOp op = TraceOp::kWait;
  int line = 0;
  TraceTime time;
  int64_t nominal_us = 0;
  int64_t tolerance_us = 4000;
  TraceSegment segment;
  uint32_t gso_size = 0;
  int64_t length = 0;  // of write; the maximum of read
  int64_t result = 0;
  bool more = false;
  bool eor = false;
  bool blocking = false;
  int64_t done_us = 0;
  bool peek = false;
  std::optional<int64_t> unread_after;
  bool shut_read = false;
  bool shut_write = false;
  std::vector<TraceSetting> settings;
  std::vector<TraceCheck> checks;
  size_t not_converted = 0;  // state checks that the file could not express
};

struct Trace {
  std::string name;
  std::string test_class;
  std::string group;
  std::vector<std::string> needed;  // `requires`
  TcpConfig config;
  bool probes_mtu = false;  // sysctl tcp_mtu_probing: not modelled
  bool exact_segments = false;
  bool check_ts_val = false;
  bool exact_ecr = true;
  int64_t ts_tick_us = 1000;
  std::vector<TraceEvent> events;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_TRACE_H_
