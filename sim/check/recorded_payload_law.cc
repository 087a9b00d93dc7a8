#include "sim/check/recorded_payload_law.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ddpsim/wire/crc32c.h"

namespace ddpsim {

bool RecordedPayloadLaw::Same(const RecordedPdu& recorded, const PduAccepted& pdu) {
  return !recorded.diverged && recorded.cid == pdu.cid && recorded.data_offset == pdu.datao &&
         recorded.data_length == pdu.data_length;
}

bool RecordedPayloadLaw::BytesAgree(const RecordedPdu& recorded, const PduAccepted& pdu) const {
  const SglEntry& buffer = pdu.sgl.front();
  if (uint64_t{pdu.data_offset} + pdu.data_length > buffer.length) return false;
  const uint8_t* bytes = memory_->At(buffer.addr + pdu.data_offset, pdu.data_length);
  return Crc32c(0, ByteSpan(bytes, pdu.data_length)) == recorded.crc;
}

void RecordedPayloadLaw::OnPduAccepted(const PduAccepted& pdu, SimTime now) {
  if (doubted_.contains(pdu.queue)) {
    Looked();
    return;
  }
  std::deque<RecordedPdu>& recorded = recorded_[pdu.queue];
  if (recorded.empty()) {
    Violate(now, absl::StrCat("queue ", pdu.queue, " cid ", pdu.cid,
                              ": a PDU was received that the capture does not have"));
    return;
  }
  if (recorded.front().diverged) return OnBehindDivergence(&recorded, pdu);
  Looked();
  const RecordedPdu expected = recorded.front();
  recorded.pop_front();
  if (!Same(expected, pdu)) {
    Violate(now,
            absl::StrCat("queue ", pdu.queue, ": received cid ", pdu.cid, " offset ", pdu.datao,
                         " length ", pdu.data_length, ", recorded cid ", expected.cid, " offset ",
                         expected.data_offset, " length ", expected.data_length));
    return;
  }
  bytes_checked_ += pdu.data_length;
  if (BytesAgree(expected, pdu)) return;
  wrong_bytes_ += pdu.data_length;
  Violate(now, absl::StrCat("queue ", pdu.queue, " cid ", pdu.cid, " offset ", pdu.datao,
                            " length ", pdu.data_length, ": not the bytes of the capture"));
}

// The first mark stays in front.
void RecordedPayloadLaw::OnBehindDivergence(std::deque<RecordedPdu>* recorded,
                                            const PduAccepted& pdu) {
  const auto same = std::find_if(
      recorded->begin(), recorded->end(),
      [this, &pdu](const RecordedPdu& r) { return Same(r, pdu) && BytesAgree(r, pdu); });
  if (same == recorded->end()) {
    ++not_comparable_;
    return;
  }
  Looked();
  bytes_checked_ += pdu.data_length;
  recorded->erase(recorded->begin() + 1, same + 1);
}

}  // namespace ddpsim
