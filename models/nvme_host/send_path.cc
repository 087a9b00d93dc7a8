#include "models/nvme_host/send_path.h"

#include <algorithm>

#include "ddpsim/base/mutant.h"
#include "ddpsim/wire/crc32c.h"
#include "models/nvme_host/ddgst.h"

namespace ddpsim {
namespace {

constexpr uint32_t kFabricsInlineData = 8192;  // NVME_TCP_ADMIN_CCSZ

}  // namespace

void SendPath::Reset(ByteStream* stream, const PduFraming& framing, uint32_t maxh2cdata) {
  stream_ = stream;
  framing_ = framing;
  maxh2cdata_ = maxh2cdata;
  while (Fetch() != nullptr) {
  }
  current_ = nullptr;
}

bool SendPath::HasInlineData(const Request& request) const {
  const uint32_t room = request.sqe.opcode == kNvmeFabrics ? kFabricsInlineData : inline_data_size_;
  return request.write && request.data_len > 0 && request.data_len <= room;
}

void SendPath::Prepare(Request* request) {
  request->state = SendState::kCmdPdu;
  request->status = kNvmeSuccess;
  request->offset = request->data_sent = request->data_recvd = 0;
  request->pdu_sent = request->h2cdata_left = request->h2cdata_offset = 0;
  const bool inline_data = HasInlineData(*request);
  request->pdu_len = inline_data ? request->data_len : 0;
  // nvme_tcp_map_data(): in-capsule data is an offset SGL, everything else (also nothing) a
  // transport one.
  request->sqe.flags |= kSqeFlagSgl;
  request->sqe.command_id = request->cid;
  request->sqe.sgl = NvmeSgl();
  request->sqe.sgl.length = request->data_len;
  request->sqe.sgl.type = inline_data ? kSglDataBlockOffset : kSglTransportDataBlock;
  request->pdu = pool_.Allocate();
  request->header_size =
      EmitCapsuleCmd({request->sqe, request->pdu_len}, framing_, request->pdu->bytes());
}

void SendPath::Add(Request* request) {
  request->next = nullptr;
  request->in_send_list = true;
  (head_ == nullptr ? head_ : tail_->next) = request;
  tail_ = request;
}

Request* SendPath::Fetch() {
  Request* request = head_;
  if (request == nullptr) return nullptr;
  head_ = request->next;
  request->in_send_list = false;
  return request;
}

HostRefusal SendPath::CheckR2T(const Request& request, const R2TRepr& r2t) {
  if (!request.write) return {HostRefusalKind::kR2TForRead};
  if (r2t.r2tl == 0) return {HostRefusalKind::kR2TEmpty};
  const uint32_t left = request.data_len - request.data_sent;
  if (r2t.r2tl > left) return {HostRefusalKind::kR2TTooLong, 0, 0, r2t.r2tl, left};
  if (r2t.r2to < request.data_sent)
    return {HostRefusalKind::kR2TBackwards, 0, 0, r2t.r2to, request.data_sent};
  return {};
}

void SendPath::OnR2T(Request* request, const R2TRepr& r2t) {
  request->pdu_len = 0;
  request->h2cdata_left = r2t.r2tl;
  request->h2cdata_offset = r2t.r2to;
  request->ttag = r2t.ttag;
  SetupH2CData(request);
  Add(request);
}

void SendPath::SetupH2CData(Request* request) {
  const uint32_t sent = request->pdu_len;
  request->state = SendState::kH2CPdu;
  request->offset = 0;
  request->pdu_len = std::min(request->h2cdata_left, maxh2cdata_);
  request->pdu_sent = 0;
  request->h2cdata_left -= request->pdu_len;
  request->h2cdata_offset += sent;
  H2CDataRepr repr;
  repr.cccid = request->cid;
  repr.ttag = request->ttag;
  repr.datao = request->h2cdata_offset;
  if (DDPSIM_MUTANT(kH2CDataOffsetOfR2T)) repr.datao -= sent;
  repr.datal = request->pdu_len;
  repr.last = request->h2cdata_left == 0;
  request->pdu = pool_.Allocate();
  request->header_size = EmitH2CData(repr, framing_, request->pdu->bytes());
}

bool SendPath::TrySend(ExecContext& ctx) {
  if (current_ == nullptr) current_ = Fetch();
  if (current_ == nullptr) return false;
  Request* request = current_;
  if (request->state == SendState::kCmdPdu) {
    if (!SendCommand(ctx)) return false;
    if (!HasInlineData(*request)) return true;
  }
  if (request->state == SendState::kH2CPdu && !SendH2CHeader(ctx)) return false;
  if (request->state == SendState::kData && !SendData(ctx)) return false;
  return current_ != request || request->state != SendState::kDdgst || SendDigest(ctx);
}

bool SendPath::SendHeader(ExecContext& ctx, bool more) {
  Request* request = current_;
  if (request->offset == 0) {
    ctx.Charge(Cost::kSendPdu);
    if (framing_.header_digest) ctx.Charge(Cost::kHeaderDigest);
  }
  const Payload payload =
      request->pdu->MakePayload(request->offset, request->header_size - request->offset);
  const uint32_t taken = stream_->Send(ctx, payload, more, !more);
  request->offset += taken;
  return taken == payload.size;
}

bool SendPath::SendCommand(ExecContext& ctx) {
  Request* request = current_;
  // v1 to v20 set up here, and again when TCP takes the capsule in two parts; that re-entry is left
  // out.
  if (config_.ddp.setup_at_send && request->offset == 0 && !request->offloaded) {
    offload_->Setup(ctx, request);
  }
  const bool inline_data = HasInlineData(*request);
  if (!SendHeader(ctx, inline_data || more())) return false;
  ++stats_->capsule_cmds;
  if (inline_data) {
    request->state = SendState::kData;
    request->ddgst = 0;
  } else {
    current_ = nullptr;
  }
  return true;
}

bool SendPath::SendH2CHeader(ExecContext& ctx) {
  if (!SendHeader(ctx, true)) return false;
  ++stats_->h2c_data;
  current_->state = SendState::kData;
  if (!DDPSIM_MUTANT(kWriteDigestOfR2T) || current_->h2cdata_offset == 0) current_->ddgst = 0;
  return true;
}

bool SendPath::SendData(ExecContext& ctx) {
  Request* request = current_;
  while (request->pdu_sent < request->pdu_len) {
    // The iov_iter goes on where it stands, whatever offset the R2T named.
    const uint32_t at = request->data_sent;
    const auto in_page = static_cast<uint32_t>((request->addr + at) % HostMemory::kPageSize);
    const uint32_t length =
        std::min<uint32_t>(HostMemory::kPageSize - in_page, request->pdu_len - request->pdu_sent);
    const bool last = request->pdu_sent + length == request->pdu_len;
    const bool end = last && !framing_.data_digest && !more();
    const uint32_t from = DDPSIM_MUTANT(kWriteResendsPageStart) ? at - in_page : at;
    const Payload payload{request->data + from, length, request->addr + from, nullptr};
    const uint32_t taken = stream_->Send(ctx, payload, !end, end);
    if (taken == 0) return false;
    if (framing_.data_digest) {
      request->ddgst = Crc32c(request->ddgst, ByteSpan(payload.data, taken));
      ChargeDigest(ctx, boxes_.llc, payload.addr, taken);
    }
    request->pdu_sent += taken;
    request->data_sent += taken;
  }
  AfterData(request);
  return true;
}

void SendPath::AfterData(Request* request) {
  if (framing_.data_digest) {
    request->state = SendState::kDdgst;
    request->offset = 0;
    request->pdu = pool_.Allocate();
    StoreLe32(request->pdu->bytes(), request->ddgst);
  } else if (request->h2cdata_left > 0) {
    SetupH2CData(request);
  } else {
    current_ = nullptr;
  }
}

bool SendPath::SendDigest(ExecContext& ctx) {
  Request* request = current_;
  if (request->offset == 0) ctx.Charge(Cost::kCrcCall);
  const bool last = !more();
  const Payload payload = request->pdu->MakePayload(request->offset, kDigestSize - request->offset);
  const uint32_t taken = stream_->Send(ctx, payload, !last, last);
  request->offset += taken;
  if (taken != payload.size) return false;
  if (request->h2cdata_left > 0) {
    SetupH2CData(request);
  } else {
    current_ = nullptr;
  }
  return true;
}

}  // namespace ddpsim
