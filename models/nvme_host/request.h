// Mirrors struct request with its nvme_tcp_request (drivers/nvme/host/tcp.c): one NVMe command from
// its tag to its completion. Left out: bios and iov_iters (a request's data is one virtually
// contiguous range of host pages), metadata, special payloads. Invariants: data [addr, addr +
// data_len) stays mapped and in place while the request is in use; `nvme_done` and
// `teardown_pending` decide when it ends: only when its NVMe status is known and no teardown is
// under way.
#ifndef DDPSIM_MODELS_NVME_HOST_REQUEST_H_
#define DDPSIM_MODELS_NVME_HOST_REQUEST_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/ids.h"
#include "ddpsim/base/sim_time.h"
#include "ddpsim/net/exec_context.h"
#include "ddpsim/net/ulp_ddp.h"
#include "ddpsim/wire/nvme.h"
#include "models/nvme_host/pdu_pool.h"

namespace ddpsim {

struct Request;

// Gets a request back when its attempt is over: blk_mq's end_io.
class RequestOwner {
 public:
  virtual void OnRequestDone(ExecContext& ctx, Request* request) = 0;

 protected:
  ~RequestOwner() = default;
};

// `io` of commands of the controller's own.
inline constexpr uint64_t kNoIo = ~uint64_t{0};

// enum nvme_tcp_send_state
enum class SendState : uint8_t { kCmdPdu, kH2CPdu, kData, kDdgst };

struct Request {
  uint16_t tag = 0;
  uint8_t genctr = 0;
  Cid cid = 0;
  bool in_use = false;
  bool started = false;  // handed to the queue and not ended
  bool write = false;    // host to controller
  uint8_t retries = 0;
  NvmeStatus status = kNvmeSuccess;
  uint64_t result = 0;        // DW0 and DW1 of the CQE
  SimTime timeout;            // zero: the queue's own
  int64_t started_jiffy = 0;  // blk_mq_start_request()
  int64_t deadline = 0;       // jiffies
  RequestOwner* owner = nullptr;
  void* owner_data = nullptr;
  uint64_t io = 0;  // number of the I/O it is part of, for observers
  NvmeSqe sqe;

  uint64_t device_offset = 0;  // of I/O
  PhysAddr addr = 0;
  uint8_t* data = nullptr;
  uint32_t data_len = 0;
  uint32_t data_recvd = 0;

  SendState state = SendState::kCmdPdu;
  uint32_t offset = 0;  // sent of the current PDU's header, or of its digest
  uint32_t data_sent = 0;
  uint32_t pdu_len = 0;  // data of the PDU being sent
  uint32_t pdu_sent = 0;
  uint32_t h2cdata_left = 0;
  uint32_t h2cdata_offset = 0;
  uint16_t ttag = 0;
  uint32_t header_size = 0;
  uint32_t ddgst = 0;
  RefPtr<PduBuffer> pdu;
  bool in_send_list = false;
  Request* next = nullptr;  // in the send list

  bool offloaded = false;         // set up for direct data placement
  bool teardown_pending = false;  // the driver will call DdpTeardownDone()
  bool nvme_done = false;
  std::vector<SglEntry> sgl;  // capacity survives reuse
  UlpDdpIo ddp;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_REQUEST_H_
