// The WQEs of the receive offload as the driver builds them: KLM UMR, invalidating UMR, static and
// progress parameters. Mirrors build_nvmeotcp_klm_umr(), fill_nvmeotcp_klm_wqe(),
// build_nvmeotcp_static_params(), build_nvmeotcp_progress_params() of the series
// (mlx5/core/en_accel/nvmeotcp.c). Invariant: each function appends whole WQEs to the ring and
// rings no doorbell. REQUIRES (all): the ring has room.
#ifndef DDPSIM_MODELS_KERNEL_NVMEOTCP_WQE_H_
#define DDPSIM_MODELS_KERNEL_NVMEOTCP_WQE_H_

#include <cstdint>

#include "absl/types/span.h"
#include "ddpsim/hw/wqe.h"
#include "ddpsim/net/ulp_ddp.h"
#include "models/kernel/wqe_ring.h"

namespace ddpsim {

// WQEBBs of all UMRs that map `entries` SG entries.
uint32_t MapWqebbs(uint32_t entries);
constexpr uint32_t MapWqes(uint32_t entries) {
  return (entries + kMaxKlmPerWqe - 1) / kMaxKlmPerWqe;
}
// The largest that is ever posted.
inline constexpr uint32_t kMaxWqebbs = UmrWqebbs(kMaxKlmPerWqe);
inline constexpr uint32_t kInvalidateWqebbs = kUmrHeaderSize / kWqebbSize;
inline constexpr uint32_t kStaticParamsWqebbs = kUmrStaticParamsSize / kWqebbSize;

struct StaticParamsFields {
  bool zero_copy_en = false;
  bool ddgst_offload_en = false;
  bool ddgst_en = false;
  bool hddgst_en = false;
  uint8_t pda = 0;
  uint32_t tag_buffer_table = 0;
};

// One UMR (of a mapping that takes several) with the entries from `first` on.
void PostMapUmr(WqeRing* ring, uint32_t mkey, absl::Span<const SglEntry> sgl, uint32_t first,
                uint32_t total_size, bool wants_cqe);
void PostInvalidateUmr(WqeRing* ring, uint32_t mkey);
void PostStaticParams(WqeRing* ring, uint32_t tirn, const StaticParamsFields& fields,
                      SeqNum resync_seq);
void PostProgressParams(WqeRing* ring, uint32_t tirn, SeqNum next_pdu);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NVMEOTCP_WQE_H_
