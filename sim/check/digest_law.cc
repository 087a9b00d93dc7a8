#include "sim/check/digest_law.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ddpsim/wire/crc32c.h"

namespace ddpsim {

uint32_t DigestLaw::DigestInMemory(const PduAccepted& pdu) const {
  uint32_t crc = 0;
  uint32_t skip = pdu.data_offset;
  uint32_t left = pdu.data_length;
  for (const SglEntry& entry : pdu.sgl) {
    if (skip >= entry.length) {
      skip -= entry.length;
      continue;
    }
    const uint32_t take = std::min(left, entry.length - skip);
    crc = Crc32c(crc, ByteSpan(memory_->At(entry.addr + skip, take), take));
    left -= take;
    skip = 0;
    if (left == 0) break;
  }
  return crc;
}

void DigestLaw::OnRefused(const PduAccepted& pdu, SimTime now) {
  PduAccepted request = pdu;
  request.data_offset = request.data_length = 0;
  for (const SglEntry& entry : pdu.sgl) request.data_length += entry.length;
  const bool sum_of_request = pdu.judge == DigestJudge::kSoftware && pdu.whole_request &&
                              request.data_length > pdu.data_length &&
                              DigestInMemory(request) != pdu.digest_received;
  if (sum_of_request && defects_ != nullptr) defects_->Met(Defect::kDataInChunks);
  Violate(now, absl::StrCat("queue ", pdu.queue, " cid ", pdu.cid, ": refused, but DDGST ",
                            absl::Hex(pdu.digest_received), " is that of its data",
                            sum_of_request ? ": the whole request was summed up" : ""));
  if (sum_of_request) Explain(WordsOf(Defect::kDataInChunks).name);
}

void DigestLaw::OnPduAccepted(const PduAccepted& pdu, SimTime now) {
  if (pdu.judge == DigestJudge::kNone) return;
  Looked();
  if (!pdu.accepted) {
    if (DigestInMemory(pdu) == pdu.digest_received) OnRefused(pdu, now);
    return;
  }
  if (pdu.judge != DigestJudge::kNic) return;  // software computed it over the same bytes
  const uint32_t actual = DigestInMemory(pdu);
  if (actual == pdu.digest_received) return;
  ++false_crc_ok_;
  Violate(now, absl::StrCat("queue ", pdu.queue, " cid ", pdu.cid,
                            ": accepted on the NIC's word, DDGST ", absl::Hex(pdu.digest_received),
                            " but the data's is ", absl::Hex(actual)));
}

}  // namespace ddpsim
