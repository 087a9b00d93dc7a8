// The byte layouts of NVMe/TCP PDU headers (NVM Express TCP Transport 1.0c section 3.6.2) and their
// numbers. Fields are little-endian and so is the host (asserted in bytes.h): layouts are filled
// and read by memcpy. Invariant: sizes and offsets are the specification's, asserted below.
#ifndef DDPSIM_WIRE_NVME_TCP_LAYOUT_H_
#define DDPSIM_WIRE_NVME_TCP_LAYOUT_H_

#include <cstddef>
#include <cstdint>

#include "ddpsim/wire/nvme.h"

namespace ddpsim {

inline constexpr uint16_t kNvmeTcpPort = 4420;  // IANA
inline constexpr uint32_t kDigestSize = 4;

enum class PduType : uint8_t {
  kIcReq = 0x00,
  kIcResp = 0x01,
  kH2CTermReq = 0x02,
  kC2HTermReq = 0x03,
  kCapsuleCmd = 0x04,
  kCapsuleResp = 0x05,
  kH2CData = 0x06,
  kC2HData = 0x07,
  kR2T = 0x09,
};

enum PduFlag : uint8_t {
  kPduHdgst = 0x01,
  kPduDdgst = 0x02,
  kPduLast = 0x04,     // LAST_PDU, data PDUs
  kPduSuccess = 0x08,  // C2HData with LAST_PDU: no CapsuleResp follows
};

enum class FatalErrorStatus : uint16_t {
  kNone = 0x00,
  kInvalidHeaderField = 0x01,
  kPduSequenceError = 0x02,
  kHeaderDigestError = 0x03,
  kDataOutOfRange = 0x04,
  kLimitExceeded = 0x05,  // R2T limit (from the host) or data transfer limit (from the controller)
  kUnsupportedParameter = 0x06,
};

struct PduCommonHeader {
  uint8_t type = 0;
  uint8_t flags = 0;
  uint8_t hlen = 0;
  uint8_t pdo = 0;
  uint32_t plen = 0;
};
static_assert(sizeof(PduCommonHeader) == 8 && offsetof(PduCommonHeader, hlen) == 2 &&
              offsetof(PduCommonHeader, pdo) == 3 && offsetof(PduCommonHeader, plen) == 4);

struct IcReqLayout {
  PduCommonHeader ch;
  uint16_t pfv = 0;
  uint8_t hpda = 0;
  uint8_t dgst = 0;  // bit 0 header, bit 1 data
  uint32_t maxr2t = 0;
  uint8_t reserved[112] = {};
};
static_assert(sizeof(IcReqLayout) == 128 && offsetof(IcReqLayout, hpda) == 10 &&
              offsetof(IcReqLayout, dgst) == 11 && offsetof(IcReqLayout, maxr2t) == 12);

struct IcRespLayout {
  PduCommonHeader ch;
  uint16_t pfv = 0;
  uint8_t cpda = 0;
  uint8_t dgst = 0;
  uint32_t maxh2cdata = 0;
  uint8_t reserved[112] = {};
};
static_assert(sizeof(IcRespLayout) == 128 && offsetof(IcRespLayout, cpda) == 10 &&
              offsetof(IcRespLayout, dgst) == 11 && offsetof(IcRespLayout, maxh2cdata) == 12);

struct TermReqLayout {
  PduCommonHeader ch;
  uint16_t fes = 0;
  uint16_t fei_low = 0;  // the 32-bit FEI is not aligned
  uint16_t fei_high = 0;
  uint8_t reserved[10] = {};
};
static_assert(sizeof(TermReqLayout) == 24 && offsetof(TermReqLayout, fes) == 8 &&
              offsetof(TermReqLayout, fei_low) == 10 && offsetof(TermReqLayout, fei_high) == 12);

inline constexpr uint32_t kTermReqSize = 24;
// of the header complained about: PLEN is 24 to 152
inline constexpr uint32_t kTermReqMaxData = 128;

struct CapsuleCmdLayout {
  PduCommonHeader ch;
  NvmeSqe sqe;
};
static_assert(sizeof(CapsuleCmdLayout) == 72 && offsetof(CapsuleCmdLayout, sqe) == 8);

struct CapsuleRespLayout {
  PduCommonHeader ch;
  NvmeCqe cqe;
};
static_assert(sizeof(CapsuleRespLayout) == 24 && offsetof(CapsuleRespLayout, cqe) == 8);

// H2CData and C2HData (where ttag is reserved).
struct DataPduLayout {
  PduCommonHeader ch;
  uint16_t cccid = 0;
  uint16_t ttag = 0;
  uint32_t datao = 0;
  uint32_t datal = 0;
  uint8_t reserved[4] = {};
};
static_assert(sizeof(DataPduLayout) == 24 && offsetof(DataPduLayout, cccid) == 8 &&
              offsetof(DataPduLayout, ttag) == 10 && offsetof(DataPduLayout, datao) == 12 &&
              offsetof(DataPduLayout, datal) == 16);

struct R2TLayout {
  PduCommonHeader ch;
  uint16_t cccid = 0;
  uint16_t ttag = 0;
  uint32_t r2to = 0;
  uint32_t r2tl = 0;
  uint8_t reserved[4] = {};
};
static_assert(sizeof(R2TLayout) == 24 && offsetof(R2TLayout, ttag) == 10 &&
              offsetof(R2TLayout, r2to) == 12 && offsetof(R2TLayout, r2tl) == 16);

}  // namespace ddpsim

#endif  // DDPSIM_WIRE_NVME_TCP_LAYOUT_H_
