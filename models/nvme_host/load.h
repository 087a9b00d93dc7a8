// A load on the host: its jobs, the measured window, and the result. Mirrors what fio's parent
// process does with ramp, number_ios and runtime. Without a ramp, total_ios are shared out over the
// jobs beforehand and no others are issued. With one, a steady state is to be measured: jobs go on
// issuing until the window closes, so that it ends with as many I/Os in flight as it began.
// Invariant: each completion is counted in the window, or it comes before or after it.
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
  bool finished() const;
  bool window_open() const { return window_open_; }
  const LoadStats& result() const { return result_; }
  const std::vector<std::unique_ptr<Job>>& jobs() const { return jobs_; }
  // Looks over all guard pages. Call once, at the end.
  void CheckGuards();

 private:
  bool MayIssue(SimTime now) const override;
  uint64_t NextNumber() override { return next_number_++; }
  void OnReaped(SimTime now, SimTime latency, bool ok) override;
  uint64_t Quota(uint32_t job) const;
  void OpenWindow(SimTime now);
  void CloseWindow();

  LoadConfig config_;
  Content content_;
  CpuScheduler* scheduler_;
  WindowObserver* observer_;
  LoadStats result_;
  std::vector<std::unique_ptr<Job>> jobs_;
  uint64_t next_number_ = 1;
  bool window_open_ = false;
  bool window_closed_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_LOAD_H_
