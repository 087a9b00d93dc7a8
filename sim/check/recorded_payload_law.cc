#include "sim/check/recorded_payload_law.h"

#include "absl/strings/str_cat.h"
#include "ddpsim/wire/crc32c.h"

namespace ddpsim {

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
  Looked();
  const RecordedPdu expected = recorded.front();
  recorded.pop_front();
  if (expected.cid != pdu.cid || expected.data_offset != pdu.data_offset ||
      expected.data_length != pdu.data_length) {
    Violate(now, absl::StrCat("queue ", pdu.queue, ": received cid ", pdu.cid, " offset ",
                              pdu.data_offset, " length ", pdu.data_length, ", recorded cid ",
                              expected.cid, " offset ", expected.data_offset, " length ",
                              expected.data_length));
    return;
  }
  bytes_checked_ += pdu.data_length;
  const SglEntry& buffer = pdu.sgl.front();
  const bool inside = uint64_t{pdu.data_offset} + pdu.data_length <= buffer.length;
  const PhysAddr at = buffer.addr + pdu.data_offset;
  if (inside &&
      Crc32c(0, ByteSpan(memory_->At(at, pdu.data_length), pdu.data_length)) == expected.crc) {
    return;
  }
  wrong_bytes_ += pdu.data_length;
  Violate(now, absl::StrCat("queue ", pdu.queue, " cid ", pdu.cid, " offset ", pdu.data_offset,
                            " length ", pdu.data_length, ": not the bytes of the capture"));
}

}  // namespace ddpsim
