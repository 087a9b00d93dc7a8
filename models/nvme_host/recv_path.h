// The receiving half of an nvme_tcp_queue: mirrors nvme_tcp_recv_skb() with its states RECV_PDU,
// RECV_DATA and RECV_DDGST (Linux 6.1 drivers/nvme/host/tcp.c) and the offload series' changes to
// them, with what they check and what not: DATAO, LAST and PLEN are not looked at (but for a data
// digest's flag), a C2HData's bytes are DATAL bytes wherever the request stands, and with data
// digests even a C2HData without data has one. Linux asks for HPDA 0 and knows no padding; here PDO
// is honoured where PLEN agrees with it, for hosts on record that asked for more.
// Left out: polling queues. Invariants: (1) stream bytes are looked at once, in order; (2) a byte
// of payload is copied unless it already lies where it should go (src == dst: the NIC placed it);
// (3) after a refusal nothing more is parsed.
#ifndef DDPSIM_MODELS_NVME_HOST_RECV_PATH_H_
#define DDPSIM_MODELS_NVME_HOST_RECV_PATH_H_

#include <cstdint>

#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "models/nvme_host/ddgst.h"
#include "models/nvme_host/ddp_offload.h"
#include "models/nvme_host/queue_config.h"
#include "models/nvme_host/skb_cursor.h"

namespace ddpsim {

// nvme_find_rq()
struct FoundRequest {
  Request* request = nullptr;
  HostRefusalKind why = HostRefusalKind::kUnknownCommand;  // without a request
};

// What the queue does with received PDUs. A HostRefusal that is not ok() ends the connection; its
// PDU type and, in answer to a CQE, R2T or success, its CID are filled in by RecvPath.
class RecvEvents {
 public:
  virtual FoundRequest FindRequest(Cid cid) = 0;
  virtual HostRefusal OnIcResp(ExecContext& ctx, const IcRespLayout& resp) = 0;
  virtual HostRefusal OnCapsuleResp(ExecContext& ctx, const NvmeCqe& cqe) = 0;
  virtual HostRefusal OnR2T(ExecContext& ctx, const R2TRepr& r2t) = 0;
  // The last data of a request whose C2HData carried SUCCESS has arrived.
  virtual HostRefusal OnDataSuccess(ExecContext& ctx, Request* request) = 0;

 protected:
  ~RecvEvents() = default;
};

class RecvPath {
 public:
  RecvPath(const QueueConfig& config, const HostBoxes& boxes, DdpOffload* offload,
           RecvEvents* events, HostQueueStats* stats)
      : config_(config), boxes_(boxes), offload_(offload), events_(events), stats_(stats) {}

  // A new connection: an ICResp comes first.
  void Reset();
  // After the ICResp.
  void SetFraming(const PduFraming& framing);
  void OffloadChanged() { digest_.set_offload(offload_->ddgst()); }

  // Takes all of the skb. False: refusal() says what was not acceptable.
  bool OnSkb(ExecContext& ctx, const Skb& skb);
  const HostRefusal& refusal() const { return refusal_; }
  // Of the C2HData that has been received in part; else null.
  const Request* receiving() const { return request_; }

 private:
  enum class State : uint8_t { kPdu, kPadding, kData, kDdgst };
  // What is to be charged for the pieces of one run of data.
  struct CopyTally {
    int64_t skipped = 0;
    int64_t calls = 0;
    int64_t llc_bytes = 0;
    int64_t dram_bytes = 0;
  };

  void StartPdu();
  bool OnHeaderBytes(ExecContext& ctx, SkbCursor& cursor);
  bool OnIcRespBytes(ExecContext& ctx);
  bool CheckHeader(ExecContext& ctx, const PduCommonHeader& ch);
  bool CheckHeaderDigest(ExecContext& ctx, const PduCommonHeader& ch);
  bool OnHeader(ExecContext& ctx);
  bool OnTermReq(const PduCommonHeader& ch);
  bool OnC2HData(ExecContext& ctx);
  bool OnPadding(SkbCursor& cursor);
  bool OnData(ExecContext& ctx, SkbCursor& cursor);
  bool OnDigestBytes(ExecContext& ctx, SkbCursor& cursor);
  void JudgeDigest(ExecContext& ctx);
  bool EndData(ExecContext& ctx);
  bool EndPdu(ExecContext& ctx);
  // Moves `n` bytes from the cursor into the request's buffer.
  void CopyOrSkip(ExecContext& ctx, SkbCursor& cursor, uint32_t n);
  void Copy(ByteSpan piece, PhysAddr to, uint8_t* dst, CopyTally* tally);
  void Report(ExecContext& ctx, DigestJudge judge, bool accepted);
  // Both: false, for good.
  bool Refuse(HostRefusalKind kind, uint32_t found = 0, uint32_t wanted = 0);
  bool Take(HostRefusal refusal, Cid cid);

  const QueueConfig& config_;
  const HostBoxes& boxes_;
  DdpOffload* offload_;
  RecvEvents* events_;
  HostQueueStats* stats_;
  PduFraming framing_;
  State state_ = State::kPdu;
  bool expect_ic_resp_ = true;
  uint8_t header_[sizeof(IcRespLayout)] = {};  // with the header digest
  uint32_t header_size_ = 0;                   // to be collected
  uint32_t header_offset_ = 0;                 // collected
  SeqNum header_end_;                          // of the header read last
  DataPduLayout data_;                         // of the PDU being received
  Request* request_ = nullptr;                 // its request
  uint32_t padding_remaining_ = 0;
  uint32_t data_remaining_ = 0;
  HostRefusal refusal_;
  RxDigest digest_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_RECV_PATH_H_
