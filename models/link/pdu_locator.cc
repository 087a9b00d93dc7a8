#include "models/link/pdu_locator.h"

#include <algorithm>

#include "ddpsim/wire/nvme_tcp_layout.h"

namespace ddpsim {
namespace {

constexpr uint32_t kChSize = sizeof(PduCommonHeader);

}  // namespace

uint32_t LocatedPdu::plen() const { return known == kChSize ? LoadLe32(ch + 4) : 0; }

ByteRange LocatedPdu::Part(PduPart part) const {
  if (part == PduPart::kHeader) return {start, start + sizeof(DataPduLayout)};
  if (known < kChSize) return {};
  const uint64_t end = start + plen();
  const uint64_t digest = (ch[1] & kPduDdgst) != 0 ? kDigestSize : 0;
  if (part == PduPart::kDigest) return {end - digest, end};
  return {start + ch[3], end - digest};
}

void PduStream::OnSegment(SeqNum seq, ByteSpan payload) {
  const int32_t ahead = seq - sent_seq_;
  if (ahead > 0) {
    lost_ = true;
    sent_ += static_cast<uint32_t>(ahead);
    sent_seq_ = seq;
  }
  if (ahead + static_cast<int64_t>(payload.size()) <= 0) return;
  if (ahead < 0) payload.remove_prefix(static_cast<size_t>(-ahead));
  const uint64_t stop = sent_ + payload.size();
  uint64_t at = sent_;
  while (at < stop && !lost_) {
    if (end_ == 0 || (pdu(end_ - 1).known == kChSize && at == pdu_end_)) {
      if (end_ < kHistory) history_.emplace_back();
      history_[end_++ % kHistory] = LocatedPdu{at, {}, 0};
    }
    LocatedPdu& pdu = history_[(end_ - 1) % kHistory];
    for (; pdu.known < kChSize && at < stop; ++at) pdu.ch[pdu.known++] = payload[at - sent_];
    if (pdu.known < kChSize) break;
    if (pdu.plen() < kChSize) lost_ = true;
    pdu_end_ = pdu.start + pdu.plen();
    at = std::min(pdu_end_, stop);
  }
  sent_ = stop;
  sent_seq_ += static_cast<uint32_t>(payload.size());
}

uint64_t PduStream::FindPdu(uint64_t offset) const {
  uint64_t low = oldest(), high = end_;  // binary search for the last PDU that starts at or before
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (pdu(middle).start <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low > oldest() ? low - 1 : low;
}

PduLocator::Place PduLocator::OnFrame(const ParsedFrame& parsed) {
  const TcpHeader& tcp = parsed.tcp;
  const bool syn = (tcp.flags & kTcpSyn) != 0;
  const SeqNum first = syn ? tcp.seq + 1 : tcp.seq;
  const auto [it, added] =
      index_.try_emplace(parsed.tuple.flow, static_cast<uint32_t>(streams_.size()));
  if (added) streams_.emplace_back(first);
  PduStream& stream = streams_[it->second];
  Place place;
  place.connection = it->second;
  place.stream = &stream;
  place.first_new = stream.sent();
  place.bytes.from = stream.OffsetOf(first);
  place.bytes.to = place.bytes.from + parsed.payload.size();
  if (!parsed.payload.empty()) stream.OnSegment(first, parsed.payload);
  return place;
}

}  // namespace ddpsim
