// The life of one nvme_ctrl over TCP: admin queue (ICReq, Connect, CAP, CC.EN, CSTS, Identify, Set
// Features), I/O queues (ICReq, Connect, sk_add), live with keep-alive and request timeouts, error
// recovery with reconnects until ctrl_loss_tmo, orderly shutdown. Mirrors nvme_tcp_setup_ctrl(),
// nvme_tcp_timeout(), nvme_tcp_error_recovery_work(), nvme_tcp_reconnect_or_remove() and
// nvme_tcp_delete_ctrl() of Linux 6.1 as a state machine: each step sends one command or opens one
// queue, and its end starts the next. Every wait has a timer of Linux's: SYN retries, ICResp 10 s,
// commands of the set-up 60 s, CSTS.RDY by CAP.TO, keep-alive KATO, I/O by io_timeout.
// Left out: asynchronous events, namespaces scanning beyond namespace 1, multipath, authentication,
// fast_io_fail_tmo (off by default), request queues of their own for fabrics commands.
// Invariants: the admin queue is never offloaded; one command of the set-up is outstanding at a
// time; queues are live only in kLive; error recovery begins only there; the first connect is tried
// once.
#ifndef DDPSIM_MODELS_NVME_HOST_CONTROLLER_H_
#define DDPSIM_MODELS_NVME_HOST_CONTROLLER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/nvme_host/controller_config.h"
#include "models/nvme_host/host_queue.h"
#include "models/nvme_host/request_timer.h"
#include "models/nvme_host/work_timer.h"

namespace ddpsim {

// enum nvme_ctrl_state. RESETTING passes within one piece of work here; kFailed: it was never
// created, or was removed as it stayed unreachable.
enum class ControllerState : uint8_t { kNew, kConnecting, kLive, kDeleting, kDeleted, kFailed };

class Controller final : public WorkItem, private QueueOwner, private RequestOwner {
 public:
  Controller(const NvmeHostConfig& config, const HostBoxes& boxes);

  void Start(SimTime now);
  // Ends orderly: CC.SHN, then all sockets closed. REQUIRES: no I/O in flight.
  void Shutdown(SimTime now);

  ControllerState state() const { return state_; }
  // kFailed after it was live: it stayed unreachable for ctrl_loss_tmo.
  bool lost() const { return state_ == ControllerState::kFailed && created_; }
  // What it was reset for last, or why connecting or the shutdown failed; empty: nothing of the
  // kind.
  const std::string& failure() const { return failure_; }
  const BlockLimits& limits() const { return limits_; }
  uint32_t io_queues() const { return io_queues_; }
  // I/O queue `index` from 0. REQUIRES: was kLive once.
  HostQueue& io_queue(uint32_t index) { return *queues_[index + 1]; }
  HostQueue& admin_queue() { return *queues_[0]; }
  uint64_t error_recoveries() const { return error_recoveries_; }
  // Whether connections were ever closed with something on its way: by error recovery, or by a
  // set-up that failed.
  bool gave_up_connections() const { return error_recoveries_ + failed_setups_ > 0; }
  // Of all queues the latest: what nvme-tcp ended a connection for.
  const HostRefusal& last_refusal() const { return last_refusal_; }

  bool RunPiece(ExecContext& ctx) override;

 private:
  enum class Step : uint8_t {
    kIdle,
    kOpenAdmin,
    kConnectAdmin,
    kReadCap,
    kConfigure,
    kReadBack,
    kReadCapAgain,
    kEnable,
    kWaitReady,
    kReadVersion,
    kIdentify,
    kSetQueues,
    kOpenIo,
    kConnectIo,
    kAddOffload,
    kIdentifyNamespace,
    kDisable,
    kWaitDisabled
  };

  void OnQueueOpen(ExecContext& ctx, HostQueue* queue) override;
  void OnQueueRefused(ExecContext& ctx, HostQueue* queue, const std::string& why) override;
  void OnQueueError(ExecContext& ctx, HostQueue* queue) override;
  void OnOffloadAdded(ExecContext& ctx, HostQueue* queue) override;
  void OnRequestStart(HostQueue* queue, Request* request, SimTime now) override;
  void OnRequestComplete(const Request& request) override;
  void OnRequestDone(ExecContext& ctx, Request* request) override;

  // Remembers why nvme-tcp ended the connection, if it was nvme-tcp.
  void KeepRefusal(const HostQueue& queue);

  // controller.cc: the steps.
  void Wake(ExecContext& ctx);
  void Connect(ExecContext& ctx);
  // Starts `step`.
  void Begin(ExecContext& ctx, Step step);
  // `size` bytes of data at scratch: out of it for a write, else into it.
  void Submit(ExecContext& ctx, HostQueue& queue, const NvmeSqe& sqe, bool write, uint32_t size,
              bool reserved);
  void SubmitConnect(ExecContext& ctx, HostQueue& queue);
  // The current step's command ended well, or its queue is open.
  void OnStepDone(ExecContext& ctx);
  void OnReadyPolled(ExecContext& ctx);
  void OnCommandFailed(ExecContext& ctx);
  bool Pending() const;
  static const char* NameOf(Step step);

  // controller_setup.cc: what the answers mean.
  void OnCap();
  void OnIdentify();
  void OnQueuesGranted();
  void OnIdentifyNamespace();
  void ApplyOffloadLimits();
  void MakeIoQueues();

  // controller_life.cc: live, lost, found again, gone.
  void GoLive(ExecContext& ctx);
  void StopQueues(ExecContext& ctx);
  void SetupFailed(ExecContext& ctx, std::string why);
  void Recover(ExecContext& ctx);
  void ReconnectOrRemove(ExecContext& ctx);
  void BeginShutdown(ExecContext& ctx);
  // Orderly, or as far as the target lets it be.
  void Delete(ExecContext& ctx);
  void Remove(ExecContext& ctx);
  void OnTimers(ExecContext& ctx);
  // blk_mq_timeout_work() of queues [first, last).
  void OnRequestTimer(ExecContext& ctx, RequestTimer& timer, size_t first, size_t last);
  SimTime KeepAlivePeriod() const;
  void KeepAliveWork(ExecContext& ctx);
  void OnKeepAliveDone(ExecContext& ctx, NvmeStatus status, int64_t started_jiffy);

  NvmeHostConfig config_;
  HostBoxes boxes_;
  Jiffies ticks_;
  ControllerState state_ = ControllerState::kNew;
  Step step_ = Step::kIdle;
  BlockLimits limits_;
  uint32_t io_queues_;
  uint32_t page_shift_ = 12;  // CAP.MPSMIN
  uint32_t cap_timeout_ = 0;  // CAP.TO, in 500 ms
  uint32_t cc_ = 0;           // CC less EN
  uint32_t sqsize_ = 0;       // entries less one
  uint16_t cntlid_ = 0xffff;
  uint32_t inline_data_size_ = 0;
  uint32_t next_queue_ = 0;  // being opened or connected
  PhysAddr scratch_;         // data of admin commands
  uint8_t* scratch_bytes_;
  PhysAddr connect_scratch_;  // data of Connect, written before it is sent
  std::vector<std::unique_ptr<HostQueue>> queues_;

  // What the next piece of work has to look at.
  bool recover_ = false;   // a live queue failed
  std::string refused_;    // a queue could not be opened: why
  bool shutdown_ = false;  // asked for
  bool queue_opened_ = false;
  bool command_done_ = false;
  bool adding_offload_ = false;  // sk_add sleeps, and with it the worker that sets up
  bool offload_added_ = false;
  NvmeStatus status_ = kNvmeSuccess;
  uint64_t result_ = 0;

  bool created_ = false;  // was live once
  std::string failure_;
  int64_t poll_until_ = 0;  // jiffy
  uint32_t attempts_ = 0;   // nr_reconnects
  uint64_t error_recoveries_ = 0;
  uint64_t failed_setups_ = 0;
  HostRefusal last_refusal_;
  // Keep-alive.
  bool traffic_based_ = false;    // NVME_CTRL_ATTR_TBKAS
  bool supported_ = false;        // KAS is not 0
  bool completion_seen_ = false;  // comp_seen
  int64_t last_check_jiffy_ = 0;  // ka_last_check_time
  WorkTimer step_timer_;
  WorkTimer reconnect_timer_;
  WorkTimer keep_alive_timer_;
  RequestTimer admin_requests_;
  RequestTimer io_requests_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_CONTROLLER_H_
