// The life of one nvme_ctrl over TCP: admin queue (ICReq, Connect, CAP, CC.EN, CSTS, Identify, Set
// Features), I/O queues (ICReq, Connect, sk_add), live with keep-alive and I/O timeouts, error
// recovery with reconnect, orderly shutdown. Mirrors nvme_tcp_setup_ctrl(),
// nvme_tcp_error_recovery_work() and nvme_tcp_delete_ctrl() of Linux 6.1 as a state machine: each
// step sends one command or opens one queue, and its end starts the next.
// Left out: asynchronous events, namespaces scanning beyond namespace 1, multipath, authentication.
// Invariants: the admin queue is never offloaded; one command of the set-up is outstanding at a
// time; queues are live only in kLive.
#ifndef DDPSIM_MODELS_NVME_HOST_CONTROLLER_H_
#define DDPSIM_MODELS_NVME_HOST_CONTROLLER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "models/nvme_host/controller_config.h"
#include "models/nvme_host/host_queue.h"
#include "models/nvme_host/work_timer.h"

namespace ddpsim {

enum class ControllerState : uint8_t {
  kNew,
  kConnecting,
  kLive,
  kResetting,
  kDeleting,
  kDeleted,
  kFailed
};

class Controller final : public WorkItem, private QueueOwner, private RequestOwner {
 public:
  Controller(const NvmeHostConfig& config, const HostBoxes& boxes);

  void Start(SimTime now);
  // Ends orderly: CC.SHN, then all sockets closed. REQUIRES: no I/O in flight.
  void Shutdown(SimTime now);

  ControllerState state() const { return state_; }
  const BlockLimits& limits() const { return limits_; }
  uint32_t io_queues() const { return io_queues_; }
  // I/O queue `index` from 0. REQUIRES: was kLive once.
  HostQueue& io_queue(uint32_t index) { return *queues_[index + 1]; }
  HostQueue& admin_queue() { return *queues_[0]; }
  uint64_t error_recoveries() const { return error_recoveries_; }

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
  void OnQueueError(ExecContext& ctx, HostQueue* queue) override;
  void OnOffloadAdded(ExecContext& ctx, HostQueue* queue) override;
  void OnRequestDone(ExecContext& ctx, Request* request) override;

  void Wake(ExecContext& ctx);
  void Connect(ExecContext& ctx);
  // Starts `step`.
  void Begin(ExecContext& ctx, Step step);
  void OpenQueue(ExecContext& ctx, HostQueue& queue);
  // `size` bytes of data at scratch: out of it for a write, else into it.
  void Submit(ExecContext& ctx, HostQueue& queue, const NvmeSqe& sqe, bool write, uint32_t size,
              bool reserved);
  void SubmitConnect(ExecContext& ctx, HostQueue& queue);
  // The current step's command ended well, or its queue is open.
  void OnStepDone(ExecContext& ctx);
  void OnCap();
  void OnIdentify();
  void OnQueuesGranted();
  void OnIdentifyNamespace();
  void ApplyOffloadLimits();
  void MakeIoQueues();
  void GoLive(ExecContext& ctx);
  void StopQueues(ExecContext& ctx);
  void Recover(ExecContext& ctx);
  void Delete(ExecContext& ctx);
  void OnTimers(ExecContext& ctx);
  void SendKeepAlive(ExecContext& ctx);
  // Whether some request waits longer than the I/O timeout; arms the timer for the next look.
  bool TimedOut(SimTime now);

  NvmeHostConfig config_;
  HostBoxes boxes_;
  ControllerState state_ = ControllerState::kNew;
  Step step_ = Step::kIdle;
  BlockLimits limits_;
  uint32_t io_queues_;
  uint32_t page_shift_ = 12;  // CAP.MPSMIN
  uint32_t cc_ = 0;           // CC less EN
  uint32_t sqsize_ = 0;       // entries less one
  uint16_t cntlid_ = 0xffff;
  uint32_t inline_data_size_ = 0;
  uint32_t next_queue_ = 0;  // being opened or connected
  PhysAddr scratch_;         // data of admin commands
  uint8_t* scratch_bytes_;
  PhysAddr connect_scratch_;  // data of Connect, written before it is sent
  std::vector<std::unique_ptr<HostQueue>> queues_;

  bool failed_ = false;    // a queue failed, or a command of the set-up
  bool shutdown_ = false;  // asked for
  bool queue_opened_ = false;
  bool command_done_ = false;
  bool adding_offload_ = false;  // sk_add sleeps, and with it the worker that sets up
  bool offload_added_ = false;
  NvmeStatus status_ = kNvmeSuccess;
  uint64_t result_ = 0;
  bool keep_alive_outstanding_ = false;
  uint32_t polls_ = 0;
  uint32_t reconnects_ = 0;
  uint64_t error_recoveries_ = 0;
  WorkTimer step_timer_;
  WorkTimer keep_alive_timer_;
  WorkTimer timeout_timer_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_CONTROLLER_H_
