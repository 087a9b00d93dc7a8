// One nvme_tcp_queue (Linux 6.1 drivers/nvme/host/tcp.c): a socket, its tags, io_work and what
// hangs on them. io_work runs as a work item on io_cpu; a piece is one PDU sent or one skb
// received, and the socket stays locked from the first skb of a read section to its last, as
// tcp_read_sock() under lock_sock() has it. Left out: polling queues, unbound workqueues, TLS,
// in-kernel authentication. Invariants: (1) a request is done only when its NVMe status is known
// and its teardown, if it was set up, is finished; (2) after Stop() no callback has an effect; (3)
// io_work ends only after it found nothing to do; (4) a request that was started is ended once, by
// its answer, its timeout or CancelAll().
#ifndef DDPSIM_MODELS_NVME_HOST_HOST_QUEUE_H_
#define DDPSIM_MODELS_NVME_HOST_HOST_QUEUE_H_

#include <cstdint>
#include <vector>

#include "models/nvme_host/ddp_offload.h"
#include "models/nvme_host/queue_config.h"
#include "models/nvme_host/recv_path.h"
#include "models/nvme_host/send_path.h"
#include "models/nvme_host/tag_set.h"
#include "models/nvme_host/work_timer.h"

namespace ddpsim {

class HostQueue;

class QueueOwner {
 public:
  // The socket is established and digests are agreed: commands may be sent.
  virtual void OnQueueOpen(ExecContext& ctx, HostQueue* queue) = 0;
  // It cannot be opened (nvme_tcp_alloc_queue() failed): why.
  virtual void OnQueueRefused(ExecContext& ctx, HostQueue* queue, const std::string& why) = 0;
  // An open queue's socket closed, or the peer broke the protocol (nvme_tcp_error_recovery()).
  virtual void OnQueueError(ExecContext& ctx, HostQueue* queue) = 0;
  // sk_add, which AddOffload() began, has returned.
  virtual void OnOffloadAdded(ExecContext& ctx, HostQueue* queue) = 0;
  // blk_mq_start_request() and nvme_complete_rq().
  virtual void OnRequestStart(HostQueue* queue, Request* request, SimTime now) = 0;
  virtual void OnRequestComplete(const Request& request) = 0;

 protected:
  ~QueueOwner() = default;
};

class HostQueue final : public WorkItem,
                        private ByteStreamCallbacks,
                        private UlpDdpUlpOps,
                        private RecvEvents {
 public:
  HostQueue(const QueueConfig& config, const HostBoxes& boxes, QueueOwner* owner);

  // Connects a new socket; OnQueueOpen() or OnQueueError() follows.
  void Open(ExecContext& ctx);
  // True: sk_add sleeps, OnOffloadAdded() follows. False: the queue is plain and nothing follows.
  bool AddOffload(ExecContext& ctx);
  // Requests may flow (NVME_TCP_Q_LIVE); sends what was parked meanwhile.
  void SetLive(ExecContext& ctx);
  // __nvme_tcp_stop_queue(): shuts the socket down, then removes the offload.
  void Stop(ExecContext& ctx);
  // nvme_cancel_tagset(): ends every started request as aborted.
  void CancelAll(ExecContext& ctx);
  // nvme_tcp_free_queue(): what it still had to send is thrown away, and an RST follows the FIN
  // (sock_no_linger()). REQUIRES: stopped.
  void Free(ExecContext& ctx);
  // nvme_tcp_complete_timed_out(): stops the queue and ends the request as aborted.
  void TimeOut(ExecContext& ctx, Request* request);
  // The device is gone (blk_queue_dying()): what waits for the queue to be live fails, and so does
  // whatever comes later.
  void Die(ExecContext& ctx);

  TagSet& tags() { return tags_; }
  // The controller's IOCCSZ, known after Identify.
  void set_inline_data_size(uint32_t bytes) { send_.set_inline_data_size(bytes); }
  // nvme_tcp_queue_rq(). On the queue's own cpu, with nothing queued, it sends at once. `setup`: a
  // command of the queue's own set-up (Connect), which needs no live queue.
  void QueueRequest(ExecContext& ctx, Request* request, bool setup = false);

  // Null: nobody watches.
  HostObserver* observer() const { return boxes_.observer; }
  const QueueConfig& config() const { return config_; }
  const HostQueueStats& stats() const { return stats_; }
  HostQueueStats& mutable_stats() { return stats_; }
  bool live() const { return live_; }
  bool open() const { return state_ == State::kOpen; }
  // Why nvme-tcp last ended the connection by itself; ok() if it never did.
  const HostRefusal& last_refusal() const { return last_refusal_; }
  bool dying() const { return dying_; }
  ByteStream* stream() { return stream_; }

  bool RunPiece(ExecContext& ctx) override;

 private:
  enum class State : uint8_t { kClosed, kConnecting, kInitializing, kOpen, kFailed };

  void OnDataReady(ExecContext& ctx) override;
  void OnWriteSpace(ExecContext& ctx) override;
  void OnStateChange(ExecContext& ctx) override;
  const char* WhyClosed() const;
  void ResyncRequest(ExecContext& ctx, SeqNum seq) override;
  void DdpTeardownDone(ExecContext& ctx, void* ddp_ctx) override;
  void SkAddDone(ExecContext& ctx, bool offloaded) override;
  FoundRequest FindRequest(Cid cid) override;
  HostRefusal OnIcResp(ExecContext& ctx, const IcRespLayout& resp) override;
  HostRefusal OnCapsuleResp(ExecContext& ctx, const NvmeCqe& cqe) override;
  HostRefusal OnR2T(ExecContext& ctx, const R2TRepr& r2t) override;
  HostRefusal OnDataSuccess(ExecContext& ctx, Request* request) override;

  void QueueWork(ExecContext& ctx);
  void SendIcReq(ExecContext& ctx);
  void StartTurn(ExecContext& ctx);
  // Receives one skb; false when there is none.
  bool ReceiveOne(ExecContext& ctx);
  void EndReadSection(ExecContext& ctx);
  // `why`: what it means for a queue that is not open yet.
  void Fail(ExecContext& ctx, const std::string& why);
  // Ends a request that cannot be sent (nvme_host_path_error()).
  void RefuseRequest(ExecContext& ctx, Request* request);
  void StartRequest(ExecContext& ctx, Request* request);
  void Cancel(ExecContext& ctx, Request* request);
  void SendAll(ExecContext& ctx);
  // The NVMe status of a request is known.
  HostRefusal EndRequest(ExecContext& ctx, Request* request);
  void Finish(ExecContext& ctx, Request* request);

  QueueConfig config_;
  HostBoxes boxes_;
  QueueOwner* owner_;
  HostQueueStats stats_;
  TagSet tags_;
  DdpOffload offload_;
  SendPath send_;
  RecvPath recv_;
  ByteStream* stream_ = nullptr;
  ByteStream* stopped_stream_ = nullptr;  // shut down, not freed
  WorkTimer ic_resp_timer_;               // sk_rcvtimeo
  State state_ = State::kClosed;
  bool live_ = false;
  bool dying_ = false;
  bool work_pending_ = false;  // somebody queued io_work since its turn began
  bool in_work_ = false;       // within one run of io_work
  bool reading_ = false;       // within lock_sock()
  bool sent_ = false;          // this turn
  uint32_t copied_ = 0;        // this read section
  SimTime deadline_;
  HostRefusal last_refusal_;
  std::vector<Request*> parked_;  // requeued while the queue is not live
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_HOST_QUEUE_H_
