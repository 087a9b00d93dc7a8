// What the controller's answers mean for queues and limits, and how connections end. The steps are
// in controller.cc.
#include <algorithm>
#include <cstring>

#include "models/nvme_host/admin_commands.h"
#include "models/nvme_host/controller.h"

namespace ddpsim {

// nvme_tcp_ddp_apply_limits(): max_segments, max_hw_sectors = max_ddp_sgl_len << (12 - 9),
// NVME_QUIRK_SKIP_CID_GEN.
void Controller::ApplyOffloadLimits() {
  limits_.max_bytes = BlockLimits().max_bytes;
  limits_.max_segments = BlockLimits().max_segments;
  if (boxes_.ddp == nullptr) return;
  const UlpDdpCaps caps = boxes_.ddp->Caps();
  if (!caps.nvme_tcp && !caps.nvme_tcp_ddgst_rx) return;
  const UlpDdpLimits limits = boxes_.ddp->Limits();
  if (limits.max_ddp_sgl_len == 0) return;
  limits_.max_segments = limits.max_ddp_sgl_len;
  limits_.max_bytes = std::min<uint32_t>(limits_.max_bytes, limits.max_ddp_sgl_len << 12);
}

void Controller::OnCap() {
  const auto mqes = static_cast<uint32_t>(result_ & 0xffff);
  page_shift_ = 12 + static_cast<uint32_t>(result_ >> 48 & 0xf);
  sqsize_ = std::min(config_.queue_size - 1, mqes);
  const bool all_command_sets = (result_ & kNvmeCapCsi) != 0;
  cc_ = kNvmeCcSizes | (all_command_sets ? kNvmeCcAllCommandSets : 0);
}

void Controller::OnIdentify() {
  IdentifyControllerData data;
  std::memcpy(&data, scratch_bytes_, sizeof(data));
  if (data.mdts != 0 && data.mdts + page_shift_ < 32) {
    limits_.max_bytes = std::min(limits_.max_bytes, uint32_t{1} << (data.mdts + page_shift_));
  }
  if (data.maxcmd != 0) sqsize_ = std::min<uint32_t>(sqsize_, data.maxcmd - 1);
  inline_data_size_ = data.ioccsz * 16 > sizeof(NvmeSqe) ? data.ioccsz * 16 - sizeof(NvmeSqe) : 0;
}

void Controller::OnQueuesGranted() {
  const auto granted =
      static_cast<uint32_t>(std::min(result_ & 0xffff, result_ >> 16 & 0xffff) + 1);
  if (queues_.size() > 1) return;  // reconnected: what the block layer was told stays
  io_queues_ = std::min(config_.queues, granted);
  MakeIoQueues();
}

void Controller::MakeIoQueues() {
  QueueOwner* const owner = this;
  for (uint32_t qid = 1; qid <= io_queues_; ++qid) {
    QueueConfig queue;
    queue.qid = qid;
    queue.io_cpu = (qid - 1) % boxes_.scheduler->cores();  // nvme_tcp_set_queue_io_cpu()
    queue.depth = sqsize_ + 1;
    queue.header_digest = config_.header_digest;
    queue.data_digest = config_.data_digest;
    queue.ddp = config_.ddp;
    if (boxes_.ddp != nullptr) {
      const UlpDdpCaps caps = boxes_.ddp->Caps();
      queue.no_cid_generation =
          (caps.nvme_tcp || caps.nvme_tcp_ddgst_rx) && !boxes_.ddp->Limits().full_ccid_range;
    }
    queues_.push_back(std::make_unique<HostQueue>(queue, boxes_, owner));
    queues_.back()->set_inline_data_size(inline_data_size_);
  }
}

void Controller::OnIdentifyNamespace() {
  IdentifyNamespaceData data;
  std::memcpy(&data, scratch_bytes_, sizeof(data));
  const uint8_t lbads = data.lbaf[data.flbas & 0xf].lbads;
  limits_.logical_block = lbads >= 9 && lbads <= 12 ? 1u << lbads : 512;
  limits_.capacity = data.nsze * limits_.logical_block;
}

void Controller::GoLive(ExecContext& ctx) {
  step_ = Step::kIdle;
  state_ = ControllerState::kLive;
  reconnects_ = 0;
  keep_alive_outstanding_ = false;
  keep_alive_timer_.Arm(ctx.Now() + config_.keep_alive / 2);
  timeout_timer_.Arm(ctx.Now() + config_.io_timeout);
  for (uint32_t i = 1; i < queues_.size(); ++i) queues_[i]->SetLive(ctx);
}

void Controller::StopQueues(ExecContext& ctx) {
  step_timer_.Disarm();
  keep_alive_timer_.Disarm();
  timeout_timer_.Disarm();
  // I/O queues first (nvme_tcp_teardown_io_queues(), then _admin_queue()).
  for (uint32_t i = 1; i < queues_.size(); ++i) queues_[i]->Stop(ctx);
  queues_[0]->Stop(ctx);
  for (uint32_t i = 1; i < queues_.size(); ++i) queues_[i]->CancelAll(ctx);
  queues_[0]->CancelAll(ctx);
  failed_ = queue_opened_ = command_done_ = offload_added_ = false;
  step_ = Step::kIdle;
}

// nvme_tcp_error_recovery_work() and nvme_tcp_reconnect_or_remove()
void Controller::Recover(ExecContext& ctx) {
  state_ = ControllerState::kResetting;
  ++error_recoveries_;
  StopQueues(ctx);
  if (++reconnects_ > config_.max_reconnects) {
    state_ = ControllerState::kFailed;
    return;
  }
  step_timer_.Arm(ctx.Now() + config_.reconnect_delay);
}

void Controller::Delete(ExecContext& ctx) {
  state_ = ControllerState::kDeleted;
  StopQueues(ctx);
}

}  // namespace ddpsim
