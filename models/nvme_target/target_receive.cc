#include "models/nvme_target/target_receive.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "ddpsim/base/mutant.h"
#include "ddpsim/wire/crc32c.h"
#include "models/nvme_target/nvmet_pdu.h"

namespace ddpsim {

ReceiveVerdict TargetReceive::TryOne(SimTime now) {
  read_ = 0;
  const ReceiveVerdict verdict = Step(now);
  if (read_ != 0) stream_->OnRead(read_, now);
  return verdict;
}

ReceiveVerdict TargetReceive::Step(SimTime now) {
  ReceiveVerdict verdict = ReceiveVerdict::kAgain;
  if (state_ == State::kPdu) {
    verdict = ReceivePdu(now);
    if (verdict != ReceiveVerdict::kDone) return verdict;
  }
  if (state_ == State::kData) {
    verdict = ReceiveData(now);
    if (verdict != ReceiveVerdict::kDone) return verdict;
  }
  return state_ == State::kDigest ? ReceiveDigest(now) : verdict;
}

bool TargetReceive::Fill(uint32_t size) {
  while (filled_ < size) {
    const Skb* skb = stream_->PeekReceive();
    if (skb == nullptr) return false;
    const uint32_t n = std::min(size - filled_, skb->size);
    SkbCopyBits(*skb, 0, MutableByteSpan(header_ + filled_, n));
    stream_->Consume(n);
    filled_ += n;
    read_ += n;
  }
  return true;
}

ReceiveVerdict TargetReceive::ReceivePdu(SimTime now) {
  if (!Fill(sizeof(PduCommonHeader))) return ReceiveVerdict::kAgain;
  const PduError begin = CheckBegin();
  if (!begin.ok()) return Fatal(begin, Refusal::kHeader);
  const PduCommonHeader ch = LoadCommonHeader(header_);
  const uint32_t digest = id_->receive.HeaderDigestSize();
  // Padding in front of the data is header, too.
  const bool padded = !parts_->habits.reads_by_sgl && PduDataLength(ch) > 0;
  if (!Fill(padded ? ch.pdo : ch.hlen + digest)) return ReceiveVerdict::kAgain;
  Refusal why = Refusal::kHeader;
  const PduError whole = CheckWhole(ch, &why);
  if (!whole.ok()) return Fatal(whole, why);
  ++parts_->stats.pdus_received[ch.type];
  pdu_data_ = crc_ = 0;
  const PduError error = Dispatch(now);
  if (!error.ok()) {
    const bool answer = ch.type == static_cast<uint8_t>(PduType::kH2CData);
    return Fatal(error, answer ? Refusal::kR2TAnswer : Refusal::kHeader);
  }
  data_left_ = pdu_data_;
  if (pdu_data_ > 0) {
    if (receiving_ != nullptr) receiving_->pdu_taken = receiving_->pdu_wrong = 0;
    state_ = State::kData;
  } else {
    BeginPdu();
  }
  return ReceiveVerdict::kDone;
}

PduError TargetReceive::CheckWhole(const PduCommonHeader& ch, Refusal* why) {
  const bool by_sgl = parts_->habits.reads_by_sgl;
  PduError error = by_sgl ? CheckNvmetHdgstFlag(ch, id_->receive) : PduError();
  if (error.ok() && id_->receive.header_digest) {
    error = VerifyHeaderDigest(ByteSpan(header_, filled_), ch.hlen);
    if (!error.ok()) {
      ++parts_->stats.header_digest_errors;
      *why = Refusal::kHeaderDigest;
    }
  }
  return error.ok() && by_sgl ? CheckNvmetDdgstFlag(ch, id_->receive) : error;
}

PduError TargetReceive::CheckBegin() const {
  const PduCommonHeader ch = LoadCommonHeader(header_);
  const auto type = static_cast<PduType>(ch.type);
  // nvmet_tcp_pdu_valid()
  const bool known =
      type == PduType::kIcReq || type == PduType::kCapsuleCmd || type == PduType::kH2CData;
  if (!known) return {FatalErrorStatus::kInvalidHeaderField, offsetof(PduCommonHeader, type)};
  if ((type == PduType::kIcReq) == connected_) return {FatalErrorStatus::kPduSequenceError, 0};
  // nvmet_tcp_handle_icreq() looks at PLEN.
  const bool by_sgl = parts_->habits.reads_by_sgl && type != PduType::kIcReq;
  return by_sgl ? CheckNvmetHlen(ch) : CheckCommonHeader(ch, id_->receive);
}

PduError TargetReceive::ParseCapsule(ByteSpan header, CapsuleCmdRepr* capsule) const {
  if (!parts_->habits.reads_by_sgl) return ParseCapsuleCmd(header, id_->receive, capsule);
  capsule->sqe = SqeOfCapsule(header);
  capsule->data_length = events_->InCapsuleData(capsule->sqe);
  return {};
}

PduError TargetReceive::ParseData(ByteSpan header, H2CDataRepr* pdu) const {
  return parts_->habits.reads_by_sgl ? ParseNvmetH2CData(header, id_->receive, pdu)
                                     : ParseH2CData(header, id_->receive, pdu);
}

PduError TargetReceive::Dispatch(SimTime now) {
  const ByteSpan header(header_, filled_);
  receiving_ = nullptr;
  switch (static_cast<PduType>(header_[0])) {
    case PduType::kIcReq: {
      IcReqRepr request;
      const PduError error = ParseIcReq(header, &request);
      if (!error.ok()) return error;
      connected_ = true;
      return events_->OnIcReq(request, now);
    }
    case PduType::kCapsuleCmd: {
      CapsuleCmdRepr capsule;
      const PduError error = ParseCapsule(header, &capsule);
      pdu_data_ = capsule.data_length;
      return error.ok() ? events_->OnCapsule(capsule, now, &receiving_) : error;
    }
    default: {
      H2CDataRepr pdu;
      const PduError error = ParseData(header, &pdu);
      pdu_data_ = pdu.datal;
      return error.ok() ? events_->OnH2CData(pdu, &receiving_) : error;
    }
  }
}

ReceiveVerdict TargetReceive::ReceiveData(SimTime now) {
  while (data_left_ > 0) {
    const Skb* skb = stream_->PeekReceive();
    if (skb == nullptr) return ReceiveVerdict::kAgain;
    const Payload& run = skb->frags.front();
    const uint32_t n = std::min(data_left_, run.size);
    TakeData(run.data, n);
    stream_->Consume(n);
    data_left_ -= n;
    read_ += n;
  }
  if (id_->receive.data_digest) {
    filled_ = 0;
    state_ = State::kDigest;
  } else {
    EndData(now);
  }
  return ReceiveVerdict::kDone;
}

void TargetReceive::TakeData(const uint8_t* data, uint32_t size) {
  if (id_->receive.data_digest) crc_ = Crc32c(crc_, ByteSpan(data, size));
  TargetCommand* command = receiving_;
  if (command == nullptr || command->init_failed) return;
  if (DDPSIM_MUTANT(kWriteLastPieceDropped) && size == data_left_) return;
  const uint32_t at = command->received + (pdu_data_ - data_left_);
  command->pdu_taken += size;
  if (command->keeps_data) {
    std::memcpy(command->data->bytes().data() + at, data, size);
  } else {
    Compare(command, at, ByteSpan(data, size));
  }
}

void TargetReceive::Compare(TargetCommand* command, uint32_t at, ByteSpan data) {
  const uint64_t place = command->device_offset + at;
  size_t first_bad = 0;
  if (parts_->content->Equals(place, data, &first_bad)) return;
  if (command->pdu_wrong == 0) command->pdu_first_wrong = place + first_bad;
  std::vector<uint8_t> expected(data.size());
  parts_->content->Fill(place, MutableByteSpan(expected));
  for (size_t i = first_bad; i < data.size(); ++i) {
    command->pdu_wrong += data[i] != expected[i] ? 1 : 0;
  }
}

ReceiveVerdict TargetReceive::ReceiveDigest(SimTime now) {
  // The header is done with: its first bytes serve again.
  if (!Fill(kDigestSize)) return ReceiveVerdict::kAgain;
  if (LoadLe32(header_) == crc_ || DDPSIM_MUTANT(kWriteDigestIgnored)) {
    EndData(now);
    return ReceiveVerdict::kDone;
  }
  ++parts_->stats.data_digest_errors;
  const bool go_on = receiving_ == nullptr || events_->OnBadDigest(receiving_, now);
  // The specification knows no FES for it: a data digest error is not fatal by itself.
  if (!go_on) return Fatal({FatalErrorStatus::kInvalidHeaderField, 0}, Refusal::kDataDigest);
  BeginPdu();
  return ReceiveVerdict::kDone;
}

void TargetReceive::EndData(SimTime now) {
  TargetCommand* command = receiving_;
  const uint32_t bytes = pdu_data_;
  BeginPdu();
  if (command != nullptr) events_->OnData(command, bytes, now);
}

void TargetReceive::BeginPdu() {
  filled_ = 0;
  receiving_ = nullptr;
  state_ = State::kPdu;
}

ReceiveVerdict TargetReceive::Fatal(const PduError& error, Refusal why) {
  error_ = error;
  refusal_ = why;
  state_ = State::kStopped;
  return ReceiveVerdict::kFatal;
}

}  // namespace ddpsim
