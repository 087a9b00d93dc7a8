// NVMe structures that travel in NVMe/TCP capsules: the generic SQE and CQE, the views of an SQE by
// command, and SGL descriptors (NVM Express Base 2.0c figures 87, 90, 114; NVMe over Fabrics 1.1a
// section 3). The host is little-endian, as NVMe is (asserted in bytes.h), so a structure is copied
// to and from the wire with memcpy. Left out: metadata, namespaces management, everything Linux 6.1
// does not send to an nvmet target for reads and writes. Invariant: every structure has the size
// and the offsets of the specification, asserted below.
#ifndef DDPSIM_WIRE_NVME_H_
#define DDPSIM_WIRE_NVME_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ddpsim {

enum NvmeOpcode : uint8_t {
  kNvmeCmdFlush = 0x00,
  kNvmeCmdWrite = 0x01,
  kNvmeCmdRead = 0x02,
  kNvmeAdminIdentify = 0x06,
  kNvmeAdminSetFeatures = 0x09,
  kNvmeAdminGetFeatures = 0x0a,
  kNvmeAdminAsyncEvent = 0x0c,
  kNvmeAdminKeepAlive = 0x18,
  kNvmeFabrics = 0x7f,
};

enum NvmeFabricsType : uint8_t {
  kFabricsPropertySet = 0x00,
  kFabricsConnect = 0x01,
  kFabricsPropertyGet = 0x04,
};

// SQE flags bits 7:6: data pointer is an SGL, the only kind fabrics know.
inline constexpr uint8_t kSqeFlagSgl = 0x40;

// SGL descriptor byte 15: type in bits 7:4, subtype in 3:0.
enum NvmeSglType : uint8_t {
  kSglDataBlockAddress = 0x00,
  kSglDataBlockOffset = 0x01,  // in-capsule data at `address` bytes behind the SQE + ICDOFF
  // transport data block, transport-specific subtype A: data by C2HData or R2T/H2CData
  kSglTransportDataBlock = 0x5a,
};

struct NvmeSgl {
  uint64_t address = 0;
  uint32_t length = 0;
  uint8_t reserved[3] = {};
  uint8_t type = 0;
};
static_assert(sizeof(NvmeSgl) == 16 && offsetof(NvmeSgl, length) == 8 &&
              offsetof(NvmeSgl, type) == 15);

// Status as in the CQE less the phase bit: code in bits 7:0, code type in 10:8, do-not-retry in
// bit 14.
using NvmeStatus = uint16_t;
enum : NvmeStatus {
  kNvmeSuccess = 0x0000,
  kNvmeInvalidOpcode = 0x0001,
  kNvmeInvalidField = 0x0002,
  kNvmeDataTransferError = 0x0004,
  kNvmeInternalError = 0x0006,
  kNvmeInvalidNamespace = 0x000b,
  kNvmeSglInvalidData = 0x000f,
  kNvmeSglInvalidType = 0x0011,
  kNvmeTransientTransportError = 0x0022,
  kNvmeLbaOutOfRange = 0x0080,
  kNvmeConnectInvalidParameter = 0x0182,
  kNvmeHostPathError = 0x0370,
  kNvmeHostAborted = 0x0371,
  kNvmeDoNotRetry = 0x4000,
};

struct NvmeSqe {
  uint8_t opcode = 0;
  uint8_t flags = 0;
  uint16_t command_id = 0;
  uint32_t nsid = 0;
  uint32_t cdw2 = 0;
  uint32_t cdw3 = 0;
  uint64_t metadata = 0;
  NvmeSgl sgl;
  uint32_t cdw10 = 0;
  uint32_t cdw11 = 0;
  uint32_t cdw12 = 0;
  uint32_t cdw13 = 0;
  uint32_t cdw14 = 0;
  uint32_t cdw15 = 0;
};
static_assert(sizeof(NvmeSqe) == 64 && offsetof(NvmeSqe, sgl) == 24 &&
              offsetof(NvmeSqe, cdw10) == 40);

struct NvmeCqe {
  uint64_t result = 0;  // DW0 and DW1
  uint16_t sq_head = 0;
  uint16_t sq_id = 0;  // reserved in fabrics
  uint16_t command_id = 0;
  uint16_t status_field = 0;  // status << 1 | phase; phase is reserved in fabrics

  NvmeStatus status() const { return status_field >> 1; }
  void set_status(NvmeStatus status) { status_field = static_cast<uint16_t>(status << 1); }
};
static_assert(sizeof(NvmeCqe) == 16 && offsetof(NvmeCqe, sq_head) == 8 &&
              offsetof(NvmeCqe, command_id) == 12 && offsetof(NvmeCqe, status_field) == 14);

// views of an SQE

struct NvmeRwSqe {
  uint8_t opcode = kNvmeCmdRead;
  uint8_t flags = kSqeFlagSgl;
  uint16_t command_id = 0;
  uint32_t nsid = 1;
  uint32_t cdw2 = 0;
  uint32_t cdw3 = 0;
  uint64_t metadata = 0;
  NvmeSgl sgl;
  uint64_t slba = 0;
  uint16_t nlb = 0;  // blocks less one
  uint16_t control = 0;
  uint32_t dsmgmt = 0;
  uint32_t reftag = 0;
  uint16_t apptag = 0;
  uint16_t appmask = 0;
};
static_assert(sizeof(NvmeRwSqe) == 64 && offsetof(NvmeRwSqe, slba) == 40 &&
              offsetof(NvmeRwSqe, nlb) == 48);

struct NvmeIdentifySqe {
  uint8_t opcode = kNvmeAdminIdentify;
  uint8_t flags = kSqeFlagSgl;
  uint16_t command_id = 0;
  uint32_t nsid = 0;
  uint64_t reserved2[2] = {};
  NvmeSgl sgl;
  uint8_t cns = 0;
  uint8_t reserved3 = 0;
  uint16_t cntid = 0;
  uint8_t reserved11[3] = {};
  uint8_t csi = 0;
  uint32_t reserved12[4] = {};
};
static_assert(sizeof(NvmeIdentifySqe) == 64 && offsetof(NvmeIdentifySqe, cns) == 40 &&
              offsetof(NvmeIdentifySqe, csi) == 47);

inline constexpr uint8_t kIdentifyNamespace = 0x00;
inline constexpr uint8_t kIdentifyController = 0x01;

struct NvmeFeaturesSqe {
  uint8_t opcode = kNvmeAdminSetFeatures;
  uint8_t flags = kSqeFlagSgl;
  uint16_t command_id = 0;
  uint32_t nsid = 0;
  uint64_t reserved2[2] = {};
  NvmeSgl sgl;
  uint32_t fid = 0;
  uint32_t dword11 = 0;
  uint32_t dword12_15[4] = {};
};
static_assert(sizeof(NvmeFeaturesSqe) == 64 && offsetof(NvmeFeaturesSqe, fid) == 40);

// Both ways: completion queues less one in bits 31:16, submission queues less one in 15:0.
inline constexpr uint32_t kFeatureNumberOfQueues = 0x07;

struct FabricsConnectSqe {
  uint8_t opcode = kNvmeFabrics;
  uint8_t flags = kSqeFlagSgl;
  uint16_t command_id = 0;
  uint8_t fctype = kFabricsConnect;
  uint8_t reserved2[19] = {};
  NvmeSgl sgl;
  uint16_t recfmt = 0;
  uint16_t qid = 0;
  uint16_t sqsize = 0;  // entries less one
  uint8_t cattr = 0;
  uint8_t reserved3 = 0;
  uint32_t kato = 0;  // ms
  uint8_t reserved4[12] = {};
};
static_assert(sizeof(FabricsConnectSqe) == 64 && offsetof(FabricsConnectSqe, sgl) == 24 &&
              offsetof(FabricsConnectSqe, qid) == 42 && offsetof(FabricsConnectSqe, kato) == 48);

// cattr bit 2: the host asks to work without SQ flow control, so that C2HData may carry SUCCESS.
inline constexpr uint8_t kConnectDisableSqFlow = 0x04;

struct FabricsPropertySqe {
  uint8_t opcode = kNvmeFabrics;
  uint8_t flags = kSqeFlagSgl;
  uint16_t command_id = 0;
  uint8_t fctype = kFabricsPropertyGet;
  uint8_t reserved2[35] = {};
  uint8_t attrib = 0;  // bits 2:0: 0 = 4 bytes, 1 = 8 bytes
  uint8_t reserved3[3] = {};
  uint32_t offset = 0;
  uint64_t value = 0;  // Property Set only
  uint8_t reserved4[8] = {};
};
static_assert(sizeof(FabricsPropertySqe) == 64 && offsetof(FabricsPropertySqe, attrib) == 40 &&
              offsetof(FabricsPropertySqe, offset) == 44 &&
              offsetof(FabricsPropertySqe, value) == 48);

// Controller properties (NVM Express Base 2.0c figure 35).
// 8 bytes: MQES 15:0, CQR 16, TO 31:24 (500 ms), CSS 44:37
inline constexpr uint32_t kPropertyCap = 0x00;
inline constexpr uint32_t kPropertyVs = 0x08;
inline constexpr uint32_t kPropertyCc = 0x14;    // EN 0, IOSQES 19:16, IOCQES 23:20
inline constexpr uint32_t kPropertyCsts = 0x1c;  // RDY 0

template <class View>
View SqeAs(const NvmeSqe& sqe) {
  static_assert(sizeof(View) == sizeof(NvmeSqe));
  View view;
  std::memcpy(static_cast<void*>(&view), &sqe, sizeof(view));
  return view;
}

template <class View>
NvmeSqe ToSqe(const View& view) {
  static_assert(sizeof(View) == sizeof(NvmeSqe));
  NvmeSqe sqe;
  std::memcpy(static_cast<void*>(&sqe), &view, sizeof(sqe));
  return sqe;
}

}  // namespace ddpsim

#endif  // DDPSIM_WIRE_NVME_H_
