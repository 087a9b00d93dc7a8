// Rebuilds the skb of an offloaded packet: mirrors mlx5e_nvmeotcp_rebuild_rx_skb() of the offload
// series. The RX buffer holds
//     | headers, earlier stream bytes, PDU header |  hole of cclen bytes  | digest, next PDUs |
//     0                                          hlen                  hlen + cclen        byte_cnt
// and the bytes of the hole lie in the command's own pages, which the skb's frags then alias.
// Left out: the split of the non-linear case into head and page frags (the buffer is contiguous
// here). Invariants: (1) the skb covers the same stream bytes before and after; (2) a CQE either
// asks for resync or reports a placement; (3) the SGL cursor only moves forward within one mapping
// of a ccid, as the driver's does, unless the what-if DriverVersion::sgl_cursor_restarts is on; (4)
// where the driver's loop runs past the entries in use, it finds the zeroed rest of the scatterlist
// and adds frags of no bytes until MAX_SKB_FRAGS ends it: the packet is dropped.
#ifndef DDPSIM_MODELS_KERNEL_NVMEOTCP_RX_H_
#define DDPSIM_MODELS_KERNEL_NVMEOTCP_RX_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "ddpsim/hw/cqe.h"
#include "ddpsim/net/exec_context.h"
#include "ddpsim/net/host_observer.h"
#include "ddpsim/net/skb.h"
#include "ddpsim/net/ulp_ddp.h"
#include "models/kernel/driver_version.h"
#include "models/mem/host_memory.h"

namespace ddpsim {

inline constexpr uint8_t kCqeNvmeotcpAny = kCqeNvmeotcpZc | kCqeNvmeotcpDdgst | kCqeNvmeotcpResync;
// cqe_is_nvmeotcp()
inline bool IsNvmeotcp(const Cqe64& cqe) { return (cqe.nvmeotcp_flags & kCqeNvmeotcpAny) != 0; }

// One command's entry in an offloaded queue: struct nvmeotcp_queue_entry.
// Invariant: after the invalidation the SGL is what it was: a CQE of a placement may be polled
// behind the ICOSQ's CQE, and the driver then walks what is left of it.
struct NvmeotcpEntry {
  std::vector<SglEntry> sgl;
  uint32_t size = 0;
  void* ddp_ctx = nullptr;
  uint8_t ccid_gen = 0;
  uint32_t mappings = 0;  // setups so far; for observers only
};

// What the receive path uses of an offloaded queue: part of struct mlx5e_nvmeotcp_queue.
struct NvmeotcpRxState {
  UlpDdpUlpOps* ulp = nullptr;
  std::vector<NvmeotcpEntry> entries;  // by ccid
  bool after_resync_cqe = false;
  // Cursor in the SGL of (ccid, ccid_gen).
  int32_t ccid = -1;
  uint8_t ccid_gen = 0;
  uint32_t ccoff = 0;        // offset in the buffer where the cursor stands
  uint32_t ccoff_inner = 0;  // within its SGL entry
  uint32_t ccsglidx = 0;
  uint32_t mapping = 0;  // in which of the ccid's mappings the cursor began; for observers only
};

class NvmeotcpRx {
 public:
  NvmeotcpRx(const DriverVersion& version, HostMemory* memory, UlpDdpStats* stats,
             HostObserver* observer = nullptr)
      : version_(version), memory_(memory), stats_(stats), observer_(observer) {}

  // Queues are found by the flow tag of their CQEs (1-based).
  void Register(FlowTag tag, NvmeotcpRxState* queue);
  void Unregister(FlowTag tag) {
    if (tag < queues_.size()) queues_[tag] = nullptr;
  }
  // Treats the skb of an offload CQE; resets it when the driver drops the packet. `payload_offset`:
  // of the TCP payload.
  void OnPacket(ExecContext& ctx, const Cqe64& cqe, const CqeNvmeotcp& part,
                uint32_t payload_offset, SkbPtr* skb);

 private:
  // Frees the skb instead of passing it on.
  void Drop(ExecContext& ctx, DriverDrop why, const Cqe64& cqe, const CqeNvmeotcp& part,
            SkbPtr* skb);
  void SetCrcBit(NvmeotcpRxState& queue, bool crc_valid, Skb* skb);
  // Swaps the hole for the command's pages. A reason: the packet must be dropped.
  std::optional<DriverDrop> Rebuild(ExecContext& ctx, NvmeotcpRxState& queue,
                                    const CqeNvmeotcp& part, uint32_t payload_offset, Skb* skb);
  void Report(ExecContext& ctx, const NvmeotcpRxState& queue, const CqeNvmeotcp& part,
              const Skb& skb, uint32_t cursor, bool past_sgl) const;
  static uint32_t PlaceOfCursor(const NvmeotcpRxState& queue, const NvmeotcpEntry& entry);
  void MoveCursorTo(NvmeotcpRxState& queue, const NvmeotcpEntry& entry, Ccid ccid,
                    uint32_t ccoff) const;
  // Adds frags for `cclen` bytes from the cursor on, as far as the SGL goes; returns for how many
  // bytes there are none.
  uint32_t AddFrags(ExecContext& ctx, NvmeotcpRxState& queue, const NvmeotcpEntry& entry,
                    uint32_t cclen, Skb* skb);

  DriverVersion version_;
  HostMemory* memory_;
  UlpDdpStats* stats_;
  HostObserver* observer_;
  std::vector<NvmeotcpRxState*> queues_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NVMEOTCP_RX_H_
