// The sending half of an nvme_tcp_queue: mirrors nvme_tcp_try_send() and its
// nvme_tcp_try_send_{cmd_pdu,data_pdu,data,ddgst}() with the MSG_MORE and MSG_EOR that decide how
// PDUs share segments (Linux 6.1 drivers/nvme/host/tcp.c). Left out: llist against list (one FIFO
// has their order), send_mutex (a piece of work is never interrupted). Invariants: PDUs leave whole
// and in order; a PDU that TCP took in part is continued before anything else.
#ifndef DDPSIM_MODELS_NVME_HOST_SEND_PATH_H_
#define DDPSIM_MODELS_NVME_HOST_SEND_PATH_H_

#include <cstdint>

#include "models/nvme_host/ddp_offload.h"
#include "models/nvme_host/pdu_pool.h"
#include "models/nvme_host/queue_config.h"
#include "models/nvme_host/request.h"

namespace ddpsim {

class SendPath {
 public:
  SendPath(const QueueConfig& config, const HostBoxes& boxes, DdpOffload* offload,
           HostQueueStats* stats)
      : config_(config), boxes_(boxes), offload_(offload), stats_(stats), pool_(boxes.memory) {}

  // A new connection: forgets what was queued.
  void Reset(ByteStream* stream, const PduFraming& framing, uint32_t maxh2cdata);
  // The largest write that goes into the capsule; 8 KiB for fabrics commands (NVME_TCP_ADMIN_CCSZ)
  // whatever this says.
  void set_inline_data_size(uint32_t bytes) { inline_data_size_ = bytes; }
  uint32_t maxh2cdata() const { return maxh2cdata_; }

  // nvme_tcp_setup_cmd_pdu(): prepares a request's capsule. REQUIRES: sqe, data and cid are set.
  void Prepare(Request* request);
  void Add(Request* request);
  // nvme_tcp_handle_r2t(): what it checks. That R2TO lies ahead of what was sent is not of it.
  static HostRefusal CheckR2T(const Request& request, const R2TRepr& r2t);
  // Starts answering an R2T. REQUIRES: CheckR2T() was ok.
  void OnR2T(Request* request, const R2TRepr& r2t);

  bool idle() const { return current_ == nullptr && head_ == nullptr; }
  bool more() const { return head_ != nullptr; }
  // Whether some of what the request has to send has not been taken by TCP.
  bool Sending(const Request* request) const {
    return request == current_ || request->in_send_list;
  }
  // Sends one PDU of the front request, or what TCP takes of it. True: it went out whole, there may
  // be more.
  bool TrySend(ExecContext& ctx);

  PduPool& pool() { return pool_; }

 private:
  bool HasInlineData(const Request& request) const;
  void SetupH2CData(Request* request);
  Request* Fetch();
  bool SendCommand(ExecContext& ctx);
  bool SendH2CHeader(ExecContext& ctx);
  bool SendData(ExecContext& ctx);
  bool SendDigest(ExecContext& ctx);
  // Sends the rest of the current header; true when it went out whole.
  bool SendHeader(ExecContext& ctx, bool more);
  void AfterData(Request* request);

  const QueueConfig& config_;
  const HostBoxes& boxes_;
  DdpOffload* offload_;
  HostQueueStats* stats_;
  PduPool pool_;
  ByteStream* stream_ = nullptr;
  PduFraming framing_;
  uint32_t maxh2cdata_ = 0;
  uint32_t inline_data_size_ = 0;
  Request* head_ = nullptr;
  Request* tail_ = nullptr;
  Request* current_ = nullptr;  // queue->request
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_SEND_PATH_H_
