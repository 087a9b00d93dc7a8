// What a host sends, PDU by PDU, made by hand, and the way back: a walk over what the target wrote.
#ifndef DDPSIM_TESTS_UNIT_NVME_TARGET_HOST_PDUS_H_
#define DDPSIM_TESTS_UNIT_NVME_TARGET_HOST_PDUS_H_

#include <cstring>
#include <vector>

#include "ddpsim/base/check.h"
#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/nvme_identify.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"

namespace ddpsim {

using Bytes = std::vector<uint8_t>;

inline void Append(Bytes* to, const Bytes& from) {
  to->insert(to->end(), from.begin(), from.end());
}

inline Bytes IcReqPdu(bool header_digest, bool data_digest, uint8_t hpda = 0) {
  Bytes out(kMaxPduHeader);
  IcReqRepr repr;
  repr.header_digest = header_digest;
  repr.data_digest = data_digest;
  repr.hpda = hpda;
  out.resize(EmitIcReq(repr, out.data()));
  return out;
}

inline void AppendData(Bytes* pdu, const Bytes& data, bool digest) {
  Append(pdu, data);
  if (!digest || data.empty()) return;
  uint8_t d[4];
  StoreLe32(d, Crc32c(0, ByteSpan(data)));
  pdu->insert(pdu->end(), d, d + 4);
}

// `data` travels in the capsule.
inline Bytes CommandPdu(NvmeSqe sqe, const PduFraming& framing, const Bytes& data = {}) {
  sqe.flags = kSqeFlagSgl;
  Bytes out(256);
  CapsuleCmdRepr repr{sqe, static_cast<uint32_t>(data.size())};
  out.resize(EmitCapsuleCmd(repr, framing, out.data()));
  AppendData(&out, data, framing.data_digest);
  return out;
}

inline Bytes H2CDataPdu(const H2CDataRepr& repr, const PduFraming& framing, const Bytes& data) {
  Bytes out(256);
  out.resize(EmitH2CData(repr, framing, out.data()));
  AppendData(&out, data, framing.data_digest);
  return out;
}

inline NvmeSqe RwCommand(uint8_t opcode, Cid cid, uint64_t offset, uint32_t length) {
  NvmeRwSqe rw;
  rw.opcode = opcode;
  rw.command_id = cid;
  rw.slba = offset / 512;
  rw.nlb = static_cast<uint16_t>(length / 512 - 1);
  rw.sgl.length = length;
  rw.sgl.type = kSglTransportDataBlock;
  return ToSqe(rw);
}
inline NvmeSqe ReadCommand(Cid cid, uint64_t offset, uint32_t length) {
  return RwCommand(kNvmeCmdRead, cid, offset, length);
}
inline NvmeSqe WriteCommand(Cid cid, uint64_t offset, uint32_t length, bool in_capsule) {
  NvmeSqe sqe = RwCommand(kNvmeCmdWrite, cid, offset, length);
  if (in_capsule) sqe.sgl.type = kSglDataBlockOffset;
  return sqe;
}

inline NvmeSqe ConnectSqe(uint16_t qid, uint16_t sqsize, bool disable_sqflow) {
  FabricsConnectSqe connect;
  connect.qid = qid;
  connect.sqsize = sqsize;
  connect.cattr = disable_sqflow ? kConnectDisableSqFlow : 0;
  connect.sgl.length = sizeof(FabricsConnectData);
  connect.sgl.type = kSglDataBlockOffset;
  return ToSqe(connect);
}
inline Bytes ConnectBytes(uint16_t cntlid) {
  FabricsConnectData data;
  data.cntlid = cntlid;
  std::strcpy(data.subnqn, "nqn.test");
  Bytes out(sizeof(data));
  std::memcpy(out.data(), &data, sizeof(data));
  return out;
}

inline NvmeSqe PropertySqe(uint8_t type, uint32_t offset, bool wide, uint64_t value = 0) {
  FabricsPropertySqe property;
  property.fctype = type;
  property.attrib = wide ? 1 : 0;
  property.offset = offset;
  property.value = value;
  return ToSqe(property);
}

inline NvmeSqe IdentifySqe(uint8_t cns, uint32_t nsid) {
  NvmeIdentifySqe identify;
  identify.cns = cns;
  identify.nsid = nsid;
  identify.sgl.length = 4096;
  identify.sgl.type = kSglTransportDataBlock;
  return ToSqe(identify);
}

struct Pdu {
  PduType type = PduType::kIcReq;
  size_t at = 0;  // in the stream
  Bytes bytes;
  Bytes data;
  uint32_t digest = 0;  // of the data, as sent

  NvmeCqe cqe() const {
    CapsuleRespLayout layout;
    std::memcpy(static_cast<void*>(&layout), bytes.data(), sizeof(layout));
    return layout.cqe;
  }
  DataPduLayout data_header() const {
    DataPduLayout layout;
    std::memcpy(static_cast<void*>(&layout), bytes.data(), sizeof(layout));
    return layout;
  }
  R2TLayout r2t() const {
    R2TLayout layout;
    std::memcpy(static_cast<void*>(&layout), bytes.data(), sizeof(layout));
    return layout;
  }
  bool last() const { return (bytes[1] & kPduLast) != 0; }
  bool success() const { return (bytes[1] & kPduSuccess) != 0; }
};

// Whole PDUs of a stream; header digests are checked, an unfinished PDU at the end is left out.
inline std::vector<Pdu> WalkPdus(const Bytes& stream) {
  std::vector<Pdu> pdus;
  for (size_t at = 0; at + 8 <= stream.size();) {
    const PduCommonHeader ch = LoadCommonHeader(&stream[at]);
    SIM_CHECK(ch.plen >= 8, "not a PDU");
    if (at + ch.plen > stream.size()) break;
    Pdu pdu;
    pdu.type = static_cast<PduType>(ch.type);
    pdu.at = at;
    pdu.bytes.assign(stream.begin() + at, stream.begin() + at + ch.plen);
    const bool control = ch.type <= 3;
    if (!control && (ch.flags & kPduHdgst) != 0) {
      SIM_CHECK(VerifyHeaderDigest(ByteSpan(pdu.bytes), ch.hlen).ok());
    }
    if (const uint32_t n = control ? 0 : PduDataLength(ch)) {
      pdu.data.assign(pdu.bytes.begin() + ch.pdo, pdu.bytes.begin() + ch.pdo + n);
      if ((ch.flags & kPduDdgst) != 0) pdu.digest = LoadLe32(&pdu.bytes[ch.pdo + n]);
    }
    pdus.push_back(std::move(pdu));
    at += ch.plen;
  }
  return pdus;
}

// CRC32C bit by bit, to have a second opinion (RFC 3720 appendix B.4: reflected 0x1edc6f41).
inline uint32_t SlowCrc32c(const Bytes& bytes) {
  uint32_t crc = 0xffffffff;
  for (uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0);
  }
  return ~crc;
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NVME_TARGET_HOST_PDUS_H_
