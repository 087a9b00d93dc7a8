#include "models/nvme_host/controller.h"

#include <algorithm>
#include <cstring>

#include "ddpsim/base/check.h"
#include "models/nvme_host/admin_commands.h"

namespace ddpsim {
namespace {

constexpr CoreId kWorkCore = 0;                 // nvme_wq is unbound; somewhere it must run
constexpr uint32_t kAdminDepth = 32;            // NVME_AQ_DEPTH
constexpr SimTime kReadyPoll = SimTime::Ms(1);  // nvme_wait_ready(): usleep_range(1000, 2000)
constexpr uint32_t kMaxReadyPolls = 5'000;      // shutdown_timeout of 5 s

}  // namespace

Controller::Controller(const NvmeHostConfig& config, const HostBoxes& boxes)
    : config_(config),
      boxes_(boxes),
      io_queues_(config.queues),
      scratch_(boxes.memory->Allocate(HostMemory::kPageSize)),
      scratch_bytes_(boxes.memory->At(scratch_, HostMemory::kPageSize)),
      connect_scratch_(boxes.memory->Allocate(HostMemory::kPageSize)),
      step_timer_(boxes.calendar, boxes.scheduler, kWorkCore, this),
      keep_alive_timer_(boxes.calendar, boxes.scheduler, kWorkCore, this),
      timeout_timer_(boxes.calendar, boxes.scheduler, kWorkCore, this) {
  limits_.max_retries = config.max_retries;
  QueueConfig admin;
  admin.depth = kAdminDepth;
  admin.header_digest = config.header_digest;
  admin.data_digest = config.data_digest;
  admin.ddp = config.ddp;
  QueueOwner* const owner = this;
  queues_.push_back(std::make_unique<HostQueue>(admin, boxes_, owner));
}

void Controller::Start(SimTime now) {
  boxes_.scheduler->Queue(kWorkCore, CpuContext::kKworker, this, now);
}

void Controller::Shutdown(SimTime now) {
  shutdown_ = true;
  boxes_.scheduler->Queue(kWorkCore, CpuContext::kKworker, this, now);
}

void Controller::Wake(ExecContext& ctx) {
  ctx.Charge(Cost::kQueueWork);
  ctx.Queue(kWorkCore, CpuContext::kKworker, this);
}

void Controller::OnQueueOpen(ExecContext& ctx, HostQueue*) {
  queue_opened_ = true;
  Wake(ctx);
}

void Controller::OnQueueError(ExecContext& ctx, HostQueue*) {
  failed_ = true;
  Wake(ctx);
}

void Controller::OnOffloadAdded(ExecContext& ctx, HostQueue*) {
  adding_offload_ = false;
  offload_added_ = true;
  Wake(ctx);
}

void Controller::OnRequestDone(ExecContext& ctx, Request* request) {
  HostQueue& queue = *static_cast<HostQueue*>(request->owner_data);
  const bool keep_alive = request->sqe.opcode == kNvmeAdminKeepAlive;
  const NvmeStatus status = request->status;
  result_ = keep_alive ? result_ : request->result;
  queue.tags().Free(request);
  if (state_ == ControllerState::kResetting || state_ == ControllerState::kDeleted) return;
  if (keep_alive) {
    keep_alive_outstanding_ = false;
    return;
  }
  status_ = status;
  command_done_ = true;
  Wake(ctx);
}

bool Controller::RunPiece(ExecContext& ctx) {
  if (state_ == ControllerState::kDeleted || state_ == ControllerState::kFailed) return false;
  // Nothing else happens to a controller that is being set up: nvme_tcp_error_recovery() finds no
  // state that it may change to resetting.
  if (adding_offload_) return false;
  if (failed_) {
    failed_ = false;
    state_ == ControllerState::kDeleting ? Delete(ctx) : Recover(ctx);
  } else if (state_ == ControllerState::kNew) {
    Connect(ctx);
  } else if (queue_opened_) {
    queue_opened_ = false;
    OnStepDone(ctx);
  } else if (offload_added_) {
    offload_added_ = false;
    OnStepDone(ctx);
  } else if (command_done_) {
    command_done_ = false;
    failed_ = status_ != kNvmeSuccess;
    if (!failed_) OnStepDone(ctx);
  } else if (shutdown_ && state_ == ControllerState::kLive) {
    state_ = ControllerState::kDeleting;
    keep_alive_timer_.Disarm();
    timeout_timer_.Disarm();
    for (uint32_t i = 1; i < queues_.size(); ++i) queues_[i]->Stop(ctx);
    Begin(ctx, Step::kDisable);
  }
  OnTimers(ctx);
  return failed_ || queue_opened_ || offload_added_ || command_done_ ||
         (shutdown_ && state_ == ControllerState::kLive);
}

void Controller::OnTimers(ExecContext& ctx) {
  if (step_timer_.TakeFired()) {
    if (state_ == ControllerState::kResetting) return Connect(ctx);
    Begin(ctx, step_);  // poll again
  }
  if (keep_alive_timer_.TakeFired() && state_ == ControllerState::kLive) SendKeepAlive(ctx);
  if (timeout_timer_.TakeFired() && state_ == ControllerState::kLive && TimedOut(ctx.Now()))
    Recover(ctx);
}

void Controller::SendKeepAlive(ExecContext& ctx) {
  if (keep_alive_outstanding_) return Recover(ctx);
  keep_alive_outstanding_ = true;
  Submit(ctx, *queues_[0], KeepAliveCommand(), false, 0, true);
  keep_alive_timer_.Arm(ctx.Now() + config_.keep_alive / 2);  // nvme_keep_alive_work_period()
}

bool Controller::TimedOut(SimTime now) {
  SimTime oldest = now;
  for (uint32_t i = 1; i < queues_.size(); ++i)
    oldest = std::min(oldest, queues_[i]->OldestStart());
  if (oldest + config_.io_timeout <= now) return true;
  timeout_timer_.Arm(oldest + config_.io_timeout);
  return false;
}

void Controller::Connect(ExecContext& ctx) {
  state_ = ControllerState::kConnecting;
  cntlid_ = 0xffff;
  Begin(ctx, Step::kOpenAdmin);
}

void Controller::Begin(ExecContext& ctx, Step step) {
  step_ = step;
  HostQueue& admin = *queues_[0];
  switch (step) {
    case Step::kIdle:
      break;
    case Step::kOpenAdmin:
      return OpenQueue(ctx, admin);
    case Step::kConnectAdmin:
      return SubmitConnect(ctx, admin);
    case Step::kReadCap:
      return Submit(ctx, admin, PropertyGetCommand(kPropertyCap, true), false, 0, false);
    case Step::kConfigure:
      return Submit(ctx, admin, PropertySetCommand(kPropertyCc, cc_), true, 0, false);
    case Step::kReadBack:
      return Submit(ctx, admin, PropertyGetCommand(kPropertyCc, false), false, 0, false);
    case Step::kReadCapAgain:
      return Submit(ctx, admin, PropertyGetCommand(kPropertyCap, true), false, 0, false);
    case Step::kEnable:
      return Submit(ctx, admin, PropertySetCommand(kPropertyCc, cc_ | kNvmeCcEnable), true, 0,
                    false);
    case Step::kWaitReady:
    case Step::kWaitDisabled:
      return Submit(ctx, admin, PropertyGetCommand(kPropertyCsts, false), false, 0, false);
    case Step::kReadVersion:
      return Submit(ctx, admin, PropertyGetCommand(kPropertyVs, false), false, 0, false);
    case Step::kIdentify:
      return Submit(ctx, admin, IdentifyCommand(kIdentifyController, 0), false,
                    sizeof(IdentifyControllerData), false);
    case Step::kSetQueues:
      return Submit(ctx, admin, SetQueuesCommand(config_.queues), false, 0, false);
    case Step::kOpenIo:
      return OpenQueue(ctx, *queues_[next_queue_]);
    case Step::kConnectIo:
      return SubmitConnect(ctx, *queues_[next_queue_]);
    case Step::kAddOffload:
      adding_offload_ = true;
      if (queues_[next_queue_]->AddOffload(ctx)) return;
      adding_offload_ = false;
      return OnStepDone(ctx);
    case Step::kIdentifyNamespace:
      return Submit(ctx, admin, IdentifyCommand(kIdentifyNamespace, 1), false,
                    sizeof(IdentifyNamespaceData), false);
    case Step::kDisable:
      return Submit(ctx, admin,
                    PropertySetCommand(kPropertyCc, cc_ | kNvmeCcEnable | kNvmeCcShutdown), true, 0,
                    false);
  }
}

void Controller::OpenQueue(ExecContext& ctx, HostQueue& queue) { queue.Open(ctx); }

void Controller::Submit(ExecContext& ctx, HostQueue& queue, const NvmeSqe& sqe, bool write,
                        uint32_t size, bool reserved) {
  Request* request = queue.tags().Allocate(reserved);
  SIM_CHECK(request != nullptr, "admin commands never use up the tags");
  request->sqe = sqe;
  request->write = write;
  request->addr = write ? connect_scratch_ : scratch_;
  request->data = boxes_.memory->At(request->addr, HostMemory::kPageSize);
  request->data_len = size;
  request->owner = this;
  request->owner_data = &queue;
  request->io = kNoIo;
  queue.QueueRequest(ctx, request, true);
}

void Controller::SubmitConnect(ExecContext& ctx, HostQueue& queue) {
  const FabricsConnectData data = ConnectData(cntlid_);
  boxes_.memory->Write(connect_scratch_,
                       ByteSpan(reinterpret_cast<const uint8_t*>(&data), sizeof(data)));
  const uint32_t qid = queue.config().qid;
  const uint32_t sqsize = qid == 0 ? kAdminDepth - 1 : sqsize_;
  Submit(ctx, queue,
         ConnectCommand(static_cast<uint16_t>(qid), static_cast<uint16_t>(sqsize),
                        static_cast<uint32_t>(config_.keep_alive.ms()), config_.disable_sqflow),
         true, sizeof(data), true);
}

void Controller::OnStepDone(ExecContext& ctx) {
  switch (step_) {
    case Step::kIdle:
      return;
    case Step::kOpenAdmin:
      return Begin(ctx, Step::kConnectAdmin);
    case Step::kConnectAdmin:
      cntlid_ = static_cast<uint16_t>(result_);
      ApplyOffloadLimits();
      return Begin(ctx, Step::kReadCap);
    case Step::kReadCap:
      OnCap();
      return Begin(ctx, Step::kConfigure);
    // nvme_enable_ctrl(): CC without EN, read back to flush it, CAP again for its timeouts, then
    // EN.
    case Step::kConfigure:
      return Begin(ctx, Step::kReadBack);
    case Step::kReadBack:
      return Begin(ctx, Step::kReadCapAgain);
    case Step::kReadCapAgain:
      return Begin(ctx, Step::kEnable);
    case Step::kEnable:
      polls_ = 0;
      return Begin(ctx, Step::kWaitReady);
    case Step::kWaitReady:
      if ((result_ & kNvmeCstsReady) != 0) return Begin(ctx, Step::kReadVersion);
      failed_ = ++polls_ > kMaxReadyPolls;
      return step_timer_.Arm(ctx.Now() + kReadyPoll);
    case Step::kReadVersion:
      return Begin(ctx, Step::kIdentify);
    case Step::kIdentify:
      OnIdentify();
      return Begin(ctx, Step::kSetQueues);
    case Step::kSetQueues:
      OnQueuesGranted();
      next_queue_ = 1;
      return Begin(ctx, Step::kOpenIo);
    case Step::kOpenIo:
      if (++next_queue_ <= io_queues_) return Begin(ctx, Step::kOpenIo);
      next_queue_ = 1;
      return Begin(ctx, Step::kConnectIo);
    case Step::kConnectIo:
      return Begin(ctx, Step::kAddOffload);
    case Step::kAddOffload:
      if (++next_queue_ <= io_queues_) return Begin(ctx, Step::kConnectIo);
      return Begin(ctx, Step::kIdentifyNamespace);
    case Step::kIdentifyNamespace:
      OnIdentifyNamespace();
      return GoLive(ctx);
    case Step::kDisable:
      polls_ = 0;
      return Begin(ctx, Step::kWaitDisabled);
    case Step::kWaitDisabled:
      // SHST that never says "complete" must not keep the sockets open: Linux gives up after
      // shutdown_timeout.
      if ((result_ & kNvmeCstsShutdownMask) == kNvmeCstsShutdownDone || ++polls_ > kMaxReadyPolls)
        return Delete(ctx);
      return step_timer_.Arm(ctx.Now() + kReadyPoll);
  }
}

}  // namespace ddpsim
