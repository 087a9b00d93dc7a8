// Data that admin commands carry: Fabrics Connect data and the Identify pages (NVMe over
// Fabrics 1.1a figure 20; NVM Express Base 2.0c figure 275; NVM Command Set 1.0c figure 97), with
// the fields a fabrics host acts on by name and the rest reserved. Invariant: sizes and offsets are
// the specification's, asserted below; copied to and from the wire with memcpy.
#ifndef DDPSIM_WIRE_NVME_IDENTIFY_H_
#define DDPSIM_WIRE_NVME_IDENTIFY_H_

#include <cstddef>
#include <cstdint>

namespace ddpsim {

struct FabricsConnectData {
  uint8_t hostid[16] = {};
  uint16_t cntlid = 0;  // 0xffff asks for any (dynamic model)
  uint8_t reserved18[238] = {};
  char subnqn[256] = {};
  char hostnqn[256] = {};
  uint8_t reserved768[256] = {};
};
static_assert(sizeof(FabricsConnectData) == 1024 && offsetof(FabricsConnectData, cntlid) == 16 &&
              offsetof(FabricsConnectData, subnqn) == 256 &&
              offsetof(FabricsConnectData, hostnqn) == 512);

struct IdentifyControllerData {
  uint16_t vid = 0;
  uint16_t ssvid = 0;
  char sn[20] = {};
  char mn[40] = {};
  char fr[8] = {};
  uint8_t rab = 0;
  uint8_t ieee[3] = {};
  uint8_t cmic = 0;
  uint8_t mdts = 0;  // 2^mdts pages of CAP.MPSMIN; 0: no limit (what nvmet-tcp says)
  uint16_t cntlid = 0;
  uint32_t ver = 0;
  uint8_t reserved84[12] = {};
  uint32_t ctratt = 0;
  uint8_t reserved100[11] = {};
  uint8_t cntrltype = 0;  // 1: I/O controller
  uint8_t reserved112[208] = {};
  uint16_t kas = 0;  // Keep Alive granularity, 100 ms
  uint8_t reserved322[190] = {};
  uint8_t sqes = 0;  // log2 of the entry size: required 3:0, maximum 7:4
  uint8_t cqes = 0;
  uint16_t maxcmd = 0;
  uint32_t nn = 0;
  uint16_t oncs = 0;
  uint8_t reserved522[14] = {};
  uint32_t sgls = 0;
  uint8_t reserved540[228] = {};
  char subnqn[256] = {};
  uint8_t reserved1024[768] = {};
  uint32_t ioccsz = 0;  // I/O command capsule size, 16 bytes: (64 + in-capsule data) / 16
  uint32_t iorcsz = 0;  // I/O response capsule size, 16 bytes
  uint16_t icdoff = 0;
  uint8_t fcatt = 0;
  uint8_t msdbd = 0;
  uint8_t reserved1804[2292] = {};
};
static_assert(sizeof(IdentifyControllerData) == 4096 &&
              offsetof(IdentifyControllerData, mdts) == 77 &&
              offsetof(IdentifyControllerData, cntlid) == 78 &&
              offsetof(IdentifyControllerData, ctratt) == 96 &&
              offsetof(IdentifyControllerData, cntrltype) == 111 &&
              offsetof(IdentifyControllerData, kas) == 320 &&
              offsetof(IdentifyControllerData, sqes) == 512 &&
              offsetof(IdentifyControllerData, sgls) == 536 &&
              offsetof(IdentifyControllerData, subnqn) == 768 &&
              offsetof(IdentifyControllerData, ioccsz) == 1792 &&
              offsetof(IdentifyControllerData, msdbd) == 1803);

struct NvmeLbaFormat {
  uint16_t ms = 0;
  uint8_t lbads = 0;  // log2 of the block size
  uint8_t rp = 0;
};
static_assert(sizeof(NvmeLbaFormat) == 4);

struct IdentifyNamespaceData {
  uint64_t nsze = 0;  // blocks
  uint64_t ncap = 0;
  uint64_t nuse = 0;
  uint8_t nsfeat = 0;
  uint8_t nlbaf = 0;  // formats less one
  uint8_t flbas = 0;  // format in use
  uint8_t reserved27[101] = {};
  NvmeLbaFormat lbaf[64];
  uint8_t vendor[3712] = {};
};
static_assert(sizeof(IdentifyNamespaceData) == 4096 &&
              offsetof(IdentifyNamespaceData, nlbaf) == 25 &&
              offsetof(IdentifyNamespaceData, flbas) == 26 &&
              offsetof(IdentifyNamespaceData, lbaf) == 128);

}  // namespace ddpsim

#endif  // DDPSIM_WIRE_NVME_IDENTIFY_H_
