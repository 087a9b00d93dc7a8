#include "models/nvme_host/load.h"

#include <algorithm>
#include <limits>

namespace ddpsim {

Load::Load(const LoadConfig& config, const Content& content, HostMemory* memory,
           CpuScheduler* scheduler, const std::vector<BlockQueue*>& queues,
           WindowObserver* observer)
    : config_(config),
      content_(content),
      scheduler_(scheduler),
      device_(queues.front()),
      observer_(observer) {
  JobEvents* const events = this;
  for (uint32_t k = 0; k < config_.numjobs; ++k) {
    jobs_.push_back(std::make_unique<Job>(k, k % scheduler->cores(), config_, content_, memory,
                                          queues[k % queues.size()], events, &result_));
  }
}

void Load::Start(SimTime now) {
  if (config_.ramp_ios == 0) return OpenWindow(now);
  Grant(config_.ramp_ios, now);
}

void Load::Grant(uint64_t ios, SimTime now) {
  const uint64_t jobs = config_.numjobs;
  for (uint64_t k = 0; k < jobs; ++k) {
    Job* const job = jobs_[k].get();
    job->Grant(ios / jobs + (k < ios % jobs ? 1 : 0));
    scheduler_->Queue(job->core(), CpuContext::kUser, job, now);
  }
}

void Load::CheckGuards() {
  for (const auto& job : jobs_) result_.canaries_damaged += job->buffers().DamagedGuards();
}

bool Load::MayIssue(SimTime now) {
  if (phase_ == Phase::kOver) return false;
  if (phase_ == Phase::kWindow && config_.runtime > SimTime::Zero() &&
      now - result_.window_start >= config_.runtime) {
    stopped_ = true;
  }
  // A job whose file gives errors for good ends.
  stopped_ = stopped_ || device_->dying();
  if (!stopped_) return true;
  EndIfDrained();
  return false;
}

void Load::EndIfDrained() {
  if (result_.completed != result_.submitted) return;
  if (phase_ == Phase::kWindow) CloseWindow(result_.window_end);
  phase_ = Phase::kOver;
}

void Load::OpenWindow(SimTime now) {
  constexpr uint64_t kNoEnd = std::numeric_limits<uint64_t>::max() / 2;
  phase_ = Phase::kWindow;
  result_.window_start = result_.window_end = now;
  if (observer_ != nullptr) observer_->OnWindowStart(now);
  Grant(config_.total_ios > 0 ? config_.total_ios : kNoEnd, now);
}

void Load::CloseWindow(SimTime at) {
  phase_ = Phase::kOver;
  result_.window_end = at;
  if (observer_ != nullptr) observer_->OnWindowEnd(at);
}

void Load::Abort(SimTime now) {
  if (phase_ == Phase::kWindow) CloseWindow(std::max(now, result_.window_end));
  phase_ = Phase::kOver;
}

void Load::OnReaped(SimTime now, SimTime latency, bool ok) {
  ++result_.completed;
  if (phase_ == Phase::kRamp) {
    if (result_.completed == config_.ramp_ios) return OpenWindow(now);
    if (stopped_) EndIfDrained();
    return;
  }
  if (phase_ == Phase::kOver) return;
  ++result_.ios;
  result_.window_end = std::max(result_.window_end, now);
  if (ok) {
    result_.bytes += config_.bs;
    result_.clat.Record(latency.ns());
  } else {
    ++result_.errors;
  }
  if (reached_total()) return CloseWindow(result_.window_end);
  if (stopped_) EndIfDrained();
}

}  // namespace ddpsim
