// What the jobs do, in fio's words, and what came out of it. Mirrors fio's options rw, bs, iodepth,
// numjobs, size, number_ios (over all jobs here), runtime, and of its results clat and bw. Left
// out: mixed reads and writes, rate limits, think time, random maps (an offset may come twice).
#ifndef DDPSIM_MODELS_NVME_HOST_LOAD_CONFIG_H_
#define DDPSIM_MODELS_NVME_HOST_LOAD_CONFIG_H_

#include <cstdint>

#include "ddpsim/base/latency_histogram.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

struct LoadConfig {
  bool random = true;
  bool write = false;
  uint32_t bs = 64 << 10;
  uint32_t iodepth = 32;
  uint32_t numjobs = 1;
  uint64_t size = uint64_t{1} << 30;
  uint64_t total_ios = 10'000;        // 0: runtime alone ends it
  SimTime runtime = SimTime::Zero();  // I/Os are issued that long; zero: total_ios alone ends it
  uint64_t ramp_ios = 0;              // before the window
  uint64_t seed = 1;
};

struct LoadStats {
  // Measured window: from the last ramp I/O's end (or the start) to the last counted one's.
  uint64_t ios = 0;
  uint64_t bytes = 0;
  uint64_t errors = 0;  // counted I/Os that failed for good
  SimTime window_start;
  SimTime window_end;
  LatencyHistogram clat;  // ns from submission to reaping, good I/Os
  // All I/Os, ramp included.
  uint64_t submitted = 0;
  uint64_t waits_for_tag = 0;  // how often a submitter found no tag; again only after one was freed
  uint64_t completed = 0;
  uint64_t bytes_checked = 0;
  uint64_t wrong_ios = 0;  // delivered as good, with a wrong byte
  uint64_t wrong_bytes = 0;
  uint64_t canaries_checked = 0;
  uint64_t canaries_damaged = 0;
  uint64_t first_wrong_offset = 0;  // on the device
};

// Told when the measured window begins and ends, at the very completion that does it.
class WindowObserver {
 public:
  virtual ~WindowObserver() = default;
  virtual void OnWindowStart(SimTime now) {}
  virtual void OnWindowEnd(SimTime now) {}
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_LOAD_CONFIG_H_
