// The TCP under test: one Connection driven in virtual time, without link, CPU or device. What it
// sends is cut to MSS pieces, as a TSO device would, and waits in `sent` with its time and in the
// script's numbers. Invariant: time never runs back; an action happens after all timers due by
// then.
#ifndef DDPSIM_SIM_TCP_CHECK_TRACE_ENDPOINT_H_
#define DDPSIM_SIM_TCP_CHECK_TRACE_ENDPOINT_H_

#include <cstdint>
#include <deque>
#include <memory>

#include "models/tcp/connection.h"
#include "sim/tcp_check/trace.h"

namespace ddpsim {

struct SentSegment {
  int64_t us = 0;
  TraceSegment segment;       // ts.val is the endpoint's own
  uint32_t absolute_seq = 0;  // resets for no connection are not relative to anything
};

class TraceEndpoint {
 public:
  explicit TraceEndpoint(const TcpConfig& config) : config_(config) {}

  std::deque<SentSegment> sent;

  int64_t now() const { return now_; }
  // Runs all timers due at or before `us`; stops early once `sent` holds `enough` segments.
  void Advance(int64_t us, size_t enough = SIZE_MAX);

  void Listen();
  void Accept() { connection().Accept(); }
  void Connect();
  bool Accepted() const;
  // `ecr`: the timestamp to echo, in the endpoint's numbers.
  void Inject(const TraceSegment& segment, uint32_t gso_size, uint32_t ecr);
  // What write() and read() return: bytes, 0 or -1.
  int64_t Write(int64_t length, WriteFlags flags, bool blocking);
  int64_t Read(int64_t most, bool peek);
  // What TCP_INQ tells after a read: 1 at the end of the stream, where nothing is left
  // (tcp_inq_hint()).
  int64_t InqHint();
  // Bytes that a blocking write() still waits to hand over.
  int64_t blocked() const { return blocked_; }
  void Close();
  void Shutdown(bool read, bool write);
  void SetOption(const TraceSetting& option);
  void SetSysctl(const TraceSetting& sysctl);

  // Seen now: ages and running times count up to this moment.
  const Connection& state();

 private:
  Connection& connection();
  int64_t Take(int64_t length, WriteFlags flags);
  // True if the option lives in TcpConfig.
  bool SetInConfig(const TraceSetting& option);
  void Collect();
  void Cut(const TxSegment& segment);
  SimTime time() const { return SimTime::Us(now_); }

  TcpConfig config_;
  SkbPool pool_;
  std::unique_ptr<Connection> connection_;
  TcpActions actions_;
  int64_t now_ = 0;
  uint32_t next_byte_ = 0;
  int64_t blocked_ = 0;
  WriteFlags blocked_flags_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_TRACE_ENDPOINT_H_
