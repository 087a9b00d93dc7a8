#include "models/link/corruptor.h"

#include <algorithm>

#include "ddpsim/wire/checksum.h"

namespace ddpsim {
namespace {

constexpr uint32_t kTcpChecksumOffset = 16;  // RFC 9293 section 3.1

}  // namespace

uint64_t Corruptor::FindCandidates(const ParsedFrame& parsed, const PduLocator::Place& place) {
  candidates_.clear();
  if (fault_.any_payload) {
    candidates_.push_back({0, parsed.payload.size()});
    return parsed.payload.size();
  }
  uint64_t sum = 0;
  const PduStream& stream = *place.stream;
  for (uint64_t n = stream.FindPdu(place.bytes.from); n < stream.end(); ++n) {
    const LocatedPdu& pdu = stream.pdu(n);
    if (pdu.start >= place.bytes.to) break;
    if (pdu.type() != type_) continue;
    const ByteRange part = pdu.Part(fault_.part);
    const uint64_t from = std::max(part.from, place.bytes.from);
    const uint64_t to = std::min(part.to, place.bytes.to);
    if (from >= to) continue;
    candidates_.push_back({from - place.bytes.from, to - place.bytes.from});
    sum += to - from;
  }
  return sum;
}

FramePtr Corruptor::Corrupt(const Frame& frame, const ParsedFrame& parsed,
                            const PacketFacts& packet) {
  const uint64_t bytes = FindCandidates(parsed, packet.place);
  const bool listed = list_.Contains(packet.data_number);
  if (bytes == 0 || !(rng_.Bernoulli(fault_.probability) || listed)) return FramePtr();
  uint64_t bit = rng_.Below(bytes * 8);
  size_t i = 0;
  while (bit >= (candidates_[i].to - candidates_[i].from) * 8) {
    bit -= (candidates_[i].to - candidates_[i].from) * 8;
    ++i;
  }
  RefPtr<Frame> copy = pool_->Copy(frame);
  copy->mutable_data()[parsed.payload_offset + candidates_[i].from + bit / 8] ^=
      static_cast<uint8_t>(1u << (bit % 8));
  if (fault_.fix_checksum) {
    RepairTcpChecksum(MutableByteSpan(copy->mutable_data(), copy->size()), parsed);
    copy->set_l4_checksum_known_good(true);
  }
  return copy;
}

void RepairTcpChecksum(MutableByteSpan frame, const ParsedFrame& parsed) {
  const size_t size = parsed.payload_offset - parsed.l4_offset + parsed.payload.size();
  uint8_t* const segment = frame.data() + parsed.l4_offset;
  StoreBe16(segment + kTcpChecksumOffset, 0);
  InternetChecksum sum;  // pseudo-header first, RFC 9293 section 3.1
  sum.AddField32(parsed.tuple.flow.source_ip);
  sum.AddField32(parsed.tuple.flow.destination_ip);
  sum.AddField16(kIpProtocolTcp);
  sum.AddField16(static_cast<uint16_t>(size));
  sum.Add(ByteSpan(segment, size), 0);
  StoreBe16(segment + kTcpChecksumOffset, sum.Finish());
}

}  // namespace ddpsim
