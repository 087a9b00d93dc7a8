#include "models/nvme_host/recv_path.h"

#include <algorithm>

#include "ddpsim/base/mutant.h"
#include "ddpsim/wire/crc32c.h"

namespace ddpsim {

void RecvPath::Reset() {
  framing_ = PduFraming();
  expect_ic_resp_ = true;
  digest_.set_offload(false);
  StartPdu();
}

void RecvPath::SetFraming(const PduFraming& framing) {
  framing_ = framing;
  expect_ic_resp_ = false;
  StartPdu();
}

// nvme_tcp_init_recv_ctx(). All PDUs from a controller but ICResp have headers of one size, that of
// CapsuleResp.
void RecvPath::StartPdu() {
  state_ = State::kPdu;
  header_size_ = expect_ic_resp_ ? sizeof(IcRespLayout)
                                 : sizeof(CapsuleRespLayout) + framing_.HeaderDigestSize();
  header_offset_ = 0;
  request_ = nullptr;
}

bool RecvPath::OnSkb(ExecContext& ctx, const Skb& skb) {
  ctx.Charge(Cost::kRecvSkb);
  ctx.Charge(Cost::kRecvPacket, skb.segments);
  SkbCursor cursor(skb);
  while (cursor.left() > 0) {
    const bool ok = state_ == State::kPdu    ? OnHeaderBytes(ctx, cursor)
                    : state_ == State::kData ? OnData(ctx, cursor)
                                             : OnDigestBytes(ctx, cursor);
    if (!ok) return false;
  }
  return true;
}

bool RecvPath::OnHeaderBytes(ExecContext& ctx, SkbCursor& cursor) {
  if (header_offset_ == 0 && boxes_.observer != nullptr)
    boxes_.observer->OnPduHeader(config_.qid, cursor.seq(), ctx.Now());
  offload_->OnHeader(ctx, cursor.seq() - header_offset_, header_size_);
  const uint32_t n = std::min(cursor.left(), header_size_ - header_offset_);
  cursor.Copy(header_ + header_offset_, n);
  header_offset_ += n;
  if (header_offset_ < header_size_) return true;
  header_end_ = cursor.seq();
  ctx.Charge(Cost::kRecvPdu);
  const auto type = static_cast<PduType>(header_[0]);
  if (expect_ic_resp_) return type == PduType::kIcResp && OnIcResp(ctx);
  // A C2HTermReq never has digests (nvme_tcp_recv_pdu() skips the checks).
  if (type == PduType::kC2HTermReq) {
    ++stats_->term_reqs;
    return false;
  }
  if (framing_.header_digest) {
    ctx.Charge(Cost::kHeaderDigest);
    ++stats_->header_digests;
    if ((header_[1] & kPduHdgst) == 0) return false;
    if (!VerifyHeaderDigest(ByteSpan(header_, header_size_), sizeof(CapsuleRespLayout)).ok()) {
      ++stats_->header_digests_bad;
      return false;
    }
  }
  return OnHeader(ctx, type);
}

bool RecvPath::OnHeader(ExecContext& ctx, PduType type) {
  const ByteSpan header(header_, header_size_);
  if (type == PduType::kC2HData) return OnC2HData(ctx);
  if (type == PduType::kCapsuleResp) {
    CapsuleRespRepr resp;
    if (!ParseCapsuleResp(header, framing_, &resp).ok()) return false;
    ++stats_->capsule_resps;
    StartPdu();
    return events_->OnCapsuleResp(ctx, resp.cqe);
  }
  if (type == PduType::kR2T) {
    R2TRepr r2t;
    if (!ParseR2T(header, framing_, &r2t).ok()) return false;
    ++stats_->r2ts;
    StartPdu();
    return events_->OnR2T(ctx, r2t);
  }
  return false;
}

bool RecvPath::OnIcResp(ExecContext& ctx) {
  IcRespRepr resp;
  return ParseIcResp(ByteSpan(header_, header_size_), &resp).ok() && events_->OnIcResp(ctx, resp);
}

bool RecvPath::OnC2HData(ExecContext& ctx) {
  if (!ParseC2HData(ByteSpan(header_, header_size_), framing_, &data_).ok()) return false;
  request_ = events_->FindRequest(data_.cccid);
  if (request_ == nullptr || request_->write || request_->data_len == 0) return false;
  if (data_.success && !data_.last) return false;
  ++stats_->c2h_data;
  if (boxes_.observer != nullptr) {
    boxes_.observer->OnC2HDataHeader(config_.qid, header_end_, data_.cccid, data_.datao,
                                     data_.datal, ctx.Now());
  }
  data_remaining_ = data_.datal;
  digest_.StartPdu();
  state_ = State::kData;
  return data_remaining_ > 0 || EndData(ctx);
}

bool RecvPath::OnData(ExecContext& ctx, SkbCursor& cursor) {
  if (!DDPSIM_MUTANT(kDigestOfFirstSkb) || data_remaining_ == data_.datal)
    digest_.OnSkb(cursor.ulp_crc());
  const uint32_t n = std::min(cursor.left(), data_remaining_);
  // "no space in request": the controller sent more than was asked for.
  if (n > request_->data_len - request_->data_recvd) return false;
  CopyOrSkip(ctx, cursor, n);
  stats_->payload_bytes += n;
  data_remaining_ -= n;
  return data_remaining_ > 0 || EndData(ctx);
}

void RecvPath::CopyOrSkip(ExecContext& ctx, SkbCursor& cursor, uint32_t n) {
  const bool hash = framing_.data_digest && !digest_.offload();
  const SimTime now = ctx.Now();
  PhysAddr to = request_->addr + request_->data_recvd;
  uint8_t* dst = request_->data + request_->data_recvd;
  CopyTally tally;
  request_->data_recvd += n;
  if (hash) ctx.Charge(Cost::kCrcByte, n);
  while (n > 0) {
    // A step of the destination's iterator ends with its page.
    const auto room = static_cast<uint32_t>(HostMemory::kPageSize - to % HostMemory::kPageSize);
    const SeqNum seq = cursor.seq();
    const ByteSpan piece = cursor.Take(std::min(n, room));
    const auto size = static_cast<uint32_t>(piece.size());
    const bool placed =
        piece.data() == dst || (DDPSIM_MUTANT(kSkipDecidedOnce) && tally.skipped > 0);
    if (placed) {
      ++tally.skipped;
      stats_->placed_bytes += size;
    } else {
      Copy(piece, to, dst, &tally);
    }
    if (boxes_.observer != nullptr)
      boxes_.observer->OnDataDelivered(config_.qid, seq, size, placed, now);
    if (hash) digest_.Update(Crc32c(digest_.crc(), ByteSpan(dst, size)));
    to += size;
    dst += size;
    n -= size;
  }
  ctx.Charge(Cost::kCopySkipCheck, tally.skipped);
  ctx.Charge(Cost::kCopyCall, tally.calls);
  ctx.Charge(Cost::kCopyByteLlc, tally.llc_bytes);
  ctx.Charge(Cost::kCopyByteDram, tally.dram_bytes);
}

void RecvPath::Copy(ByteSpan piece, PhysAddr to, uint8_t* dst, CopyTally* tally) {
  const auto size = static_cast<uint32_t>(piece.size());
  std::memcpy(dst, piece.data(), size);
  const LlcAccess access = boxes_.llc->Touch(to, size);
  const auto dram = static_cast<uint32_t>(std::min<uint64_t>(size, access.misses * Llc::kLineSize));
  ++tally->calls;
  tally->dram_bytes += dram;
  tally->llc_bytes += size - dram;
  boxes_.memory->traffic().cpu_written += size;
  stats_->copied_bytes += size;
}

// All data of the PDU is there; its digest, if any, is not.
bool RecvPath::EndData(ExecContext& ctx) {
  if (framing_.DataDigestSize(data_.datal) > 0) {
    if (!digest_.offload()) ctx.Charge(Cost::kCrcCall);
    state_ = State::kDdgst;
    return true;
  }
  ++stats_->c2h_data_ended;
  Report(ctx, DigestJudge::kNone, true);
  Request* request = request_;
  StartPdu();
  return !data_.success || events_->OnDataSuccess(ctx, request);
}

bool RecvPath::OnDigestBytes(ExecContext& ctx, SkbCursor& cursor) {
  if (!DDPSIM_MUTANT(kDigestOfFirstSkb)) digest_.OnSkb(cursor.ulp_crc());
  const uint32_t n = std::min(cursor.left(), digest_.missing());
  uint8_t* out = digest_.Receive(n);
  cursor.Copy(out, n);
  if (digest_.missing() > 0) return true;
  JudgeDigest(ctx);
  Request* request = request_;
  StartPdu();
  return !data_.success || events_->OnDataSuccess(ctx, request);
}

void RecvPath::JudgeDigest(ExecContext& ctx) {
  ++stats_->c2h_data_ended;
  if (digest_.nic_verified()) {
    ++stats_->digests_by_nic;
    Report(ctx, DigestJudge::kNic, true);
    return;
  }
  if (digest_.offload()) {
    ++stats_->digests_recalculated;
    digest_.Recalculate(ctx, boxes_.llc, *request_);
  }
  ++stats_->digests_by_software;
  const bool trusted = DDPSIM_MUTANT(kRecalculationForgotten) && digest_.offload();
  const bool good = trusted || digest_.crc() == digest_.received();
  if (!good) {
    ++stats_->digests_bad;
    request_->status = kNvmeDataTransferError;
  }
  Report(ctx, DigestJudge::kSoftware, good);
}

void RecvPath::Report(ExecContext& ctx, DigestJudge judge, bool accepted) {
  if (boxes_.observer == nullptr) return;
  const SglEntry buffer{request_->addr, request_->data_len};
  PduAccepted pdu;
  pdu.sgl = absl::MakeConstSpan(&buffer, 1);
  pdu.queue = config_.qid;
  pdu.cid = data_.cccid;
  pdu.data_offset = data_.datao;
  pdu.data_length = data_.datal;
  pdu.judge = judge;
  pdu.whole_request = judge == DigestJudge::kSoftware && digest_.offload();
  pdu.accepted = accepted;
  pdu.digest_received = judge == DigestJudge::kNone ? 0 : digest_.received();
  boxes_.observer->OnPduAccepted(pdu, ctx.Now());
}

}  // namespace ddpsim
