#include "models/nvme_target/nvmet_pdu.h"

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

PduError InvalidField(size_t offset) {
  return {FatalErrorStatus::kInvalidHeaderField, static_cast<uint32_t>(offset)};
}

}  // namespace

PduError CheckNvmetHeader(const PduCommonHeader& ch, const PduFraming& framing) {
  if (ch.hlen != PduHeaderLength(ch.type)) return InvalidField(offsetof(PduCommonHeader, hlen));
  const bool header_digest = (ch.flags & kPduHdgst) != 0;
  if (framing.header_digest && !header_digest)
    return InvalidField(offsetof(PduCommonHeader, flags));
  // In 32 bits, as the kernel has it: a PLEN below the header is much data.
  const uint32_t behind = ch.plen - ch.hlen - (header_digest ? kDigestSize : 0);
  if (framing.data_digest && behind != 0 && (ch.flags & kPduDdgst) == 0)
    return InvalidField(offsetof(PduCommonHeader, flags));
  return {};
}

PduError ParseNvmetH2CData(ByteSpan header, const PduFraming& framing, H2CDataRepr* repr) {
  DataPduLayout pdu;
  SIM_CHECK(header.size() >= sizeof(pdu), "PDU header cut short");
  std::memcpy(static_cast<void*>(&pdu), header.data(), sizeof(pdu));
  const uint32_t around =
      sizeof(pdu) + framing.HeaderDigestSize() + (framing.data_digest ? kDigestSize : 0);
  if (pdu.datal != pdu.ch.plen - around) return InvalidField(offsetof(PduCommonHeader, plen));
  *repr = {pdu.cccid, pdu.ttag, pdu.datao, pdu.datal, (pdu.ch.flags & kPduLast) != 0};
  return {};
}

NvmeSqe SqeOfCapsule(ByteSpan header) {
  CapsuleCmdLayout pdu;
  SIM_CHECK(header.size() >= sizeof(pdu), "PDU header cut short");
  std::memcpy(static_cast<void*>(&pdu), header.data(), sizeof(pdu));
  return pdu.sqe;
}

}  // namespace ddpsim
