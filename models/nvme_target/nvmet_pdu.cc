#include "models/nvme_target/nvmet_pdu.h"

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

PduError InvalidField(size_t offset) {
  return {FatalErrorStatus::kInvalidHeaderField, static_cast<uint32_t>(offset)};
}

}  // namespace

PduError CheckNvmetHlen(const PduCommonHeader& ch) {
  if (ch.hlen != PduHeaderLength(ch.type)) return InvalidField(offsetof(PduCommonHeader, hlen));
  return {};
}

PduError CheckNvmetHdgstFlag(const PduCommonHeader& ch, const PduFraming& framing) {
  const bool cleared = framing.header_digest && (ch.flags & kPduHdgst) == 0;
  return cleared ? InvalidField(offsetof(PduCommonHeader, flags)) : PduError();
}

PduError CheckNvmetDdgstFlag(const PduCommonHeader& ch, const PduFraming& framing) {
  const uint32_t digest = (ch.flags & kPduHdgst) != 0 ? framing.HeaderDigestSize() : 0;
  // In 32 bits, as the kernel has it: a PLEN below the header is much data.
  const uint32_t data = ch.plen - ch.hlen - digest;
  const bool cleared = framing.data_digest && data != 0 && (ch.flags & kPduDdgst) == 0;
  return cleared ? InvalidField(offsetof(PduCommonHeader, flags)) : PduError();
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
