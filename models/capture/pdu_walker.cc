#include "models/capture/pdu_walker.h"

#include <algorithm>

#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

// The longest PDU that is believed: nvmet takes 4 MiB H2CData; a read of 65,536 blocks of 512 bytes
// (32 MiB), the most that one command names of them, is beyond any MDTS that Linux uses.
constexpr uint32_t kMaxPlen = (uint32_t{32} << 20) + kMaxPduHeader + kDigestSize;
// Headers that must follow a candidate without a digest. By chance one in 8192 places looks like a
// header; three in a row, where lengths say, do not happen.
constexpr int kConfirmations = 2;
// After so much any header will do: what is known of the connection does not help.
constexpr uint64_t kChoosy = uint64_t{1} << 20;

bool FromController(PduType type) {
  return type == PduType::kIcResp || type == PduType::kC2HTermReq ||
         type == PduType::kCapsuleResp || type == PduType::kC2HData || type == PduType::kR2T;
}

bool IsInitialize(uint8_t type) {
  return type == static_cast<uint8_t>(PduType::kIcReq) ||
         type == static_cast<uint8_t>(PduType::kIcResp);
}

bool CarriesDigests(uint8_t type) { return type >= static_cast<uint8_t>(PduType::kCapsuleCmd); }

}  // namespace

void PduWalker::OnBytes(uint64_t offset, ByteSpan bytes) {
  std::vector<uint8_t> joined;
  if (!tail_.empty()) {
    offset -= tail_.size();
    skipped_bytes_ -= tail_.size();
    joined.swap(tail_);
    joined.insert(joined.end(), bytes.begin(), bytes.end());
    bytes = ByteSpan(joined);
  }
  for (size_t at = 0; at < bytes.size();) {
    const ByteSpan rest = bytes.subspan(at);
    if (state_ == State::kSearch) {
      at += Search(offset + at, rest);
    } else if (state_ == State::kBody) {
      at += TakeBody(rest);
    } else {
      at += TakeHeader(offset + at, rest);
      if (!no_header_) continue;
      // The next header may begin within what was taken for one.
      no_header_ = false;
      const size_t size = pdu_.header_size;
      if (size <= at) {
        at = at - size + 1;
        continue;
      }
      std::vector<uint8_t> again(pdu_.header.begin() + 1,
                                 pdu_.header.begin() + static_cast<long>(size));
      again.insert(again.end(), bytes.begin() + static_cast<long>(at), bytes.end());
      joined.swap(again);
      bytes = ByteSpan(joined);
      offset = pdu_.offset + 1;
      at = 0;
    }
  }
}

void PduWalker::OnGap(uint64_t offset, uint64_t size) {
  if (state_ == State::kHeader && at_ == 0 && size == 0) return;
  if (state_ == State::kBody && size <= pdu_.ch.plen - at_) {
    // The PDU is longer than the gap: its end is known all the same.
    if (at_ < data_end_ && pdu_.data_length > 0) pdu_.data_whole = false;
    at_ += size;
    if (at_ > data_end_) pdu_.data_digest = DigestVerdict::kUnknown;
    has_digest_ = has_digest_ && at_ <= data_end_;
    if (at_ == pdu_.ch.plen) EndPdu();
    return;
  }
  tail_.clear();
  if (state_ != State::kSearch) {
    LoseSync(at_);
  }
  skipped_bytes_ += size;
  searched_ += size;
}

uint32_t PduWalker::HeaderNeed() const {
  if (at_ < sizeof(PduCommonHeader)) return sizeof(PduCommonHeader);
  uint32_t hlen = PduHeaderLength(pdu_.ch.type);
  // A damaged type: the length field may still be right.
  if (hlen == 0) hlen = std::min<uint32_t>(std::max<uint32_t>(pdu_.ch.hlen, 8), 128);
  const bool digest = framing_->header_digest.value_or((pdu_.ch.flags & kPduHdgst) != 0) &&
                      (CarriesDigests(pdu_.ch.type) || PduHeaderLength(pdu_.ch.type) == 0);
  return hlen + (digest ? kDigestSize : 0);
}

size_t PduWalker::TakeHeader(uint64_t offset, ByteSpan bytes) {
  if (at_ == 0) {
    pdu_ = WalkedPdu();
    pdu_.offset = offset;
  }
  const size_t n = std::min<size_t>(bytes.size(), HeaderNeed() - at_);
  std::copy_n(bytes.begin(), n, pdu_.header.begin() + static_cast<long>(at_));
  at_ += n;
  if (at_ == sizeof(PduCommonHeader)) pdu_.ch = LoadCommonHeader(pdu_.header.data());
  if (at_ < HeaderNeed()) return n;
  if (!HeaderComplete()) {
    LoseSync(1);
    no_header_ = true;
  }
  return n;
}

// Whether the walk can go on from this header.
bool PduWalker::HeaderComplete() {
  JudgeHeader();
  const bool bad = pdu_.header_digest == DigestVerdict::kBad;
  const bool sane = bad ? pdu_.ch.plen >= at_ && pdu_.ch.plen <= kMaxPlen : MayBePdu(pdu_.ch);
  if (!sane) {
    // It is a PDU with a bad header digest even if nobody knows where it ends.
    if (bad && unconfirmed_ == 0) {
      pdu_.data_length = 0;
      sink_->OnPduHeader(direction_, pdu_);
      sink_->OnPdu(direction_, pdu_);
    }
    return false;
  }
  LearnFraming();
  const bool data = pdu_.ch.plen > at_;
  PlaceData(data);
  digest_ = 0;
  if (unconfirmed_ > 0 && pdu_.offset != candidate_ && --unconfirmed_ == 0) Believe();
  if (unconfirmed_ == 0) {
    if (!first_pdu_.has_value()) first_pdu_ = pdu_.offset;
    sink_->OnPduHeader(direction_, pdu_);
  }
  state_ = State::kBody;
  if (!data) EndPdu();
  return true;
}

// Where data and its digest lie.
void PduWalker::PlaceData(bool has_data) {
  const auto header = static_cast<uint32_t>(at_);
  const bool digests = framing_->data_digest.value_or((pdu_.ch.flags & kPduDdgst) != 0);
  has_digest_ =
      has_data && CarriesDigests(pdu_.ch.type) && digests && pdu_.ch.plen >= header + kDigestSize;
  data_end_ = pdu_.ch.plen - (has_digest_ ? kDigestSize : 0);
  pdu_.data_begin =
      has_data ? static_cast<uint32_t>(std::clamp<uint64_t>(pdu_.ch.pdo, header, data_end_)) : 0;
  if (pdu_.type() == PduType::kC2HData) {
    DataPduLayout layout;
    std::memcpy(static_cast<void*>(&layout), pdu_.header.data(), sizeof(layout));
    const uint64_t digest = digests ? kDigestSize : 0;
    const bool padded = uint64_t{pdu_.ch.pdo} + layout.datal + digest == pdu_.ch.plen;
    if (has_data && !padded) pdu_.data_begin = header;
    const uint64_t begin = has_data ? pdu_.data_begin : header;
    pdu_.lengths_agree = begin + layout.datal + digest == pdu_.ch.plen;
  }
  pdu_.data_length = has_data ? static_cast<uint32_t>(data_end_) - pdu_.data_begin : 0;
}

void PduWalker::JudgeHeader() {
  const uint32_t hlen = PduHeaderLength(pdu_.ch.type);
  const bool digest = at_ > std::max<uint32_t>(hlen, 8) && at_ - kDigestSize >= 8 &&
                      (hlen == 0 || at_ == hlen + kDigestSize);
  pdu_.header_size = static_cast<uint32_t>(at_);
  if (!digest || (hlen == 0 && !framing_->header_digest.value_or(false))) return;
  const auto size = static_cast<uint32_t>(at_ - kDigestSize);
  const bool good = Crc32c(0, ByteSpan(pdu_.header.data(), size)) == LoadLe32(&pdu_.header[size]);
  pdu_.header_digest = good ? DigestVerdict::kGood : DigestVerdict::kBad;
}

bool PduWalker::MayBePdu(const PduCommonHeader& ch) const {
  const auto type = static_cast<PduType>(ch.type);
  const uint8_t hlen = PduHeaderLength(ch.type);
  if (hlen == 0 || ch.hlen != hlen || ch.plen > kMaxPlen) return false;
  if (FromController(type) != (direction_ == StreamDirection::kC2H)) return false;
  // Without a handshake that was seen, each PDU shows its own digests.
  PduFraming framing;
  framing.header_digest = framing_->header_digest.value_or((ch.flags & kPduHdgst) != 0);
  framing.data_digest = framing_->data_digest.value_or((ch.flags & kPduDdgst) != 0);
  return CheckCommonHeader(ch, framing).ok();
}

void PduWalker::LearnFraming() {
  if (framing_->agreed || !CarriesDigests(pdu_.ch.type) || !pdu_.header_good()) return;
  if (unconfirmed_ > 0) return;
  if (!framing_->header_digest.has_value())
    framing_->header_digest = (pdu_.ch.flags & kPduHdgst) != 0;
  if (!framing_->data_digest.has_value() && pdu_.ch.plen > at_)
    framing_->data_digest = (pdu_.ch.flags & kPduDdgst) != 0;
}

size_t PduWalker::TakeBody(ByteSpan bytes) {
  const size_t n = std::min<size_t>(bytes.size(), static_cast<size_t>(pdu_.ch.plen - at_));
  const uint64_t begin = at_;
  at_ += n;
  const uint64_t from = std::max<uint64_t>(begin, pdu_.data_begin);
  const uint64_t to = std::min<uint64_t>(at_, data_end_);
  if (check_data_ && from < to) {
    pdu_.data_crc = Crc32c(pdu_.data_crc, bytes.subspan(static_cast<size_t>(from - begin),
                                                        static_cast<size_t>(to - from)));
  }
  if (has_digest_) {
    for (uint64_t i = std::max(begin, data_end_); i < at_; ++i)
      digest_ |= uint32_t{bytes[static_cast<size_t>(i - begin)]} << (8 * (i - data_end_));
  }
  if (at_ == pdu_.ch.plen) EndPdu();
  return n;
}

void PduWalker::EndPdu() {
  if (has_digest_ && pdu_.data_digest == DigestVerdict::kNone) {
    pdu_.data_digest = !check_data_ || !pdu_.data_whole ? DigestVerdict::kUnknown
                       : pdu_.data_crc == digest_       ? DigestVerdict::kGood
                                                        : DigestVerdict::kBad;
  }
  state_ = State::kHeader;
  at_ = 0;
  if (unconfirmed_ == 0) {
    sink_->OnPdu(direction_, pdu_);
  } else {
    held_.push_back(pdu_);
  }
}

// The chain of headers held: what was found on the way counts.
void PduWalker::Believe() {
  const WalkedPdu current = pdu_;
  first_pdu_ = first_pdu_.value_or(candidate_);
  for (const WalkedPdu& pdu : held_) {
    pdu_ = pdu;
    at_ = pdu.header_size;
    LearnFraming();
    sink_->OnPduHeader(direction_, pdu);
    sink_->OnPdu(direction_, pdu);
  }
  held_.clear();
  pdu_ = current;
  at_ = pdu_.header_size;
  LearnFraming();
}

void PduWalker::LoseSync(uint64_t bytes) {
  for (const WalkedPdu& pdu : held_) bytes += pdu.ch.plen;
  held_.clear();
  skipped_bytes_ += bytes;
  if (unconfirmed_ == 0) {
    ++resyncs_;
    searched_ = 0;
  }
  unconfirmed_ = 0;
  state_ = State::kSearch;
  at_ = 0;
  tail_.clear();
}

bool PduWalker::IsCandidate(ByteSpan header) const {
  return header.size() >= sizeof(PduCommonHeader) && MayBePdu(LoadCommonHeader(header.data())) &&
         !IsInitialize(header[0]);
}

size_t PduWalker::Search(uint64_t offset, ByteSpan bytes) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    const ByteSpan rest = bytes.subspan(i);
    const uint8_t hlen = PduHeaderLength(rest[0]);
    if (hlen == 0 || (rest.size() > 2 && rest[2] != hlen)) continue;
    const bool whole_common = rest.size() >= sizeof(PduCommonHeader);
    if (whole_common && !IsCandidate(rest)) continue;
    const bool digest = rest.size() > 1 && (rest[1] & kPduHdgst) != 0;
    if (!whole_common || rest.size() < hlen + (digest ? kDigestSize : 0u)) {
      // It may be one: wait for the rest of its header.
      tail_.assign(rest.begin(), rest.end());
      skipped_bytes_ += bytes.size();
      return bytes.size();
    }
    if (digest && Crc32c(0, rest.subspan(0, hlen)) != LoadLe32(&rest[hlen])) continue;
    const Belief belief = sink_->Believes(direction_, rest.subspan(0, hlen));
    if (belief == Belief::kNo && searched_ + i < kChoosy) continue;
    skipped_bytes_ += i;
    searched_ += i;
    candidate_ = offset + i;
    unconfirmed_ = digest || belief == Belief::kCertain ? 0 : kConfirmations;
    state_ = State::kHeader;
    at_ = 0;
    return i;
  }
  skipped_bytes_ += bytes.size();
  searched_ += bytes.size();
  return bytes.size();
}

}  // namespace ddpsim
