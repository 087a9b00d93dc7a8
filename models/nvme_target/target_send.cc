#include "models/nvme_target/target_send.h"

#include <algorithm>
#include <utility>

#include "ddpsim/base/mutant.h"

namespace ddpsim {

// nvmet_tcp_try_send_one()
bool TargetSend::TryOne(bool last_in_batch, SimTime now) {
  pdus_ = pages_ = 0;
  if (current_ == nullptr) current_ = Fetch();
  TargetCommand* command = current_;
  if (command == nullptr) return false;
  if (command->step == SendStep::kDataHeader) {
    if (!SendPiece(command, true, false, now)) return false;
    CountPdu(PduType::kC2HData);
    command->step = SendStep::kData;
  }
  if (command->step == SendStep::kData) {
    if (!SendData(command, last_in_batch, now)) return false;
    AfterData(command);
  }
  if (current_ != nullptr && command->step == SendStep::kDataDigest) {
    if (!SendDataDigest(command, last_in_batch, now)) return false;
    AfterPdu(command);
  }
  // The whole command is done, or its next C2HData PDU is another call's.
  if (current_ == nullptr || command->step == SendStep::kDataHeader) return true;

  const bool r2t = command->step == SendStep::kR2T;
  // nvmet asks for MSG_EOR here, but do_tcp_sendpages() of Linux 6.1 does not know it.
  if (!SendPiece(command, MoreInBatch(last_in_batch), false, now)) return false;
  CountPdu(r2t ? PduType::kR2T : PduType::kCapsuleResp);
  current_ = nullptr;
  if (r2t) {
    command->r2t_sent = true;
    TellR2T(*command, now);
  } else {
    Finish(command);
  }
  return true;
}

TargetCommand* TargetSend::Fetch() {
  if (batch_.empty()) std::swap(batch_, completed_);
  TargetCommand* command = batch_.PopFront();
  if (command == nullptr) return nullptr;
  if (command->NeedsDataOut()) {
    BeginData(command);
  } else if (command->NeedsDataIn() && !command->init_failed) {
    BeginR2T(command);
  } else {
    BeginResponse(command);
  }
  return command;
}

bool TargetSend::Success(const TargetCommand& command) const {
  return (id_->sqflow_disabled || parts_->habits.always_success) && command.cqe.result == 0;
}

void TargetSend::BeginData(TargetCommand* command) {
  const auto chunk = static_cast<uint32_t>(parts_->config.c2h_chunk);
  const uint32_t left = command->transfer_len - command->sent;
  C2HDataRepr pdu;
  pdu.cccid = command->sqe.command_id;
  pdu.datao = command->sent;
  pdu.datal = chunk == 0 ? left : std::min(chunk, left);
  pdu.last = pdu.datal == left;
  pdu.success = pdu.last && Success(*command);
  command->step = SendStep::kDataHeader;
  command->pdu_send = command->sent;
  command->pdu_last = command->sent + pdu.datal;
  uint8_t* out = parts_->slabs.Reserve(256);  // padded by HPDA: PDO is one byte
  SetPiece(command, EmitC2HData(pdu, id_->send, out));
}

void TargetSend::BeginR2T(TargetCommand* command) {
  R2TRepr pdu;
  pdu.cccid = command->sqe.command_id;
  pdu.ttag = command->tag;
  pdu.r2to = command->received;
  pdu.r2tl = command->transfer_len - command->received;
  if (DDPSIM_MUTANT(kR2TBeyond)) pdu.r2tl += 512;
  command->r2t_offset = pdu.r2to;
  command->r2t_length = pdu.r2tl;
  command->step = SendStep::kR2T;
  SetPiece(command, EmitR2T(pdu, id_->send, parts_->slabs.Reserve(kMaxPduHeader)));
}

void TargetSend::TellR2T(const TargetCommand& command, SimTime now) {
  if (parts_->observer == nullptr || id_->qid == 0) return;
  parts_->observer->OnR2T(id_->connection, command.sqe.command_id, command.r2t_offset,
                          command.r2t_length, now);
}

void TargetSend::BeginResponse(TargetCommand* command) {
  command->step = SendStep::kResponse;
  CapsuleRespRepr response{command->cqe};
  SetPiece(command, EmitCapsuleResp(response, id_->send, parts_->slabs.Reserve(kMaxPduHeader)));
}

// nvmet_try_send_data(). Its kernel_sendpage() calls all but the last say MSG_SENDPAGE_NOTLAST, so
// that TCP pushes once: one Send() does the same.
bool TargetSend::SendData(TargetCommand* command, bool last_in_batch, SimTime now) {
  const uint32_t size = command->pdu_last - command->sent;
  const bool more = MoreInBatch(last_in_batch) || id_->send.data_digest || !Success(*command) ||
                    command->pdu_last < command->transfer_len;
  const uint32_t taken = stream_->Send(command->data->Slice(command->sent, size), more, false, now);
  command->sent += taken;
  const uint32_t page = parts_->habits.send_page;
  pages_ += (taken + page - 1) / page;
  return taken == size;
}

void TargetSend::AfterData(TargetCommand* command) {
  if (!id_->send.data_digest) return AfterPdu(command);
  command->step = SendStep::kDataDigest;
  const uint32_t length = command->pdu_last - command->pdu_send;
  StoreLe32(parts_->slabs.Reserve(kDigestSize), command->data->Digest(command->pdu_send, length));
  SetPiece(command, kDigestSize);
}

bool TargetSend::SendDataDigest(TargetCommand* command, bool last_in_batch, SimTime now) {
  // nvmet ends the record here although a response follows (by kernel_sendmsg(), which knows
  // MSG_EOR); one writev() does not.
  const bool joined = parts_->habits.gather && !Success(*command);
  const bool more =
      MoreInBatch(last_in_batch) || joined || command->pdu_last < command->transfer_len;
  return SendPiece(command, more, !more && parts_->habits.end_of_record, now);
}

void TargetSend::AfterPdu(TargetCommand* command) {
  if (command->sent < command->transfer_len) {
    BeginData(command);
  } else if (Success(*command)) {
    current_ = nullptr;
    Finish(command);
  } else {
    BeginResponse(command);
  }
}

bool TargetSend::SendPiece(TargetCommand* command, bool more, bool eor, SimTime now) {
  Payload& piece = command->piece;
  const uint32_t taken = stream_->Send(piece, more, eor, now);
  if (taken < piece.size) {
    piece = piece.Sub(taken, piece.size - taken);
    return false;
  }
  piece = Payload();
  return true;
}

void TargetSend::CountEnd(const TargetCommand& command) {
  TargetStats& stats = parts_->stats;
  if (command.cqe.status() != kNvmeSuccess) ++stats.failed_commands;
  if (command.cqe.status() != kNvmeSuccess || id_->qid == 0) return;
  if (command.sqe.opcode == kNvmeCmdRead) {
    ++stats.reads;
    stats.read_bytes += command.transfer_len;
  } else if (command.sqe.opcode == kNvmeCmdWrite) {
    ++stats.writes;
    stats.written_bytes += command.transfer_len;
  }
}

void TargetSend::Finish(TargetCommand* command) {
  CountEnd(*command);
  pool_->Put(command);
}

void TargetSend::SendIcResp(const IcRespRepr& response, SimTime now) {
  const uint32_t size = EmitIcResp(response, parts_->slabs.Reserve(kMaxPduHeader));
  CountPdu(PduType::kIcResp);
  stream_->Send(parts_->slabs.Commit(size), false, false, now);
}

void TargetSend::SendTermReq(const TermReqRepr& term, SimTime now) {
  uint8_t* out = parts_->slabs.Reserve(kTermReqSize + kTermReqMaxData);
  const uint32_t size = EmitTermReq(PduType::kC2HTermReq, term, out);
  CountPdu(PduType::kC2HTermReq);
  stream_->Send(parts_->slabs.Commit(size), false, false, now);
}

void TargetSend::Abandon() {
  completed_.Clear();
  batch_.Clear();
  current_ = nullptr;
}

}  // namespace ddpsim
