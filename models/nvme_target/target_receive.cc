#include "models/nvme_target/target_receive.h"

#include <algorithm>
#include <cstring>

#include "ddpsim/wire/crc32c.h"

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
  if (!begin.ok()) return Fatal(begin);
  const PduCommonHeader ch = LoadCommonHeader(header_);
  const uint32_t digest = (ch.flags & kPduHdgst) != 0 ? kDigestSize : 0;
  const uint32_t data = PduDataLength(ch);
  // Padding in front of the data is header, too.
  if (!Fill(data > 0 ? ch.pdo : ch.hlen + digest)) return ReceiveVerdict::kAgain;
  if (digest != 0) {
    const PduError error = VerifyHeaderDigest(ByteSpan(header_, filled_), ch.hlen);
    if (!error.ok()) {
      ++parts_->stats.header_digest_errors;
      return Fatal(error);
    }
  }
  ++parts_->stats.pdus_received[ch.type];
  pdu_data_ = data_left_ = data;
  crc_ = 0;
  const PduError error = Dispatch(now);
  if (!error.ok()) return Fatal(error);
  if (data > 0) {
    state_ = State::kData;
  } else {
    BeginPdu();
  }
  return ReceiveVerdict::kDone;
}

PduError TargetReceive::CheckBegin() const {
  const PduCommonHeader ch = LoadCommonHeader(header_);
  const auto type = static_cast<PduType>(ch.type);
  // nvmet_tcp_pdu_valid()
  const bool known =
      type == PduType::kIcReq || type == PduType::kCapsuleCmd || type == PduType::kH2CData;
  if (!known) return {FatalErrorStatus::kInvalidHeaderField, offsetof(PduCommonHeader, type)};
  if ((type == PduType::kIcReq) == connected_) return {FatalErrorStatus::kPduSequenceError, 0};
  return CheckCommonHeader(ch, id_->receive);
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
      const PduError error = ParseCapsuleCmd(header, id_->receive, &capsule);
      return error.ok() ? events_->OnCapsule(capsule, now, &receiving_) : error;
    }
    default: {
      H2CDataRepr pdu;
      const PduError error = ParseH2CData(header, id_->receive, &pdu);
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
  const uint32_t at = command->received + (pdu_data_ - data_left_);
  if (command->keeps_data) {
    std::memcpy(command->data->bytes().data() + at, data, size);
  } else {
    command->pdu_mismatch |=
        !parts_->content->Equals(command->device_offset + at, ByteSpan(data, size), nullptr);
  }
}

ReceiveVerdict TargetReceive::ReceiveDigest(SimTime now) {
  // The header is done with: its first bytes serve again.
  if (!Fill(kDigestSize)) return ReceiveVerdict::kAgain;
  if (LoadLe32(header_) == crc_) {
    EndData(now);
    return ReceiveVerdict::kDone;
  }
  ++parts_->stats.data_digest_errors;
  const bool go_on = receiving_ == nullptr || events_->OnBadDigest(receiving_, now);
  // The specification knows no FES for it: a data digest error is not fatal by itself.
  if (!go_on) return Fatal({FatalErrorStatus::kInvalidHeaderField, 0});
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

ReceiveVerdict TargetReceive::Fatal(const PduError& error) {
  error_ = error;
  state_ = State::kStopped;
  return ReceiveVerdict::kFatal;
}

}  // namespace ddpsim
