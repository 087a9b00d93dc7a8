#include "sim/check/offload_oracle.h"

#include <algorithm>

#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

// As much of a packet as a header with its digest can be long (CapsuleCmd).
constexpr size_t kLongestDigested = 76;

uint32_t SizeOf(ByteSpan bytes) { return static_cast<uint32_t>(bytes.size()); }

}  // namespace

void OffloadOracle::Start(SeqNum next_pdu, bool searching) {
  const OracleRules rules = rules_;
  const PduReader reader = reader_;
  *this = OffloadOracle();
  Configure(rules, reader);
  started_ = true;
  state_ = searching ? OffloadState::kSearching : OffloadState::kOffloading;
  expected_ = next_pdu;
}

const OracleVerdict& OffloadOracle::OnSegment(SeqNum seq, ByteSpan payload) {
  verdict_.offloaded = verdict_.digests_ok = false;
  verdict_.data.clear();
  verdict_.asks.reset();
  if (!started_) return verdict_;
  if (state_ == OffloadState::kSearching) {
    // What lies behind is a retransmission.
    if (searched_ && seq < expected_) return verdict_;
    searched_ = true;
    Search(seq, payload, 0);
    expected_ = seq + SizeOf(payload);
    return verdict_;
  }
  const SeqNum end = seq + SizeOf(payload);
  if (seq > expected_) {
    OnGap(seq, payload, static_cast<uint32_t>(seq - expected_));
  } else if (seq < expected_) {
    if (rules_.skips_seen_bytes && end > expected_)
      Follow(seq, payload, static_cast<uint32_t>(expected_ - seq));
  } else if (seen_.has_value() && end > *seen_) {
    // Some of it has passed before.
  } else if (state_ == OffloadState::kTracking) {
    Follow(seq, payload, 0);
  } else {
    Offload(seq, payload);
  }
  return verdict_;
}

OffloadOracle::Step OffloadOracle::TakeHeader(ByteSpan rest) {
  Step step;
  step.at = place_.at;
  // Byte by byte: each may be the one that tells more.
  while (step.size < rest.size()) {
    place_.header[place_.at++] = rest[step.size++];
    const bool tells = place_.at == PduReader::kSizesKnown ||
                       (place_.sizes_known && place_.at == place_.pdu.header_size);
    if (!tells) continue;
    const ByteSpan known(place_.header.data(), place_.at);
    const HeaderReading reading = reader_.Read(known, &place_.pdu);
    step.bad = reading == HeaderReading::kNone;
    if (step.bad) return step;
    place_.sizes_known = true;
    place_.whole_known = step.header_ends = reading == HeaderReading::kWhole;
    if (step.header_ends) break;
  }
  if (place_.whole_known && place_.at == place_.pdu.size) BeginPdu();
  return step;
}

OffloadOracle::Step OffloadOracle::Take(ByteSpan rest) {
  if (!place_.whole_known) return TakeHeader(rest);
  Step step;
  step.at = place_.at;
  const PduFacts& pdu = place_.pdu;
  uint32_t until = pdu.size;
  step.part = Part::kPad;
  if (place_.at < pdu.data_at) {
    until = pdu.data_at;
  } else if (place_.at < pdu.data_end()) {
    step.part = Part::kData;
    until = pdu.data_end();
  } else if (pdu.digest_size > 0) {
    step.part = Part::kDigest;
  }
  step.size = std::min(SizeOf(rest), until - place_.at);
  place_.at += step.size;
  if (place_.at == pdu.size) BeginPdu();
  return step;
}

void OffloadOracle::Offload(SeqNum seq, ByteSpan payload) {
  verdict_.offloaded = true;
  verdict_.digests_ok = reader_.data_digest();
  for (uint32_t at = 0; at < payload.size();) {
    const Step step = Take(payload.subspan(at));
    if (step.bad) return Lose(seq, payload, step.at == 0 ? at + 1 : at);
    if (step.part == Part::kData) {
      const PduFacts& pdu = place_.pdu;
      verdict_.data.push_back(
          {pdu.ccid, uint64_t{pdu.data_offset} + (step.at - pdu.data_at), at, step.size});
    }
    Cover(step, payload.subspan(at, step.size));
    at += step.size;
  }
  expected_ = seq + SizeOf(payload);
}

void OffloadOracle::Cover(const Step& step, ByteSpan bytes) {
  if (step.header_ends) {
    covered_ = true;
    ForgetDigest();
  } else if (step.part == Part::kData) {
    if (!covered_) verdict_.digests_ok = false;
    if (rules_.digests_may_be_wrong) crc_ = Crc32c(crc_, bytes);
  } else if (step.part == Part::kDigest) {
    if (!covered_) verdict_.digests_ok = false;
    for (uint8_t byte : bytes) digest_ |= uint32_t{byte} << (8 * digest_bytes_++);
    if (rules_.digests_may_be_wrong && digest_bytes_ == 4 && digest_ != crc_)
      verdict_.digests_ok = false;
  }
}

void OffloadOracle::OnGap(SeqNum seq, ByteSpan payload, uint32_t missing) {
  const uint32_t to_next = place_.sizes_known ? place_.pdu.size - place_.at : 0;
  // Where the next header is was never learnt, or it was missed.
  if (!place_.sizes_known || missing > to_next) return Lose(seq, payload, 0);
  if (missing + payload.size() > to_next) {
    BeginPdu();
    return Follow(seq, payload, to_next - missing);
  }
  if (state_ != OffloadState::kOffloading) return;
  if (rules_.across_data_gap && place_.whole_known) {
    place_.at += missing;
    covered_ = false;
    return Offload(seq, payload);
  }
  if (rules_.skips_seen_bytes) seen_ = seen_.has_value() ? SeqMin(*seen_, seq) : seq;
}

void OffloadOracle::Follow(SeqNum seq, ByteSpan payload, uint32_t from) {
  bool border = place_.at == 0 && from < payload.size();
  for (uint32_t at = from; at < payload.size();) {
    const Step step = Take(payload.subspan(at));
    if (step.bad) return Lose(seq, payload, step.at == 0 ? at + 1 : at);
    at += step.size;
    border = border || place_.at == 0;
  }
  seen_.reset();
  expected_ = seq + SizeOf(payload);
  if (state_ == OffloadState::kOffloading) {
    AlignCover();
  } else if (answered_ && (border || place_.at == 0)) {
    Resume();
  }
}

void OffloadOracle::Lose(SeqNum seq, ByteSpan payload, uint32_t from) {
  verdict_.offloaded = verdict_.digests_ok = false;
  verdict_.data.clear();
  state_ = OffloadState::kSearching;
  answered_ = false;
  searched_ = true;
  seen_.reset();
  expected_ = seq + SizeOf(payload);
  BeginPdu();
  Search(seq, payload, from);
}

void OffloadOracle::Search(SeqNum seq, ByteSpan payload, uint32_t from) {
  for (;;) {
    const std::optional<int32_t> header = FindHeader(seq, payload, from);
    if (!header.has_value()) return;
    const bool holds = ChainHolds(payload, *header);
    held_.clear();
    if (holds) {
      state_ = OffloadState::kTracking;
      candidate_ = seq + static_cast<uint32_t>(*header);
      verdict_.asks = candidate_;
      return;
    }
    BeginPdu();
    from = static_cast<uint32_t>(std::max(*header + 1, 0));
  }
}

std::optional<int32_t> OffloadOracle::FindHeader(SeqNum seq, ByteSpan payload, uint32_t from) {
  if (seq != held_until_) held_.clear();
  held_until_ = seq + SizeOf(payload);
  if (!held_.empty()) {
    const std::optional<int32_t> found = FindInHeld(payload);
    if (found.has_value() || !held_.empty()) return found;
  }
  const size_t last = rules_.search_anywhere ? payload.size() : std::min<size_t>(1, payload.size());
  for (size_t at = from; at < last; ++at) {
    const HeaderReading reading = reader_.Match(payload.subspan(at));
    if (reading == HeaderReading::kWhole) return static_cast<int32_t>(at);
    if (reading == HeaderReading::kNone) continue;
    held_.assign(payload.begin() + static_cast<long>(at), payload.end());
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<int32_t> OffloadOracle::FindInHeld(ByteSpan payload) {
  const size_t before = held_.size();
  std::vector<uint8_t> joined = held_;
  const size_t more = std::min(payload.size(), kLongestDigested);
  joined.insert(joined.end(), payload.begin(), payload.begin() + static_cast<long>(more));
  for (size_t at = 0; at < (rules_.search_anywhere ? before : 1); ++at) {
    const HeaderReading reading = reader_.Match(ByteSpan(joined).subspan(at));
    if (reading == HeaderReading::kNone) continue;
    if (reading == HeaderReading::kWhole) {
      held_.erase(held_.begin(), held_.begin() + static_cast<long>(at));
      return static_cast<int32_t>(at) - static_cast<int32_t>(before);
    }
    held_.assign(joined.begin() + static_cast<long>(at), joined.end());
    return std::nullopt;
  }
  held_.clear();
  return std::nullopt;
}

bool OffloadOracle::ChainHolds(ByteSpan payload, int32_t header) {
  BeginPdu();
  if (header < 0) Take(held_);
  for (uint32_t at = static_cast<uint32_t>(std::max(header, 0)); at < payload.size();) {
    const Step step = Take(payload.subspan(at));
    if (step.bad) return false;
    at += step.size;
  }
  return true;
}

void OffloadOracle::OnAnswer(SeqNum seq) {
  if (!started_ || state_ != OffloadState::kTracking || answered_ || seq != candidate_) return;
  answered_ = true;
  if (place_.at == 0) Resume();
}

void OffloadOracle::Resume() {
  state_ = OffloadState::kOffloading;
  searched_ = answered_ = false;
  AlignCover();
}

// Bytes have passed without being summed up: the digest can still be told if none of them was data.
void OffloadOracle::AlignCover() {
  covered_ = !place_.whole_known || place_.at <= place_.pdu.data_at;
  ForgetDigest();
}

}  // namespace ddpsim
