// A load on the host: its jobs, the measured window, and the result. Mirrors what fio's parent
// process does with ramp, number_ios and runtime, but for one thing: the ramp is waited for. Its
// I/Os and the counted ones are shared out over the jobs beforehand; the window opens when the last
// ramp I/O was reaped, with nothing in flight, and closes when the last counted one was. fio counts
// what was in flight when its ramp ended: I/Os whose data had arrived by then make a short window
// faster than the line. Invariants: an I/O that is counted was issued, arrived and was reaped in
// the window; no other I/O is in flight while the window is open; so cycles of the window are those
// of the counted I/Os.
#ifndef DDPSIM_MODELS_NVME_HOST_LOAD_H_
#define DDPSIM_MODELS_NVME_HOST_LOAD_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "models/nvme_host/job.h"

namespace ddpsim {

class Load final : private JobEvents {
 public:
  // Job k works on queues[k mod queues], core k mod cores. REQUIRES: queues is not empty; bs and
  // size are at least a block.
  Load(const LoadConfig& config, const Content& content, HostMemory* memory,
       CpuScheduler* scheduler, const std::vector<BlockQueue*>& queues, WindowObserver* observer);

  void Start(SimTime now);
  // All I/Os ended.
  bool finished() const { return phase_ == Phase::kOver; }
  // The counted I/Os were all there before the runtime was over, if there is one.
  bool reached_total() const { return config_.total_ios > 0 && result_.ios == config_.total_ios; }
  // The run is cut short: a window that is open ends here.
  void Abort(SimTime now);
  const LoadStats& result() const { return result_; }
  const std::vector<std::unique_ptr<Job>>& jobs() const { return jobs_; }
  // Looks over all guard pages. Call once, at the end.
  void CheckGuards();

 private:
  enum class Phase : uint8_t { kRamp, kWindow, kOver };

  bool MayIssue(SimTime now) override;
  uint64_t NextNumber() override { return next_number_++; }
  void OnReaped(SimTime now, SimTime latency, bool ok) override;
  // Shares `ios` out over the jobs and wakes them.
  void Grant(uint64_t ios, SimTime now);
  void OpenWindow(SimTime now);
  void CloseWindow(SimTime at);
  // Once no more is issued, the end of the last I/O is the end of the load.
  void EndIfDrained();

  LoadConfig config_;
  Content content_;
  CpuScheduler* scheduler_;
  const BlockQueue* device_;
  WindowObserver* observer_;
  LoadStats result_;
  std::vector<std::unique_ptr<Job>> jobs_;
  uint64_t next_number_ = 1;
  Phase phase_ = Phase::kRamp;
  // No more is issued, by no job: cores' clocks differ by what they have charged ahead.
  bool stopped_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_LOAD_H_
