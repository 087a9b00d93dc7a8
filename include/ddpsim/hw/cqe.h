// Completion queue entries as the NIC writes them and the driver reads them. Mirrors struct
// mlx5_cqe64 (Linux 6.1, include/linux/mlx5/device.h) and struct mlx5e_cqe128 of the nvme-tcp
// receive offload series (v1 patch 10/15). A 128-byte CQE is the NVMe/TCP part followed by an
// ordinary 64-byte CQE; the driver finds the latter at +64. Left out: LRO, tunnels, compression,
// error syndromes. Invariants: (1) resync_tcp_sn and ccoff share storage, so a CQE asks for resync
// or reports a placement, never both; (2) the owner bit of op_own is written last and flips each
// time the ring wraps: no other validity marker exists.
#ifndef DDPSIM_HW_CQE_H_
#define DDPSIM_HW_CQE_H_

#include <cstddef>
#include <cstdint>

#include "ddpsim/base/endian.h"

namespace ddpsim {

// Byte 1 of the CQE64 (reserved without the offload).
enum CqeNvmeotcpFlag : uint8_t {
  kCqeNvmeotcpZc = 1 << 4,  // payload was placed: ccid, ccoff, cclen, hlen are valid
  // every data digest that ends in this packet is right so far, all bytes were covered
  kCqeNvmeotcpDdgst = 1 << 5,
  kCqeNvmeotcpResync = 1 << 6,  // resync_tcp_sn is valid: is a PDU header there?
};

// Byte 28 (hds_ip_ext).
enum CqeChecksumFlag : uint8_t { kCqeL2Ok = 1 << 0, kCqeL3Ok = 1 << 1, kCqeL4Ok = 1 << 2 };

enum class CqeOpcode : uint8_t { kReq = 0x0, kRespSend = 0x2, kReqErr = 0xd, kInvalid = 0xf };

struct Cqe64 {
  uint8_t tls_outer_l3_tunneled = 0;
  uint8_t nvmeotcp_flags = 0;
  Be16 wqe_id;
  uint8_t lro_unused[8] = {};
  Be32 rss_hash_result;
  uint8_t rss_hash_type = 0;
  uint8_t ml_path = 0;
  uint8_t rsvd18[2] = {};
  Be16 check_sum;
  Be16 slid;
  Be32 flags_rqpn;
  uint8_t hds_ip_ext = 0;
  uint8_t l4_l3_hdr_type = 0;
  Be16 vlan_info;
  Be32 srqn;
  Be32 imm_inval_pkey;
  uint8_t rsvd40[4] = {};
  Be32 byte_cnt;
  Be64 timestamp;
  Be32 sop_drop_qpn;  // low 24 bits: flow tag on receive, queue number on send
  Be16 wqe_counter;
  uint8_t signature = 0;
  uint8_t op_own = 0;  // opcode << 4 | owner

  CqeOpcode opcode() const { return static_cast<CqeOpcode>(op_own >> 4); }
  bool owner() const { return (op_own & 1) != 0; }
} __attribute__((packed));

static_assert(sizeof(Cqe64) == 64);
static_assert(offsetof(Cqe64, nvmeotcp_flags) == 1);
static_assert(offsetof(Cqe64, rss_hash_result) == 12);
static_assert(offsetof(Cqe64, hds_ip_ext) == 28);
static_assert(offsetof(Cqe64, byte_cnt) == 44);
static_assert(offsetof(Cqe64, timestamp) == 48);
static_assert(offsetof(Cqe64, sop_drop_qpn) == 56);
static_assert(offsetof(Cqe64, wqe_counter) == 60);
static_assert(offsetof(Cqe64, op_own) == 63);

// Bytes 0..63 of a 128-byte CQE.
struct CqeNvmeotcp {
  Be16 cclen;                   // bytes placed
  Be16 hlen;                    // bytes of the packet (from its first) before the placed ones
  Be32 ccoff_or_resync_tcp_sn;  // offset of the first placed byte in the command's buffer, or the
                                // candidate header's sequence number
  Be16 ccid;
  uint8_t rsvd10[54] = {};
} __attribute__((packed));

struct Cqe128 {
  CqeNvmeotcp nvmeotcp;
  Cqe64 cqe64;
} __attribute__((packed));

static_assert(sizeof(Cqe128) == 128);
static_assert(offsetof(CqeNvmeotcp, hlen) == 2);
static_assert(offsetof(CqeNvmeotcp, ccoff_or_resync_tcp_sn) == 4);
static_assert(offsetof(CqeNvmeotcp, ccid) == 8);
static_assert(offsetof(Cqe128, cqe64) == 64);

}  // namespace ddpsim

#endif  // DDPSIM_HW_CQE_H_
