#include "models/nvme_host/recv_path.h"

#include <algorithm>

#include "ddpsim/base/mutant.h"
#include "ddpsim/wire/crc32c.h"

namespace ddpsim {

namespace {

// Bytes between header and data.
uint32_t PaddingOf(const DataPduLayout& pdu, const PduFraming& framing) {
  const uint32_t header = sizeof(pdu) + framing.HeaderDigestSize();
  const uint64_t end = uint64_t{pdu.ch.pdo} + pdu.datal + framing.DataDigestSize(pdu.datal);
  return pdu.ch.pdo > header && end == pdu.ch.plen ? pdu.ch.pdo - header : 0;
}

}  // namespace

void RecvPath::Reset() {
  framing_ = PduFraming();
  refusal_ = HostRefusal();
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
    const bool ok = state_ == State::kPdu       ? OnHeaderBytes(ctx, cursor)
                    : state_ == State::kData    ? OnData(ctx, cursor)
                    : state_ == State::kPadding ? OnPadding(cursor)
                                                : OnDigestBytes(ctx, cursor);
    if (!ok) return false;
  }
  return true;
}

bool RecvPath::Refuse(HostRefusalKind kind, uint32_t found, uint32_t wanted) {
  refusal_ = {kind, header_[0], data_.cccid, found, wanted};
  ++stats_->refusals[static_cast<size_t>(kind)];
  return false;
}

bool RecvPath::Take(HostRefusal refusal, Cid cid) {
  if (refusal.ok()) return true;
  data_.cccid = cid;
  return Refuse(refusal.kind, refusal.found, refusal.wanted);
}

bool RecvPath::OnHeaderBytes(ExecContext& ctx, SkbCursor& cursor) {
  if (header_offset_ == 0 && boxes_.observer != nullptr)
    boxes_.observer->OnPduHeader(config_.qid, cursor.seq(), ctx.Now());
  offload_->OnHeader(ctx, cursor.seq() - header_offset_, header_size_);
  const uint32_t n = std::min(cursor.left(), header_size_ - header_offset_);
  cursor.Copy(header_ + header_offset_, n);
  header_offset_ += n;
  if (expect_ic_resp_) return OnIcRespBytes(ctx);
  if (header_offset_ < header_size_) return true;
  header_end_ = cursor.seq();
  ctx.Charge(Cost::kRecvPdu);
  return CheckHeader(ctx, LoadCommonHeader(header_)) && OnHeader(ctx);
}

// recvmsg() returns with what there is: what is no ICResp need not have its size.
bool RecvPath::OnIcRespBytes(ExecContext& ctx) {
  if (header_offset_ < sizeof(PduCommonHeader)) return true;
  const PduCommonHeader ch = LoadCommonHeader(header_);
  const bool term = ch.type == static_cast<uint8_t>(PduType::kC2HTermReq);
  if (term && header_offset_ >= sizeof(TermReqLayout)) return OnTermReq(ch);
  const bool wrong = ch.type != static_cast<uint8_t>(PduType::kIcResp) && !term;
  if (header_offset_ < header_size_ && !wrong) return true;
  ctx.Charge(Cost::kRecvPdu);
  IcRespLayout resp;
  std::memcpy(static_cast<void*>(&resp), header_, sizeof(resp));
  return Take(events_->OnIcResp(ctx, resp), 0);
}

// nvme_tcp_recv_pdu(), up to its switch.
bool RecvPath::CheckHeader(ExecContext& ctx, const PduCommonHeader& ch) {
  const auto type = static_cast<PduType>(ch.type);
  const bool receivable = type == PduType::kC2HTermReq || type == PduType::kC2HData ||
                          type == PduType::kR2T || type == PduType::kCapsuleResp;
  if (ch.hlen != sizeof(CapsuleRespLayout) && receivable)
    return Refuse(HostRefusalKind::kHeaderLength, ch.hlen, sizeof(CapsuleRespLayout));
  if (ch.hlen != sizeof(CapsuleRespLayout))
    return Refuse(HostRefusalKind::kUnsupportedType, ch.type);
  // A C2HTermReq never has digests.
  if (type == PduType::kC2HTermReq) return OnTermReq(ch);
  if (framing_.header_digest && !CheckHeaderDigest(ctx, ch)) return false;
  // nvme_tcp_check_ddgst()
  const uint32_t digest = (ch.flags & kPduHdgst) != 0 ? framing_.HeaderDigestSize() : 0;
  if (framing_.data_digest && ch.plen != ch.hlen + digest && (ch.flags & kPduDdgst) == 0)
    return Refuse(HostRefusalKind::kDataDigestFlag);
  return receivable || Refuse(HostRefusalKind::kUnsupportedType, ch.type);
}

// nvme_tcp_verify_hdgst()
bool RecvPath::CheckHeaderDigest(ExecContext& ctx, const PduCommonHeader& ch) {
  ctx.Charge(Cost::kHeaderDigest);
  ++stats_->header_digests;
  if ((ch.flags & kPduHdgst) == 0) return Refuse(HostRefusalKind::kHeaderDigestFlag);
  const uint32_t received = LoadLe32(header_ + ch.hlen);
  const uint32_t expected = Crc32c(0, ByteSpan(header_, ch.hlen));
  if (received == expected) return true;
  ++stats_->header_digests_bad;
  return Refuse(HostRefusalKind::kHeaderDigest, received, expected);
}

// nvme_tcp_handle_c2h_term()
bool RecvPath::OnTermReq(const PduCommonHeader& ch) {
  ++stats_->term_reqs;
  TermReqLayout term;
  std::memcpy(static_cast<void*>(&term), header_, sizeof(term));
  if (ch.plen < kTermReqSize || ch.plen > kTermReqSize + kTermReqMaxData)
    return Refuse(HostRefusalKind::kMalformedTermReq, ch.plen);
  return Refuse(HostRefusalKind::kTermReq, term.fes, uint32_t{term.fei_high} << 16 | term.fei_low);
}

bool RecvPath::OnHeader(ExecContext& ctx) {
  const auto type = static_cast<PduType>(header_[0]);
  if (type == PduType::kC2HData) return OnC2HData(ctx);
  if (type == PduType::kCapsuleResp) {
    CapsuleRespLayout resp;
    std::memcpy(static_cast<void*>(&resp), header_, sizeof(resp));
    ++stats_->capsule_resps;
    StartPdu();
    return Take(events_->OnCapsuleResp(ctx, resp.cqe), resp.cqe.command_id);
  }
  R2TLayout r2t;
  std::memcpy(static_cast<void*>(&r2t), header_, sizeof(r2t));
  ++stats_->r2ts;
  StartPdu();
  return Take(events_->OnR2T(ctx, {r2t.cccid, r2t.ttag, r2t.r2to, r2t.r2tl}), r2t.cccid);
}

// nvme_tcp_handle_c2h_data()
bool RecvPath::OnC2HData(ExecContext& ctx) {
  std::memcpy(static_cast<void*>(&data_), header_, sizeof(data_));
  const FoundRequest found = events_->FindRequest(data_.cccid);
  if (found.request == nullptr) return Refuse(found.why);
  const bool has_data = found.request->data_len > 0;
  if (found.request->write && has_data) return Refuse(HostRefusalKind::kDataForWrite);
  if (!has_data || !found.request->started || found.request->nvme_done)
    return Refuse(HostRefusalKind::kDataUnexpected);
  if ((data_.ch.flags & kPduSuccess) != 0 && (data_.ch.flags & kPduLast) == 0)
    return Refuse(HostRefusalKind::kSuccessNotLast);
  request_ = found.request;
  ++stats_->c2h_data;
  if (data_.datao != request_->data_recvd) ++stats_->datao_ignored;
  padding_remaining_ = PaddingOf(data_, framing_);
  if (boxes_.observer != nullptr) {
    boxes_.observer->OnC2HDataHeader(config_.qid, header_end_ + padding_remaining_, data_.cccid,
                                     data_.datao, data_.datal, ctx.Now());
  }
  data_remaining_ = data_.datal;
  digest_.StartPdu();
  // Of a PDU without data too the end is only seen with the next byte.
  state_ = padding_remaining_ > 0 ? State::kPadding : State::kData;
  return true;
}

bool RecvPath::OnPadding(SkbCursor& cursor) {
  const uint32_t n = std::min(cursor.left(), padding_remaining_);
  cursor.Skip(n);
  padding_remaining_ -= n;
  if (padding_remaining_ == 0) state_ = State::kData;
  return true;
}

bool RecvPath::OnData(ExecContext& ctx, SkbCursor& cursor) {
  if (!DDPSIM_MUTANT(kDigestOfFirstSkb) || data_remaining_ == data_.datal)
    digest_.OnSkb(cursor.ulp_crc());
  const uint32_t n = std::min(cursor.left(), data_remaining_);
  const uint32_t room = std::min(n, request_->data_len - request_->data_recvd);
  CopyOrSkip(ctx, cursor, room);
  stats_->payload_bytes += room;
  data_remaining_ -= room;
  // The controller sent more than was asked for.
  if (room < n) return Refuse(HostRefusalKind::kNoSpace, 0, request_->data_len);
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
  // What the NIC placed elsewhere in the buffer, by a DATAO that goes backwards, may overlap.
  std::memmove(dst, piece.data(), size);
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
  if (framing_.data_digest) {
    if (!digest_.offload()) ctx.Charge(Cost::kCrcCall);
    state_ = State::kDdgst;
    return true;
  }
  ++stats_->c2h_data_ended;
  Report(ctx, DigestJudge::kNone, true);
  return EndPdu(ctx);
}

bool RecvPath::EndPdu(ExecContext& ctx) {
  Request* request = request_;
  StartPdu();
  if ((data_.ch.flags & kPduSuccess) == 0) return true;
  return Take(events_->OnDataSuccess(ctx, request), data_.cccid);
}

bool RecvPath::OnDigestBytes(ExecContext& ctx, SkbCursor& cursor) {
  if (!DDPSIM_MUTANT(kDigestOfFirstSkb)) digest_.OnSkb(cursor.ulp_crc());
  const uint32_t n = std::min(cursor.left(), digest_.missing());
  uint8_t* out = digest_.Receive(n);
  cursor.Copy(out, n);
  if (digest_.missing() > 0) return true;
  JudgeDigest(ctx);
  return EndPdu(ctx);
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
  pdu.data_offset = request_->data_recvd - data_.datal;
  pdu.datao = data_.datao;
  pdu.data_length = data_.datal;
  pdu.judge = judge;
  pdu.whole_request = judge == DigestJudge::kSoftware && digest_.offload();
  pdu.accepted = accepted;
  pdu.digest_received = judge == DigestJudge::kNone ? 0 : digest_.received();
  boxes_.observer->OnPduAccepted(pdu, ctx.Now());
}

}  // namespace ddpsim
