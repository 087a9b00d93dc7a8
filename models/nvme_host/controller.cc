#include "models/nvme_host/controller.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ddpsim/base/check.h"
#include "models/nvme_host/admin_commands.h"

namespace ddpsim {
namespace {

constexpr CoreId kWorkCore = 0;                      // nvme_wq is unbound; somewhere it must run
constexpr uint32_t kAdminDepth = 32;                 // NVME_AQ_DEPTH
constexpr SimTime kReadyPoll = SimTime::Ms(1);       // nvme_wait_ready(): usleep_range(1000, 2000)
constexpr SimTime kShutdownPoll = SimTime::Ms(100);  // nvme_shutdown_ctrl(): msleep(100)
constexpr int64_t kShutdownTimeout = 5;              // seconds, nvme_core.shutdown_timeout
constexpr SimTime kAdminTimeout = SimTime::Sec(60);  // NVME_ADMIN_TIMEOUT

}  // namespace

Controller::Controller(const NvmeHostConfig& config, const HostBoxes& boxes)
    : config_(config),
      boxes_(boxes),
      ticks_(config.hz),
      io_queues_(config.queues),
      scratch_(boxes.memory->Allocate(HostMemory::kPageSize)),
      scratch_bytes_(boxes.memory->At(scratch_, HostMemory::kPageSize)),
      connect_scratch_(boxes.memory->Allocate(HostMemory::kPageSize)),
      step_timer_(boxes.calendar, boxes.scheduler, kWorkCore, this, ticks_),
      reconnect_timer_(boxes.calendar, boxes.scheduler, kWorkCore, this, ticks_),
      keep_alive_timer_(boxes.calendar, boxes.scheduler, kWorkCore, this, ticks_),
      admin_requests_(boxes.calendar, boxes.scheduler, kWorkCore, this, ticks_),
      io_requests_(boxes.calendar, boxes.scheduler, kWorkCore, this, ticks_) {
  limits_.max_retries = config.max_retries;
  QueueConfig admin;
  admin.depth = kAdminDepth;
  admin.header_digest = config.header_digest;
  admin.data_digest = config.data_digest;
  admin.ddp = config.ddp;
  admin.hz = config.hz;
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

void Controller::KeepRefusal(const HostQueue& queue) {
  if (!queue.last_refusal().ok()) last_refusal_ = queue.last_refusal();
}

void Controller::OnOffloadAdded(ExecContext& ctx, HostQueue*) {
  adding_offload_ = false;
  offload_added_ = true;
  Wake(ctx);
}

void Controller::OnQueueRefused(ExecContext& ctx, HostQueue* queue, const std::string& why) {
  KeepRefusal(*queue);
  refused_ = absl::StrCat("queue ", queue->config().qid, ": ", why);
  Wake(ctx);
}

// nvme_tcp_error_recovery(): only a live controller can be reset. In any other state the command
// that is outstanding runs into its timeout.
void Controller::OnQueueError(ExecContext& ctx, HostQueue* queue) {
  KeepRefusal(*queue);
  if (state_ != ControllerState::kLive) return;
  failure_ = absl::StrCat("queue ", queue->config().qid, ": its connection was lost");
  recover_ = true;
  Wake(ctx);
}

void Controller::OnRequestStart(HostQueue* queue, Request* request, SimTime now) {
  const SimTime timeout =
      request->timeout == SimTime::Zero() ? config_.io_timeout : request->timeout;
  (queue->config().qid == 0 ? admin_requests_ : io_requests_).Add(request, timeout, now);
}

// nvme_complete_rq(): what was sent before the last look says nothing of the time since.
void Controller::OnRequestComplete(const Request& request) {
  if (supported_ && request.started_jiffy >= last_check_jiffy_) completion_seen_ = true;
}

void Controller::OnRequestDone(ExecContext& ctx, Request* request) {
  HostQueue& queue = *static_cast<HostQueue*>(request->owner_data);
  const bool keep_alive = request->sqe.opcode == kNvmeAdminKeepAlive;
  const NvmeStatus status = request->status;
  const uint64_t result = request->result;
  const int64_t started = request->started_jiffy;
  queue.tags().Free(request);
  if (keep_alive) return OnKeepAliveDone(ctx, status, started);
  status_ = status;
  result_ = result;
  command_done_ = true;
  Wake(ctx);
}

bool Controller::Pending() const {
  const bool shut = shutdown_ && (state_ == ControllerState::kLive ||
                                  (state_ == ControllerState::kConnecting && step_ == Step::kIdle));
  return recover_ || !refused_.empty() || queue_opened_ || offload_added_ || command_done_ || shut;
}

bool Controller::RunPiece(ExecContext& ctx) {
  if (state_ == ControllerState::kDeleted || state_ == ControllerState::kFailed) return false;
  // Nothing else happens to a controller that is being set up: nvme_tcp_error_recovery() finds no
  // state that it may change to resetting.
  if (adding_offload_) return false;
  if (std::exchange(recover_, false)) {
    Recover(ctx);
  } else if (!refused_.empty()) {
    SetupFailed(ctx, std::exchange(refused_, {}));
  } else if (state_ == ControllerState::kNew) {
    Connect(ctx);
  } else if (std::exchange(queue_opened_, false)) {
    OnStepDone(ctx);
  } else if (std::exchange(offload_added_, false)) {
    OnStepDone(ctx);
  } else if (std::exchange(command_done_, false)) {
    status_ == kNvmeSuccess ? OnStepDone(ctx) : OnCommandFailed(ctx);
  } else if (Pending()) {
    BeginShutdown(ctx);
  }
  OnTimers(ctx);
  return Pending();
}

void Controller::OnCommandFailed(ExecContext& ctx) {
  if (state_ == ControllerState::kDeleting) {
    failure_ = "the shutdown was not answered in time";
    Delete(ctx);
    for (const auto& queue : queues_) queue->Free(ctx);
    return;
  }
  const char* const meaning = status_ == kNvmeHostAborted     ? ": no answer came in time"
                              : status_ == kNvmeHostPathError ? ": the connection was lost"
                                                              : "";
  SetupFailed(
      ctx, absl::StrCat(NameOf(step_), " failed with status ", absl::Hex(status_), "h", meaning));
}

const char* Controller::NameOf(Step step) {
  switch (step) {
    case Step::kConnectAdmin:
      return "Connect of the admin queue";
    case Step::kConnectIo:
      return "Connect of an I/O queue";
    case Step::kReadCap:
    case Step::kReadBack:
    case Step::kReadCapAgain:
    case Step::kWaitReady:
    case Step::kWaitDisabled:
    case Step::kReadVersion:
      return "Property Get";
    case Step::kConfigure:
    case Step::kEnable:
    case Step::kDisable:
      return "Property Set";
    case Step::kIdentify:
    case Step::kIdentifyNamespace:
      return "Identify";
    case Step::kSetQueues:
      return "Set Features";
    case Step::kIdle:
    case Step::kOpenAdmin:
    case Step::kOpenIo:
    case Step::kAddOffload:
      break;
  }
  return "a connection";
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
      return admin.Open(ctx);
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
      return queues_[next_queue_]->Open(ctx);
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

void Controller::Submit(ExecContext& ctx, HostQueue& queue, const NvmeSqe& sqe, bool write,
                        uint32_t size, bool reserved) {
  Request* request = queue.tags().Allocate(reserved);
  SIM_CHECK(request != nullptr, "admin commands never use up the tags");
  request->sqe = sqe;
  request->write = write;
  request->addr = write ? connect_scratch_ : scratch_;
  request->data = boxes_.memory->At(request->addr, HostMemory::kPageSize);
  request->data_len = size;
  // nvme_init_request(), but for a keep-alive.
  request->timeout = sqe.opcode == kNvmeAdminKeepAlive ? config_.keep_alive : kAdminTimeout;
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

void Controller::OnReadyPolled(ExecContext& ctx) {
  if ((result_ & kNvmeCstsReady) != 0) return Begin(ctx, Step::kReadVersion);
  if (ticks_.At(ctx.Now()) > poll_until_)
    return SetupFailed(ctx, "the controller did not become ready");
  step_timer_.Arm(ctx.Now() + kReadyPoll);
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
      cap_timeout_ = static_cast<uint32_t>(result_ >> 24 & 0xff);
      return Begin(ctx, Step::kEnable);
    case Step::kEnable:  // nvme_wait_ready()
      poll_until_ = ticks_.At(ctx.Now()) + (cap_timeout_ + 1) * ticks_.hz() / 2;
      return Begin(ctx, Step::kWaitReady);
    case Step::kWaitReady:
      return OnReadyPolled(ctx);
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
      poll_until_ = ticks_.At(ctx.Now()) + kShutdownTimeout * ticks_.hz();
      return Begin(ctx, Step::kWaitDisabled);
    case Step::kWaitDisabled:
      // SHST that never says "complete" must not keep the sockets open.
      if ((result_ & kNvmeCstsShutdownMask) == kNvmeCstsShutdownDone ||
          ticks_.At(ctx.Now()) > poll_until_)
        return Delete(ctx);
      return step_timer_.ArmAfter(ctx.Now(), kShutdownPoll);
  }
}

}  // namespace ddpsim
