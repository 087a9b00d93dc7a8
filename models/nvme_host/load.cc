#include "models/nvme_host/load.h"

#include <algorithm>
#include <limits>

namespace ddpsim {

Load::Load(const LoadConfig& config, const Content& content, HostMemory* memory,
           CpuScheduler* scheduler, const std::vector<BlockQueue*>& queues,
           WindowObserver* observer)
    : config_(config), content_(content), scheduler_(scheduler), observer_(observer) {
  JobEvents* const events = this;
  for (uint32_t k = 0; k < config_.numjobs; ++k) {
    jobs_.push_back(std::make_unique<Job>(k, k % scheduler->cores(), Quota(k), config_, content_,
                                          memory, queues[k % queues.size()], events, &result_));
  }
}

uint64_t Load::Quota(uint32_t job) const {
  if (config_.total_ios == 0 || config_.ramp_ios > 0) return std::numeric_limits<uint64_t>::max();
  const uint64_t all = config_.total_ios;
  return all / config_.numjobs + (job < all % config_.numjobs ? 1 : 0);
}

void Load::Start(SimTime now) {
  if (config_.ramp_ios == 0) OpenWindow(now);
  for (const auto& job : jobs_) scheduler_->Queue(job->core(), CpuContext::kUser, job.get(), now);
}

bool Load::finished() const {
  return std::all_of(jobs_.begin(), jobs_.end(), [](const auto& job) { return job->done(); });
}

void Load::CheckGuards() {
  for (const auto& job : jobs_) result_.canaries_damaged += job->buffers().DamagedGuards();
}

bool Load::MayIssue(SimTime now) const {
  if (window_closed_) return false;
  if (config_.runtime == SimTime::Zero() || !window_open_) return true;
  return now - result_.window_start < config_.runtime;
}

void Load::OpenWindow(SimTime now) {
  window_open_ = true;
  result_.window_start = result_.window_end = now;
  if (observer_ != nullptr) observer_->OnWindowStart(now);
}

void Load::CloseWindow() {
  window_open_ = false;
  window_closed_ = true;
  if (observer_ != nullptr) observer_->OnWindowEnd(result_.window_end);
}

void Load::OnReaped(SimTime now, SimTime latency, bool ok) {
  ++result_.completed;
  if (!window_open_) {
    if (!window_closed_ && result_.completed == config_.ramp_ios) OpenWindow(now);
    return;
  }
  const bool late =
      config_.runtime > SimTime::Zero() && now - result_.window_start >= config_.runtime;
  if (late) return CloseWindow();
  ++result_.ios;
  result_.window_end = now;
  if (ok) {
    result_.bytes += config_.bs;
    result_.clat.Record(latency.ns());
  } else {
    ++result_.errors;
  }
  const bool drained = result_.completed == result_.submitted && !MayIssue(now);
  if (drained || (config_.total_ios > 0 && result_.ios == config_.total_ios)) CloseWindow();
}

}  // namespace ddpsim
