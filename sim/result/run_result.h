// Everything that one run (one scenario or variant in one mode) tells: the hand-over between the
// bench, which fills it in, and reports, expectations and comparison, which only read it. One
// element of runs[] in the result file. Invariant: holds no wall-clock time, host name or path, so
// the same seed gives the same RunResult.
#ifndef DDPSIM_SIM_RESULT_RUN_RESULT_H_
#define DDPSIM_SIM_RESULT_RUN_RESULT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/result/cpu_result.h"
#include "sim/result/io_result.h"
#include "sim/result/offload_result.h"
#include "sim/result/result_fields.h"
#include "sim/result/tcp_result.h"
#include "sim/result/verification_result.h"
#include "sim/result/warning.h"
#include "sim/result/wire_result.h"

namespace ddpsim {

// What ended a run; only the first two are an orderly end.
inline constexpr char kEndedByIos[] = "total_ios";
inline constexpr char kEndedByRuntime[] = "runtime";
inline constexpr char kEndedByInterrupt[] = "interrupted";
inline constexpr char kEndedByConnectFailure[] = "connect_failed";
inline constexpr char kEndedByControllerLoss[] = "ctrl_loss_tmo";
inline constexpr char kEndedByEndOfTime[] = "end_of_time";
inline constexpr char kEndedByStall[] = "stalled";

struct RunResult {
  std::string mode;
  std::string variant;  // empty: the scenario itself
  std::string ended_by = kEndedByStall;
  std::string end_reason;  // in words, when the run was cut short
  int64_t sim_time_ns = 0;
  int64_t window_ns = 0;
  IoResult read;
  IoResult write;
  CpuResult cpu;
  OffloadResult offload;
  NamedCounts counters;
  NamedCounts nic;
  NamedCounts host;
  TcpResult tcp;
  WireResult wire;
  ProtocolResult protocol;
  VerificationResult verification;
  std::string fingerprint;        // 16 hex digits
  std::vector<Warning> warnings;  // told once for all runs of a scenario

  int64_t total_ios() const { return read.total_ios + write.total_ios; }
  int64_t io_bytes() const { return read.io_bytes + write.io_bytes; }
  bool complete() const { return ended_by == kEndedByIos || ended_by == kEndedByRuntime; }
  // Latency of the direction that the workload uses.
  const LatencyResult& clat() const { return read.total_ios > 0 ? read.clat_ns : write.clat_ns; }

  template <class V>
  void Describe(V& v) const {
    v.Text("mode", mode, "mode of the run");
    v.Text("variant", variant, "variant of the scenario; empty: the scenario itself");
    v.Text(
        "ended_by", ended_by,
        "total_ios or runtime, whichever came first; the run was cut short: interrupted, "
        "connect_failed (the load never began), ctrl_loss_tmo (the initiator gave the controller "
        "up), end_of_time (after 100 simulated days), stalled (a bug of the model)");
    v.Text("end_reason", end_reason, "why the run was cut short, in words; empty: it was not");
    v.Integer("sim_time_ns", sim_time_ns, "ns", "simulated time of the whole run");
    v.Integer("window_ns", window_ns, "ns",
              "the measured window: from the end of the ramp to the last counted completion");
    v.Group("read", read, "reads of the measured window");
    v.Group("write", write, "writes of the measured window");
    v.Group("cpu", cpu, "cycles of the measured window");
    v.Group("offload", offload, "the receive offload in the measured window, I/O queues only");
    v.Counts("counters", counters, "",
             "the driver's counters under the names of the kernel's netlink spec ulp_ddp");
    v.Counts("nic", nic, "", "the NIC's own counters");
    v.Counts("host", host, "", "the host's software: interrupts, polls, io_work and the like");
    v.Group("tcp", tcp, "TCP, all connections, whole run");
    v.Group("wire", wire, "the link, whole run");
    v.Group("protocol", protocol, "NVMe/TCP, all connections, whole run");
    v.Group("verification", verification, "what the law checkers found");
    v.Text("fingerprint", fingerprint, "digest of all that happened; differs when anything does");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_RUN_RESULT_H_
