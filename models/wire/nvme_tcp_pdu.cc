#include "ddpsim/wire/nvme_tcp_pdu.h"

#include "ddpsim/base/check.h"
#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

// Offsets that FEI names.
constexpr uint32_t kTypeAt = offsetof(PduCommonHeader, type);
constexpr uint32_t kFlagsAt = offsetof(PduCommonHeader, flags);
constexpr uint32_t kHlenAt = offsetof(PduCommonHeader, hlen);
constexpr uint32_t kPdoAt = offsetof(PduCommonHeader, pdo);
constexpr uint32_t kPlenAt = offsetof(PduCommonHeader, plen);

PduError InvalidField(uint32_t offset) { return {FatalErrorStatus::kInvalidHeaderField, offset}; }
PduError Unsupported(uint32_t offset) { return {FatalErrorStatus::kUnsupportedParameter, offset}; }

bool MayCarryData(PduType type) {
  return type == PduType::kCapsuleCmd || type == PduType::kH2CData || type == PduType::kC2HData;
}

bool MayCarryDigests(PduType type) { return type >= PduType::kCapsuleCmd; }

// PLEN and PDO of a PDU that has data behind its header.
PduError CheckDataPlacement(const PduCommonHeader& ch, const PduFraming& framing) {
  const uint32_t alignment = (framing.pda + 1u) * 4;
  const uint32_t header = ch.hlen + framing.HeaderDigestSize();
  if (ch.pdo < header || ch.pdo % alignment != 0) return InvalidField(kPdoAt);
  if (((ch.flags & kPduDdgst) != 0) != framing.data_digest) return InvalidField(kFlagsAt);
  const uint32_t digest = framing.data_digest ? kDigestSize : 0;
  return ch.plen > ch.pdo + digest ? PduError() : InvalidField(kPlenAt);
}

template <class Layout>
PduError Load(ByteSpan header, PduType type, const PduFraming& framing, Layout* layout) {
  SIM_CHECK(header.size() >= sizeof(Layout), "PDU header cut short");
  std::memcpy(layout, header.data(), sizeof(Layout));
  if (layout->ch.type != static_cast<uint8_t>(type)) return InvalidField(kTypeAt);
  return CheckCommonHeader(layout->ch, framing);
}

PduCommonHeader ControlHeader(PduType type, uint8_t size) {
  return {static_cast<uint8_t>(type), 0, size, 0, size};
}

PduCommonHeader FramedHeader(PduType type, uint8_t hlen, uint8_t flags, uint32_t data_length,
                             const PduFraming& framing) {
  PduCommonHeader ch = ControlHeader(type, hlen);
  ch.flags = flags;
  if (framing.header_digest) ch.flags |= kPduHdgst;
  ch.plen = hlen + framing.HeaderDigestSize();
  if (data_length > 0) {
    if (framing.data_digest) ch.flags |= kPduDdgst;
    ch.pdo = framing.DataOffset(hlen);
    ch.plen = ch.pdo + data_length + framing.DataDigestSize(data_length);
  }
  return ch;
}

// Writes the header, its digest and the padding in front of data.
template <class Layout>
uint32_t Store(const Layout& layout, const PduFraming& framing, uint8_t* out) {
  std::memcpy(out, &layout, sizeof(layout));
  uint32_t size = sizeof(layout);
  if (framing.header_digest) {
    AppendHeaderDigest(out, size);
    size += kDigestSize;
  }
  if (layout.ch.pdo > size) {
    std::memset(out + size, 0, layout.ch.pdo - size);
    size = layout.ch.pdo;
  }
  return size;
}

constexpr uint8_t kDgstHeader = 0x01;
constexpr uint8_t kDgstData = 0x02;

uint8_t DigestBits(bool header, bool data) {
  return static_cast<uint8_t>((header ? kDgstHeader : 0) | (data ? kDgstData : 0));
}

constexpr uint8_t kMaxPda = 31;  // HPDA and CPDA: 0 to 31
constexpr uint16_t kPfv10 = 0;   // the only PDU format version

}  // namespace

uint8_t PduHeaderLength(uint8_t type) {
  static constexpr uint8_t kLengths[10] = {128, 128, 24, 24, 72, 24, 24, 24, 0, 24};
  return type < sizeof(kLengths) ? kLengths[type] : 0;
}

PduError CheckCommonHeader(const PduCommonHeader& ch, const PduFraming& framing) {
  const uint8_t hlen = PduHeaderLength(ch.type);
  if (hlen == 0) return InvalidField(kTypeAt);
  if (ch.hlen != hlen) return InvalidField(kHlenAt);
  const PduType type = static_cast<PduType>(ch.type);
  if (!MayCarryDigests(type)) {
    if ((ch.flags & (kPduHdgst | kPduDdgst)) != 0) return InvalidField(kFlagsAt);
    const bool term = type == PduType::kH2CTermReq || type == PduType::kC2HTermReq;
    const uint32_t max = term ? kTermReqSize + kTermReqMaxData : hlen;
    return ch.plen >= hlen && ch.plen <= max ? PduError() : InvalidField(kPlenAt);
  }
  if (((ch.flags & kPduHdgst) != 0) != framing.header_digest) return InvalidField(kFlagsAt);
  const uint32_t header = hlen + framing.HeaderDigestSize();
  if (ch.plen < header) return InvalidField(kPlenAt);
  // Without data PDO and the data digest flag mean nothing.
  if (ch.plen == header) return {};
  return MayCarryData(type) ? CheckDataPlacement(ch, framing) : InvalidField(kPlenAt);
}

uint32_t PduDataLength(const PduCommonHeader& ch) {
  if (!MayCarryData(static_cast<PduType>(ch.type))) return 0;
  const uint32_t header = ch.hlen + ((ch.flags & kPduHdgst) != 0 ? kDigestSize : 0);
  if (ch.plen == header) return 0;
  return ch.plen - ch.pdo - ((ch.flags & kPduDdgst) != 0 ? kDigestSize : 0);
}

void AppendHeaderDigest(uint8_t* pdu, uint32_t hlen) {
  StoreLe32(pdu + hlen, Crc32c(0, ByteSpan(pdu, hlen)));
}

PduError VerifyHeaderDigest(ByteSpan header, uint32_t hlen) {
  SIM_CHECK(header.size() >= hlen + kDigestSize, "PDU header cut short");
  const uint32_t received = LoadLe32(header.data() + hlen);
  if (received == Crc32c(0, header.first(hlen))) return {};
  return {FatalErrorStatus::kHeaderDigestError, received};
}

// parse

PduError ParseIcReq(ByteSpan header, IcReqRepr* repr) {
  IcReqLayout pdu;
  const PduError error = Load(header, PduType::kIcReq, {}, &pdu);
  if (!error.ok()) return error;
  if (pdu.pfv != kPfv10) return Unsupported(offsetof(IcReqLayout, pfv));
  if (pdu.hpda > kMaxPda) return InvalidField(offsetof(IcReqLayout, hpda));
  *repr = {pdu.pfv, pdu.hpda, (pdu.dgst & kDgstHeader) != 0, (pdu.dgst & kDgstData) != 0,
           pdu.maxr2t};
  return {};
}

PduError ParseIcResp(ByteSpan header, IcRespRepr* repr) {
  IcRespLayout pdu;
  const PduError error = Load(header, PduType::kIcResp, {}, &pdu);
  if (!error.ok()) return error;
  if (pdu.pfv != kPfv10) return Unsupported(offsetof(IcRespLayout, pfv));
  if (pdu.cpda > kMaxPda) return InvalidField(offsetof(IcRespLayout, cpda));
  *repr = {pdu.pfv, pdu.cpda, (pdu.dgst & kDgstHeader) != 0, (pdu.dgst & kDgstData) != 0,
           pdu.maxh2cdata};
  return {};
}

PduError ParseTermReq(ByteSpan bytes, TermReqRepr* repr) {
  TermReqLayout pdu;
  SIM_CHECK(bytes.size() >= sizeof(pdu), "PDU header cut short");
  std::memcpy(&pdu, bytes.data(), sizeof(pdu));
  const bool h2c = pdu.ch.type == static_cast<uint8_t>(PduType::kH2CTermReq);
  if (!h2c && pdu.ch.type != static_cast<uint8_t>(PduType::kC2HTermReq))
    return InvalidField(kTypeAt);
  const PduError error = CheckCommonHeader(pdu.ch, {});
  if (!error.ok()) return error;
  SIM_CHECK(bytes.size() >= pdu.ch.plen, "TermReq cut short");
  repr->error = {static_cast<FatalErrorStatus>(pdu.fes),
                 uint32_t{pdu.fei_high} << 16 | pdu.fei_low};
  repr->header = bytes.subspan(kTermReqSize, pdu.ch.plen - kTermReqSize);
  return {};
}

PduError ParseCapsuleCmd(ByteSpan header, const PduFraming& framing, CapsuleCmdRepr* repr) {
  CapsuleCmdLayout pdu;
  const PduError error = Load(header, PduType::kCapsuleCmd, framing, &pdu);
  if (!error.ok()) return error;
  repr->sqe = pdu.sqe;
  repr->data_length = PduDataLength(pdu.ch);
  return {};
}

PduError ParseCapsuleResp(ByteSpan header, const PduFraming& framing, CapsuleRespRepr* repr) {
  CapsuleRespLayout pdu;
  const PduError error = Load(header, PduType::kCapsuleResp, framing, &pdu);
  if (!error.ok()) return error;
  repr->cqe = pdu.cqe;
  return {};
}

PduError ParseH2CData(ByteSpan header, const PduFraming& framing, H2CDataRepr* repr) {
  DataPduLayout pdu;
  const PduError error = Load(header, PduType::kH2CData, framing, &pdu);
  if (!error.ok()) return error;
  if (pdu.datal != PduDataLength(pdu.ch)) return InvalidField(kPlenAt);
  *repr = {pdu.cccid, pdu.ttag, pdu.datao, pdu.datal, (pdu.ch.flags & kPduLast) != 0};
  return {};
}

PduError ParseC2HData(ByteSpan header, const PduFraming& framing, C2HDataRepr* repr) {
  DataPduLayout pdu;
  const PduError error = Load(header, PduType::kC2HData, framing, &pdu);
  if (!error.ok()) return error;
  if (pdu.datal != PduDataLength(pdu.ch)) return InvalidField(kPlenAt);
  const bool last = (pdu.ch.flags & kPduLast) != 0;
  const bool success = (pdu.ch.flags & kPduSuccess) != 0;
  // Linux 6.1 nvme_tcp_handle_c2h_data() refuses SUCCESS without LAST_PDU too.
  if (success && !last) return InvalidField(kFlagsAt);
  *repr = {pdu.cccid, pdu.datao, pdu.datal, last, success};
  return {};
}

PduError ParseR2T(ByteSpan header, const PduFraming& framing, R2TRepr* repr) {
  R2TLayout pdu;
  const PduError error = Load(header, PduType::kR2T, framing, &pdu);
  if (!error.ok()) return error;
  *repr = {pdu.cccid, pdu.ttag, pdu.r2to, pdu.r2tl};
  return {};
}

// emit

uint32_t EmitIcReq(const IcReqRepr& repr, uint8_t* out) {
  IcReqLayout pdu;
  pdu.ch = ControlHeader(PduType::kIcReq, sizeof(pdu));
  pdu.pfv = repr.pfv;
  pdu.hpda = repr.hpda;
  pdu.dgst = DigestBits(repr.header_digest, repr.data_digest);
  pdu.maxr2t = repr.maxr2t;
  return Store(pdu, {}, out);
}

uint32_t EmitIcResp(const IcRespRepr& repr, uint8_t* out) {
  IcRespLayout pdu;
  pdu.ch = ControlHeader(PduType::kIcResp, sizeof(pdu));
  pdu.pfv = repr.pfv;
  pdu.cpda = repr.cpda;
  pdu.dgst = DigestBits(repr.header_digest, repr.data_digest);
  pdu.maxh2cdata = repr.maxh2cdata;
  return Store(pdu, {}, out);
}

uint32_t EmitTermReq(PduType type, const TermReqRepr& repr, uint8_t* out) {
  SIM_CHECK(repr.header.size() <= kTermReqMaxData, "TermReq with too much of a header");
  TermReqLayout pdu;
  pdu.ch = ControlHeader(type, sizeof(pdu));
  pdu.ch.plen = sizeof(pdu) + static_cast<uint32_t>(repr.header.size());
  pdu.fes = static_cast<uint16_t>(repr.error.fes);
  pdu.fei_low = static_cast<uint16_t>(repr.error.fei);
  pdu.fei_high = static_cast<uint16_t>(repr.error.fei >> 16);
  std::memcpy(out, &pdu, sizeof(pdu));
  if (!repr.header.empty()) std::memcpy(out + sizeof(pdu), repr.header.data(), repr.header.size());
  return pdu.ch.plen;
}

uint32_t EmitCapsuleCmd(const CapsuleCmdRepr& repr, const PduFraming& framing, uint8_t* out) {
  CapsuleCmdLayout pdu;
  pdu.ch = FramedHeader(PduType::kCapsuleCmd, sizeof(pdu), 0, repr.data_length, framing);
  pdu.sqe = repr.sqe;
  return Store(pdu, framing, out);
}

uint32_t EmitCapsuleResp(const CapsuleRespRepr& repr, const PduFraming& framing, uint8_t* out) {
  CapsuleRespLayout pdu;
  pdu.ch = FramedHeader(PduType::kCapsuleResp, sizeof(pdu), 0, 0, framing);
  pdu.cqe = repr.cqe;
  return Store(pdu, framing, out);
}

uint32_t EmitH2CData(const H2CDataRepr& repr, const PduFraming& framing, uint8_t* out) {
  DataPduLayout pdu;
  const uint8_t flags = repr.last ? kPduLast : 0;
  pdu.ch = FramedHeader(PduType::kH2CData, sizeof(pdu), flags, repr.datal, framing);
  pdu.cccid = repr.cccid;
  pdu.ttag = repr.ttag;
  pdu.datao = repr.datao;
  pdu.datal = repr.datal;
  return Store(pdu, framing, out);
}

uint32_t EmitC2HData(const C2HDataRepr& repr, const PduFraming& framing, uint8_t* out) {
  DataPduLayout pdu;
  const uint8_t flags =
      static_cast<uint8_t>((repr.last ? kPduLast : 0) | (repr.success ? kPduSuccess : 0));
  pdu.ch = FramedHeader(PduType::kC2HData, sizeof(pdu), flags, repr.datal, framing);
  pdu.cccid = repr.cccid;
  pdu.datao = repr.datao;
  pdu.datal = repr.datal;
  return Store(pdu, framing, out);
}

uint32_t EmitR2T(const R2TRepr& repr, const PduFraming& framing, uint8_t* out) {
  R2TLayout pdu;
  pdu.ch = FramedHeader(PduType::kR2T, sizeof(pdu), 0, 0, framing);
  pdu.cccid = repr.cccid;
  pdu.ttag = repr.ttag;
  pdu.r2to = repr.r2to;
  pdu.r2tl = repr.r2tl;
  return Store(pdu, framing, out);
}

}  // namespace ddpsim
