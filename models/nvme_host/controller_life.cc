// A controller that lives, is lost, found again and gone: keep-alive (nvme_keep_alive_work()),
// request timeouts (nvme_tcp_timeout()), error recovery and reconnects
// (nvme_tcp_error_recovery_work(), nvme_tcp_reconnect_ctrl_work()), and its end.
#include <utility>

#include "models/nvme_host/admin_commands.h"
#include "models/nvme_host/controller.h"

namespace ddpsim {

// nvme_start_ctrl()
void Controller::GoLive(ExecContext& ctx) {
  step_ = Step::kIdle;
  state_ = ControllerState::kLive;
  created_ = true;
  attempts_ = 0;
  if (config_.keep_alive > SimTime::Zero())
    keep_alive_timer_.ArmAfter(ctx.Now(), KeepAlivePeriod());
  for (uint32_t i = 1; i < queues_.size(); ++i) queues_[i]->SetLive(ctx);
}

void Controller::OnTimers(ExecContext& ctx) {
  if (step_timer_.TakeFired() && step_ != Step::kIdle) Begin(ctx, step_);  // poll again
  if (reconnect_timer_.TakeFired() && state_ == ControllerState::kConnecting) {
    ++attempts_;
    Connect(ctx);
  }
  if (keep_alive_timer_.TakeFired() && state_ == ControllerState::kLive) KeepAliveWork(ctx);
  if (admin_requests_.TakeFired()) OnRequestTimer(ctx, admin_requests_, 0, 1);
  if (io_requests_.TakeFired()) OnRequestTimer(ctx, io_requests_, 1, queues_.size());
}

// keep-alive

// Twice within KATO; where any answer puts the keep-alive off by a period, four times (Linux
// 6.1.36).
SimTime Controller::KeepAlivePeriod() const {
  return config_.keep_alive / (traffic_based_ ? 4 : 2);
}

void Controller::KeepAliveWork(ExecContext& ctx) {
  const bool seen = std::exchange(completion_seen_, false);
  last_check_jiffy_ = ticks_.At(ctx.Now());
  if (traffic_based_ && seen) return keep_alive_timer_.ArmAfter(ctx.Now(), KeepAlivePeriod());
  Submit(ctx, *queues_[0], KeepAliveCommand(), false, 0, true);
}

// nvme_keep_alive_end_io(). One that failed is not followed by another: it is the target that ends
// such a controller.
void Controller::OnKeepAliveDone(ExecContext& ctx, NvmeStatus status, int64_t started_jiffy) {
  if (status != kNvmeSuccess || state_ != ControllerState::kLive) return;
  last_check_jiffy_ = ticks_.At(ctx.Now());
  completion_seen_ = false;
  const SimTime round_trip = SimTime::Us(ticks_.ToUs(last_check_jiffy_ - started_jiffy));
  const SimTime period = KeepAlivePeriod();
  keep_alive_timer_.ArmAfter(ctx.Now(),
                             round_trip <= period ? period - round_trip : SimTime::Zero());
}

// timeouts and recovery

void Controller::OnRequestTimer(ExecContext& ctx, RequestTimer& timer, size_t first, size_t last) {
  timer.BeginWork(ctx.Now());
  for (size_t i = first; i < last; ++i)
    queues_[i]->tags().ForEachStarted([&](Request* request) { timer.Look(request); });
  const std::vector<Request*> late = timer.EndWork(ctx.Now());
  if (late.empty()) return;
  if (state_ == ControllerState::kLive) {
    failure_ =
        first == 0 ? "a keep-alive was not answered in time" : "an I/O was not answered in time";
    return Recover(ctx);
  }
  // All others were cancelled with their queues: these are commands of the controller's own.
  for (Request* request : late) static_cast<HostQueue*>(request->owner_data)->TimeOut(ctx, request);
}

// I/O queues first (nvme_tcp_teardown_io_queues(), then _admin_queue()).
void Controller::StopQueues(ExecContext& ctx) {
  step_timer_.Disarm();
  reconnect_timer_.Disarm();
  keep_alive_timer_.Disarm();
  for (uint32_t i = 1; i < queues_.size(); ++i) queues_[i]->Stop(ctx);
  for (uint32_t i = 1; i < queues_.size(); ++i) queues_[i]->CancelAll(ctx);
  queues_[0]->Stop(ctx);
  queues_[0]->CancelAll(ctx);
  recover_ = queue_opened_ = offload_added_ = command_done_ = false;
  refused_.clear();
  step_ = Step::kIdle;
}

void Controller::SetupFailed(ExecContext& ctx, std::string why) {
  ++failed_setups_;
  failure_ = std::move(why);
  StopQueues(ctx);
  for (const auto& queue : queues_) queue->Free(ctx);
  // nvme_tcp_create_ctrl(): the first connect is the user's to try again.
  if (!created_) {
    state_ = ControllerState::kFailed;
    return;
  }
  ReconnectOrRemove(ctx);
}

// nvme_tcp_error_recovery_work(). RESETTING passes at once into CONNECTING.
void Controller::Recover(ExecContext& ctx) {
  ++error_recoveries_;
  state_ = ControllerState::kConnecting;
  StopQueues(ctx);
  for (const auto& queue : queues_) queue->Free(ctx);
  ReconnectOrRemove(ctx);
}

void Controller::ReconnectOrRemove(ExecContext& ctx) {
  if (shutdown_) return Delete(ctx);
  if (attempts_ >= config_.max_reconnects) return Remove(ctx);
  reconnect_timer_.ArmAfter(ctx.Now(), config_.reconnect_delay);
}

// the end

void Controller::BeginShutdown(ExecContext& ctx) {
  if (state_ != ControllerState::kLive) return Delete(ctx);
  state_ = ControllerState::kDeleting;
  keep_alive_timer_.Disarm();
  for (uint32_t i = 1; i < queues_.size(); ++i) queues_[i]->Stop(ctx);
  for (uint32_t i = 1; i < queues_.size(); ++i) queues_[i]->Free(ctx);
  Begin(ctx, Step::kDisable);
}

void Controller::Delete(ExecContext& ctx) {
  state_ = ControllerState::kDeleted;
  StopQueues(ctx);
  for (const auto& queue : queues_) queue->Free(ctx);
  admin_requests_.Disarm();
  io_requests_.Disarm();
}

// nvme_delete_ctrl() of a controller whose queues are gone: the namespace goes, and all that waits
// for it fails.
void Controller::Remove(ExecContext& ctx) {
  limits_.dying = true;
  Delete(ctx);
  state_ = ControllerState::kFailed;
  for (uint32_t i = 1; i < queues_.size(); ++i) queues_[i]->Die(ctx);
}

}  // namespace ddpsim
