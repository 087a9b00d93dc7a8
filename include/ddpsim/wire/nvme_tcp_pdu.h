// NVMe/TCP PDUs (NVM Express TCP Transport 1.0c section 3.6): the wire layouts, a plain value
// (Repr) per PDU type, and parse/emit between them. A PDU is CH | PSH | [HDGST] | [PAD] | [DATA] |
// [DDGST]:
//
//   0     1      2     3    4        8            HLEN       PDO                PDO+length    PLEN
//   type  flags  HLEN  PDO  PLEN ... PSH (if any) | HDGST PAD | data            | DDGST
//
// Parse functions see the header only (HLEN bytes and, with header digests, 4 more); who moves data
// owns its digest. Left out: authentication, TLS. Invariants: layouts are asserted; Emit(Parse(x))
// == x for PDUs without padding surprises; a parser never reads beyond the span; a refused PDU
// names the FES and FEI of the TermReq the specification asks for.
#ifndef DDPSIM_WIRE_NVME_TCP_PDU_H_
#define DDPSIM_WIRE_NVME_TCP_PDU_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ddpsim/base/bytes.h"
#include "ddpsim/wire/nvme.h"
#include "ddpsim/wire/nvme_tcp_layout.h"

namespace ddpsim {

// What ICReq and ICResp agreed upon: decides the form of every later PDU of one direction.
struct PduFraming {
  bool header_digest = false;
  bool data_digest = false;
  uint8_t pda = 0;  // HPDA towards the host, CPDA towards the controller: data starts at a multiple
                    // of (pda + 1) * 4

  uint32_t HeaderDigestSize() const { return header_digest ? kDigestSize : 0; }
  uint32_t DataDigestSize(uint32_t data_length) const {
    return data_digest && data_length > 0 ? kDigestSize : 0;
  }
  // PDO of a PDU with data.
  uint8_t DataOffset(uint8_t hlen) const {
    const uint32_t align = (pda + 1u) * 4;
    return static_cast<uint8_t>((hlen + HeaderDigestSize() + align - 1) / align * align);
  }
};

// Why a PDU is refused: the contents of a TermReq. kNone: it is not.
struct PduError {
  FatalErrorStatus fes = FatalErrorStatus::kNone;
  uint32_t fei = 0;  // invalid header field, unsupported parameter: its offset; header digest
                     // error: the digest received

  bool ok() const { return fes == FatalErrorStatus::kNone; }
  friend bool operator==(const PduError& a, const PduError& b) {
    return a.fes == b.fes && a.fei == b.fei;
  }
};

struct IcReqRepr {
  uint16_t pfv = 0;
  uint8_t hpda = 0;
  bool header_digest = false;
  bool data_digest = false;
  uint32_t maxr2t = 0;  // outstanding R2Ts per command, less one
};

struct IcRespRepr {
  uint16_t pfv = 0;
  uint8_t cpda = 0;
  bool header_digest = false;
  bool data_digest = false;
  uint32_t maxh2cdata = 0;  // bytes
};

struct TermReqRepr {
  PduError error;
  ByteSpan header;  // of the PDU complained about, at most kTermReqMaxData bytes
};

struct CapsuleCmdRepr {
  NvmeSqe sqe;
  uint32_t data_length = 0;  // in-capsule data
};

struct CapsuleRespRepr {
  NvmeCqe cqe;
};

struct H2CDataRepr {
  uint16_t cccid = 0;
  uint16_t ttag = 0;
  uint32_t datao = 0;
  uint32_t datal = 0;
  bool last = false;
};

struct C2HDataRepr {
  uint16_t cccid = 0;
  uint32_t datao = 0;
  uint32_t datal = 0;
  bool last = false;
  bool success = false;
};

struct R2TRepr {
  uint16_t cccid = 0;
  uint16_t ttag = 0;
  uint32_t r2to = 0;
  uint32_t r2tl = 0;
};

// common header

// HLEN of each type (figure 18 and following); 0 when the type does not exist. One half of the
// NIC's magic pattern.
uint8_t PduHeaderLength(uint8_t type);

inline PduCommonHeader LoadCommonHeader(const uint8_t* p) {
  PduCommonHeader ch;
  std::memcpy(static_cast<void*>(&ch), p, sizeof(ch));
  return ch;
}

// Checks type, HLEN, digest flags, PDO and PLEN against each other and against what was agreed.
// Which types may come from the peer, and when, is the endpoint's business (kPduSequenceError).
PduError CheckCommonHeader(const PduCommonHeader& ch, const PduFraming& framing);

// Data bytes a PDU carries. REQUIRES: CheckCommonHeader() was ok.
uint32_t PduDataLength(const PduCommonHeader& ch);

// Appends the digest of pdu[0, hlen) at pdu + hlen.
void AppendHeaderDigest(uint8_t* pdu, uint32_t hlen);
// Compares the digest at header[hlen]; header must hold hlen + 4 bytes.
PduError VerifyHeaderDigest(ByteSpan header, uint32_t hlen);

// parse: header = CH and PSH (and what follows, ignored); header digest is not checked here

PduError ParseIcReq(ByteSpan header, IcReqRepr* repr);
PduError ParseIcResp(ByteSpan header, IcRespRepr* repr);
// `pdu`: the whole PDU. Both directions.
PduError ParseTermReq(ByteSpan pdu, TermReqRepr* repr);
PduError ParseCapsuleCmd(ByteSpan header, const PduFraming& framing, CapsuleCmdRepr* repr);
PduError ParseCapsuleResp(ByteSpan header, const PduFraming& framing, CapsuleRespRepr* repr);
PduError ParseH2CData(ByteSpan header, const PduFraming& framing, H2CDataRepr* repr);
PduError ParseC2HData(ByteSpan header, const PduFraming& framing, C2HDataRepr* repr);
PduError ParseR2T(ByteSpan header, const PduFraming& framing, R2TRepr* repr);

// emit: header, header digest and padding; returns the bytes written, where data (if any)
// begins. REQUIRES: `out` has room for kMaxPduHeader bytes.

inline constexpr uint32_t kMaxPduHeader = 128 + kDigestSize;

uint32_t EmitIcReq(const IcReqRepr& repr, uint8_t* out);
uint32_t EmitIcResp(const IcRespRepr& repr, uint8_t* out);
// Writes the whole PDU, kTermReqSize + header bytes. `type`: kH2CTermReq or kC2HTermReq.
uint32_t EmitTermReq(PduType type, const TermReqRepr& repr, uint8_t* out);
uint32_t EmitCapsuleCmd(const CapsuleCmdRepr& repr, const PduFraming& framing, uint8_t* out);
uint32_t EmitCapsuleResp(const CapsuleRespRepr& repr, const PduFraming& framing, uint8_t* out);
uint32_t EmitH2CData(const H2CDataRepr& repr, const PduFraming& framing, uint8_t* out);
uint32_t EmitC2HData(const C2HDataRepr& repr, const PduFraming& framing, uint8_t* out);
uint32_t EmitR2T(const R2TRepr& repr, const PduFraming& framing, uint8_t* out);

}  // namespace ddpsim

#endif  // DDPSIM_WIRE_NVME_TCP_PDU_H_
