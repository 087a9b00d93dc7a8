// A run made by hand, for what only reads results.
#ifndef DDPSIM_TESTS_SCENARIO_FORMAT_SAMPLE_RUN_H_
#define DDPSIM_TESTS_SCENARIO_FORMAT_SAMPLE_RUN_H_

#include <string>

#include "sim/result/run_result.h"

namespace ddpsim {

// 4000 reads of 64 KiB in one second, p50 1.5 ms; `cycles` per I/O, of which a third each in memcpy
// and CRC.
inline RunResult SampleRun(const std::string& mode, int64_t cycles_per_io) {
  RunResult run;
  run.mode = mode;
  run.ended_by = kEndedByIos;
  run.sim_time_ns = 1'100'000'000;
  run.window_ns = 1'000'000'000;
  run.read.total_ios = 4000;
  run.read.io_bytes = 4000 * 65536;
  run.read.bw_bytes = 4000 * 65536;
  run.read.iops = 4000;
  run.read.clat_ns = LatencyResult::Of({1'000'000, 1'500'000, 2'000'000});
  run.cpu.frequency_hz = 2'000'000'000;
  run.cpu.cores = 1;
  run.cpu.utilization = 0.5;
  const int64_t third = cycles_per_io * 4000 / 3;
  run.cpu.SetBreakdown({{"memcpy_erms", "kworker", third, 0},
                        {"crc32c_pcl_intel_update", "kworker", third, 0},
                        {"tcp_v4_rcv", "softirq", cycles_per_io * 4000 - 2 * third, 0},
                        {"nvme_tcp_verify_hdgst", "kworker", 0, 0}});
  run.cpu.cycles_per_io = static_cast<double>(cycles_per_io);
  run.offload.payload_bytes = 4000 * 65536;
  run.offload.not_placed["no_placement"] = 4000 * 65536;
  run.offload.pdus = 4000;
  run.offload.pdus_crc_software = 4000;
  run.offload.intervals.assign(10, 0.0);
  run.wire.c2h.packets = 200'000;
  run.wire.h2c.packets = 20'000;
  run.verification.verdict = "pass";
  run.verification.bytes_checked = 4000 * 65536;
  run.verification.checks["io_completion"] = 4000;
  run.fingerprint = "0123456789abcdef";
  return run;
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_SCENARIO_FORMAT_SAMPLE_RUN_H_
