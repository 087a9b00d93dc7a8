#include "models/kernel/nvmeotcp_wqe.h"

#include <algorithm>

namespace ddpsim {
namespace {

constexpr uint32_t kUmrCtrlAt = sizeof(WqeCtrlSegment);
constexpr uint32_t kMkeyContextAt = kUmrCtrlAt + sizeof(WqeUmrCtrlSegment);

template <class T>
void Put(uint8_t* wqe, uint32_t at, const T& segment) {
  std::memcpy(wqe + at, &segment, sizeof(segment));
}

}  // namespace

uint32_t MapWqebbs(uint32_t entries) {
  uint32_t sum = 0;
  for (; entries > 0; entries -= std::min(entries, kMaxKlmPerWqe))
    sum += UmrWqebbs(std::min(entries, kMaxKlmPerWqe));
  return sum;
}

void PostMapUmr(WqeRing* ring, uint32_t mkey, absl::Span<const SglEntry> sgl, uint32_t first,
                uint32_t total_size, bool wants_cqe) {
  const uint32_t count = std::min(kMaxKlmPerWqe, static_cast<uint32_t>(sgl.size()) - first);
  const uint32_t padded = (count + 3) / 4 * 4;
  const uint32_t ds = (kUmrHeaderSize + padded * sizeof(WqeKlm)) / kDsSize;
  uint8_t* wqe = ring->Begin(WqeOpcode::kUmr, kOpcModUmrMkey, ds, mkey << 8, wants_cqe);
  WqeUmrCtrlSegment umr;
  umr.xlt_octowords = static_cast<uint16_t>(count);
  umr.xlt_offset = static_cast<uint16_t>(first);
  umr.mkey_mask = kMkeyMaskLen | kMkeyMaskFree;
  Put(wqe, kUmrCtrlAt, umr);
  WqeMkeyContextSegment context;
  context.len = total_size;
  Put(wqe, kMkeyContextAt, context);
  for (uint32_t i = 0; i < count; ++i) {
    WqeKlm klm;
    klm.bcount = sgl[first + i].length;
    klm.va = sgl[first + i].addr;
    Put(wqe, kUmrHeaderSize + i * sizeof(WqeKlm), klm);
  }
}

void PostInvalidateUmr(WqeRing* ring, uint32_t mkey) {
  uint8_t* wqe =
      ring->Begin(WqeOpcode::kUmr, kOpcModUmrMkey, kUmrHeaderSize / kDsSize, mkey << 8, true);
  WqeUmrCtrlSegment umr;
  umr.mkey_mask = kMkeyMaskFree;
  Put(wqe, kUmrCtrlAt, umr);
  WqeMkeyContextSegment context;
  context.status = kMkeyStatusFree;
  Put(wqe, kMkeyContextAt, context);
}

void PostStaticParams(WqeRing* ring, uint32_t tirn, const StaticParamsFields& fields,
                      SeqNum resync_seq) {
  uint8_t* wqe = ring->Begin(WqeOpcode::kUmr, kOpcModUmrStaticParams,
                             kUmrStaticParamsSize / kDsSize, tirn << 8, true);
  WqeStaticParams params;
  params.zero_copy_en = fields.zero_copy_en;
  params.ddgst_offload_en = fields.ddgst_offload_en;
  params.ddgst_en = fields.ddgst_en;
  params.hddgst_en = fields.hddgst_en;
  params.pda = fields.pda;
  params.nvme_resync_tcp_sn = resync_seq.value();
  params.tag_buffer_table_id = fields.tag_buffer_table;
  Put(wqe, kUmrHeaderSize, params);
}

void PostProgressParams(WqeRing* ring, uint32_t tirn, SeqNum next_pdu) {
  uint8_t* wqe = ring->Begin(WqeOpcode::kSetPsv, kOpcModSetPsvProgressParams,
                             kSetPsvProgressSize / kDsSize, tirn << 8, true);
  WqeProgressParams params;
  params.next_pdu_tcp_sn = next_pdu.value();
  Put(wqe, sizeof(WqeCtrlSegment) + 4, params);
}

}  // namespace ddpsim
