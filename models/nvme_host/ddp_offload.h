// What the offload series adds to an nvme_tcp_queue: sk_add and sk_del, per-request setup and
// teardown, and the resync word (nvme_tcp_offload_socket, nvme_tcp_setup_ddp,
// nvme_tcp_teardown_ddp, nvme_tcp_resync_request/_response). Left out: TLS, netdev notifier.
// Invariants: a later resync request overwrites an unanswered one; an answer is given once per
// request, when software meets a PDU header in stream order, and never a negative one.
#ifndef DDPSIM_MODELS_NVME_HOST_DDP_OFFLOAD_H_
#define DDPSIM_MODELS_NVME_HOST_DDP_OFFLOAD_H_

#include <cstdint>

#include "models/nvme_host/queue_config.h"
#include "models/nvme_host/request.h"

namespace ddpsim {

class DdpOffload {
 public:
  DdpOffload(const QueueConfig& config, const HostBoxes& boxes, HostQueueStats* stats)
      : config_(config), boxes_(boxes), stats_(stats) {}

  // Offloads a connected queue; without an active capability, or when the driver refuses at once,
  // it stays plain: false. True: the ULP's SkAddDone() will come, and is passed on to OnAdded().
  bool Add(ExecContext& ctx, ByteStream* sk, UlpDdpUlpOps* ulp);
  void OnAdded(bool offloaded);
  void Remove(ExecContext& ctx);
  bool ddp() const { return ddp_; }      // NVME_TCP_Q_OFF_DDP
  bool ddgst() const { return ddgst_; }  // NVME_TCP_Q_OFF_DDGST_RX

  // Maps the buffer of a read that is large enough. Never waits for the NIC.
  void Setup(ExecContext& ctx, Request* request);
  // REQUIRES: request->offloaded.
  void Teardown(ExecContext& ctx, Request* request);

  void OnResyncRequest(SeqNum seq, SimTime now);
  // Software reached a PDU header of `header_size` bytes whose first byte is at `seq`.
  void OnHeader(ExecContext& ctx, SeqNum seq, uint32_t header_size) {
    if (resync_pending_) AnswerResync(ctx, seq, header_size);
  }

 private:
  void AnswerResync(ExecContext& ctx, SeqNum seq, uint32_t header_size);

  const QueueConfig& config_;
  const HostBoxes& boxes_;
  HostQueueStats* stats_;
  ByteStream* sk_ = nullptr;  // null: not offloaded
  bool ddp_ = false;
  bool ddgst_ = false;
  uint32_t threshold_ = 0;
  uint32_t max_sgl_ = 0;
  bool resync_pending_ = false;  // ULP_DDP_RESYNC_PENDING
  SeqNum resync_seq_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_DDP_OFFLOAD_H_
