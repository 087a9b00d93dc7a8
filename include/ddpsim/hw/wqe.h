// Work queue entries: what the driver writes into its rings in host memory and the NIC reads by
// DMA. Mirrors the segments of Linux 6.1 include/linux/mlx5/qp.h and the transport static /
// progress parameters of the offload series (v11 header patch). A WQEBB is 64 bytes; a WQE is a run
// of 16-byte units ("ds") starting on a WQEBB. Left out: signatures, VLAN insertion, loopback,
// BlueFlame.
#ifndef DDPSIM_HW_WQE_H_
#define DDPSIM_HW_WQE_H_

#include <cstddef>
#include <cstdint>

#include "ddpsim/base/endian.h"

namespace ddpsim {

inline constexpr uint32_t kWqebbSize = 64;
inline constexpr uint32_t kDsSize = 16;

enum class WqeOpcode : uint8_t {
  kNop = 0x00,
  kSend = 0x0a,
  kTso = 0x0e,
  kSetPsv = 0x20,
  kUmr = 0x25
};
// opc_mod of UMR: which object the UMR writes; of SET_PSV: progress params of an NVMe/TCP TIR (v1:
// 0x4; static 0x5 as TIR).
enum : uint8_t {
  kOpcModUmrMkey = 0x0,
  kOpcModUmrStaticParams = 0x2,
  kOpcModSetPsvProgressParams = 0x4
};

struct WqeCtrlSegment {
  Be32 opmod_idx_opcode;  // opc_mod << 24 | WQEBB index << 8 | opcode
  Be32 qpn_ds;            // queue number << 8 | number of 16-byte units
  uint8_t signature = 0;
  uint8_t rsvd[2] = {};
  uint8_t fm_ce_se = 0;  // kCeCqe: write a CQE when done
  Be32 imm;              // UMR: mkey << 8; SET_PSV / static params: TIR number << 8

  WqeOpcode opcode() const { return static_cast<WqeOpcode>(opmod_idx_opcode & 0xff); }
  uint8_t opc_mod() const { return static_cast<uint8_t>(opmod_idx_opcode >> 24); }
  uint16_t wqe_index() const { return static_cast<uint16_t>(opmod_idx_opcode >> 8); }
  uint32_t ds_count() const { return qpn_ds & 0x3f; }
} __attribute__((packed));
inline constexpr uint8_t kCeCqe = 0x08;  // MLX5_WQE_CTRL_CQ_UPDATE (2 << 2)

// Send: ctrl, eth, inline headers (padded to 16), data segments.
struct WqeEthSegment {
  uint8_t rsvd0[4] = {};
  uint8_t cs_flags = 0;  // bit 6: L3, bit 7: L4 checksum to be computed by the NIC
  uint8_t rsvd1 = 0;
  Be16 mss;  // TSO only
  Be32 flow_table_metadata;
  Be16 inline_hdr_size;
  uint8_t inline_hdr_start[2] = {};
} __attribute__((packed));
inline constexpr uint8_t kEthCsL3 = 1 << 6;
inline constexpr uint8_t kEthCsL4 = 1 << 7;

struct WqeDataSegment {
  Be32 byte_count;
  Be32 lkey;
  Be64 addr;
} __attribute__((packed));

// UMR: ctrl, umr ctrl, mkey context, KLMs padded to a multiple of 4.
struct WqeUmrCtrlSegment {
  uint8_t flags = 0;
  uint8_t rsvd0[3] = {};
  Be16 xlt_octowords;  // KLM entries carried
  Be16 xlt_offset;     // first KLM index written
  Be64 mkey_mask;      // kMkeyMask* bits
  Be32 xlt_offset_high;
  uint8_t rsvd1[28] = {};
} __attribute__((packed));
inline constexpr uint64_t kMkeyMaskLen = 1u << 0;
inline constexpr uint64_t kMkeyMaskFree = 1u << 29;

struct WqeMkeyContextSegment {
  uint8_t status = 0;  // kMkeyStatusFree: not usable (invalidated)
  uint8_t pcie_control = 0;
  uint8_t flags = 0;
  uint8_t version = 0;
  Be32 qpn_mkey;
  uint8_t rsvd1[4] = {};
  Be32 flags_pd;
  Be64 start_addr;
  Be64 len;
  Be32 bsf_octo_size;
  uint8_t rsvd2[16] = {};
  Be32 xlt_oct_size;
  uint8_t rsvd3[3] = {};
  uint8_t log2_page_size = 0;
  uint8_t rsvd4[4] = {};
} __attribute__((packed));
inline constexpr uint8_t kMkeyStatusFree = 1 << 6;

struct WqeKlm {
  Be32 bcount;
  Be32 key;
  Be64 va;
} __attribute__((packed));

// Transport static parameters, 64 bytes (bit fields flattened to bytes; the order of the facts is
// kept, exact bit positions are this project's choice).
struct WqeStaticParams {
  uint8_t acc_type = 2;  // 2 = NVMETCP
  uint8_t ti = 0;        // 0 = initiator
  uint8_t zero_copy_en = 0;
  uint8_t ddgst_offload_en = 0;
  uint8_t hdgst_offload_en = 0;  // always 0: CX-7 never verifies header digests
  uint8_t ddgst_en = 0;          // the PDUs carry a data digest
  uint8_t hddgst_en = 0;         // the PDUs carry a header digest
  uint8_t pda = 0;
  uint8_t cccid_ttag = 1;
  uint8_t rsvd0[3] = {};
  Be32 nvme_resync_tcp_sn;
  Be32 tag_buffer_table_id;
  uint8_t rsvd1[44] = {};
} __attribute__((packed));

struct WqeProgressParams {
  Be32 next_pdu_tcp_sn;
  Be32 hw_resync_tcp_sn;
  uint8_t pdu_tracker_state = 0;  // 0 START, 1 TRACKING, 2 SEARCHING
  uint8_t offloading_state = 0;
  Be16 cccid_ttag;
} __attribute__((packed));

static_assert(sizeof(WqeCtrlSegment) == 16);
static_assert(sizeof(WqeEthSegment) == 16);
static_assert(sizeof(WqeDataSegment) == 16);
static_assert(sizeof(WqeUmrCtrlSegment) == 48);
static_assert(sizeof(WqeMkeyContextSegment) == 64);
static_assert(sizeof(WqeKlm) == 16);
static_assert(sizeof(WqeStaticParams) == 64);
static_assert(sizeof(WqeProgressParams) == 12);

// Sizes on the ring (offload series v1-12, later v6: 15 WQEBB limit): header 128 bytes + 16 per
// KLM, KLMs padded to 4.
inline constexpr uint32_t kUmrHeaderSize = 128;
inline constexpr uint32_t kMaxKlmPerWqe = 52;
// ctrl + umr ctrl + 64 (mkey context, unused) + params
inline constexpr uint32_t kUmrStaticParamsSize = 192;
inline constexpr uint32_t kSetPsvProgressSize = 32;  // ctrl + 4 (psv index) + params
constexpr uint32_t UmrWqebbs(uint32_t klms) {
  return (kUmrHeaderSize + (klms + 3) / 4 * 4 * 16 + kWqebbSize - 1) / kWqebbSize;
}
static_assert(UmrWqebbs(4) == 3 && UmrWqebbs(8) == 4 && UmrWqebbs(16) == 6 && UmrWqebbs(32) == 10);

}  // namespace ddpsim

#endif  // DDPSIM_HW_WQE_H_
