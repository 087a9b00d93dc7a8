#include "models/kernel/nvmeotcp_rx.h"

#include <algorithm>
#include <utility>

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"

namespace ddpsim {
namespace {

constexpr size_t kMaxSkbFrags = 17;  // MAX_SKB_FRAGS with 4 KiB pages

// What is left of an SGL entry behind the cursor. A cursor that comes from another SGL (without
// ccid_gen) may stand beyond it.
uint32_t LeftOf(const SglEntry& piece, uint32_t inner) {
  return piece.length - std::min(piece.length, inner);
}

}  // namespace

void NvmeotcpRx::Register(FlowTag tag, NvmeotcpRxState* queue) {
  if (queues_.size() <= tag) queues_.resize(tag + 1);
  queues_[tag] = queue;
}

void NvmeotcpRx::OnPacket(ExecContext& ctx, const Cqe64& cqe, const CqeNvmeotcp& part,
                          uint32_t payload_offset, SkbPtr* skb) {
  const FlowTag tag = cqe.sop_drop_qpn & 0xff'ffff;
  NvmeotcpRxState* queue = tag < queues_.size() ? queues_[tag] : nullptr;
  if (queue == nullptr) return Drop(ctx, DriverDrop::kNoQueue, cqe, part, skb);
  if ((cqe.nvmeotcp_flags & kCqeNvmeotcpResync) != 0) {
    ctx.Charge(Cost::kDdpResyncRequest);
    ++stats_->resync;
    if (DDPSIM_MUTANT(kResyncCqeEatsPacket)) skb->reset();
    if (DDPSIM_MUTANT(kResyncNotRelayed)) return;
    queue->ulp->ResyncRequest(ctx, SeqNum(part.ccoff_or_resync_tcp_sn));
    return;
  }
  const bool placed = (cqe.nvmeotcp_flags & kCqeNvmeotcpZc) != 0;
  SetCrcBit(*queue,
            (DDPSIM_MUTANT(kCrcBitWithPlacement) && placed) ||
                (cqe.nvmeotcp_flags & kCqeNvmeotcpDdgst) != 0,
            skb->get());
  if ((cqe.nvmeotcp_flags & kCqeNvmeotcpZc) == 0) return;
  const std::optional<DriverDrop> why_not = Rebuild(ctx, *queue, part, payload_offset, skb->get());
  if (why_not.has_value()) return Drop(ctx, *why_not, cqe, part, skb);
  ++stats_->packets;
  stats_->bytes += part.cclen;
}

void NvmeotcpRx::Drop(ExecContext& ctx, DriverDrop why, const Cqe64& cqe, const CqeNvmeotcp& part,
                      SkbPtr* skb) {
  ++stats_->drop;
  const uint32_t placed = (cqe.nvmeotcp_flags & kCqeNvmeotcpZc) != 0 ? uint32_t{part.cclen} : 0;
  if (observer_ != nullptr) observer_->OnDriverDrop(**skb, why, placed, ctx.Now());
  skb->reset();
}

void NvmeotcpRx::SetCrcBit(NvmeotcpRxState& queue, bool crc_valid, Skb* skb) {
  // "CRC computed over the first packet after resync may be wrong" (v1 15/15). v6 waits for the
  // first CQE that claims it.
  const bool mask = queue.after_resync_cqe && (crc_valid || !version_.after_resync_until_crc_valid);
  if (mask) queue.after_resync_cqe = false;
  skb->ulp_crc = crc_valid && !mask;
}

// Where in the entry's buffer the cursor stands. What it has counted is of the SGL where it began.
uint32_t NvmeotcpRx::PlaceOfCursor(const NvmeotcpRxState& queue, const NvmeotcpEntry& entry) {
  if (queue.mapping == entry.mappings) return queue.ccoff;
  uint32_t place = queue.ccoff_inner;
  for (size_t i = 0; i < std::min<size_t>(queue.ccsglidx, entry.sgl.size()); ++i)
    place += entry.sgl[i].length;
  return place;
}

std::optional<DriverDrop> NvmeotcpRx::Rebuild(ExecContext& ctx, NvmeotcpRxState& queue,
                                              const CqeNvmeotcp& part, uint32_t payload_offset,
                                              Skb* skb) {
  ctx.Charge(Cost::kDdpRebuild);
  const uint32_t cclen = part.cclen;
  const Ccid ccid = part.ccid;
  SIM_CHECK(ccid < queue.entries.size() && part.hlen >= payload_offset,
            "CQE of a placement is out of range");
  const NvmeotcpEntry& entry = queue.entries[ccid];
  const uint32_t before = part.hlen - payload_offset;
  SIM_CHECK(before + cclen <= skb->size, "CQE of a placement is out of range");
  const uint32_t ccoff = part.ccoff_or_resync_tcp_sn;
  if (uint64_t{ccoff} + cclen > entry.size && version_.sgl_cursor_restarts) {
    return std::nullopt;  // of an earlier mapping: its command has ended, TCP throws it away
  }
  const Payload whole = std::move(skb->frags[0]);
  const uint32_t size = skb->size;
  skb->frags.clear();
  if (before > 0 && !DDPSIM_MUTANT(kRebuildHeadLost)) skb->frags.push_back(whole.Sub(0, before));
  MoveCursorTo(queue, entry, ccid, ccoff);
  const uint32_t cursor = PlaceOfCursor(queue, entry);
  const bool past_sgl = AddFrags(ctx, queue, entry, cclen, skb) > 0;
  Report(ctx, queue, part, *skb, cursor, past_sgl);
  if (past_sgl) return DriverDrop::kPastSgl;
  const uint32_t tail = size - before - cclen;
  if (tail > 0 && !DDPSIM_MUTANT(kRebuildTailLost))
    skb->frags.push_back(
        whole.Sub(before + (DDPSIM_MUTANT(kRebuildTailFromHole) ? 0 : cclen), tail));
  skb->truesize +=
      cclen;  // mlx5 accounts the placed bytes although no memory was used (v1 13/15, XXX)
  skb->ulp_ddp = true;
  if (skb->frags.size() > kMaxSkbFrags) return DriverDrop::kTooManyFrags;
  return std::nullopt;
}

void NvmeotcpRx::Report(ExecContext& ctx, const NvmeotcpRxState& queue, const CqeNvmeotcp& part,
                        const Skb& skb, uint32_t cursor, bool past_sgl) const {
  if (observer_ == nullptr) return;
  PlacementReport report;
  report.host_port = skb.tcp.destination_port;
  report.seq = skb.seq;
  report.ccid = part.ccid;
  report.ccoff = part.ccoff_or_resync_tcp_sn;
  report.cclen = part.cclen;
  report.mapping = queue.entries[part.ccid].mappings;
  report.cursor = cursor;
  report.cursor_mapping = queue.mapping;
  report.past_sgl = past_sgl;
  observer_->OnPlacementReport(report, ctx.Now());
}

void NvmeotcpRx::MoveCursorTo(NvmeotcpRxState& queue, const NvmeotcpEntry& entry, Ccid ccid,
                              uint32_t ccoff) const {
  const bool behind = version_.sgl_cursor_restarts && ccoff < queue.ccoff;
  if (queue.ccid != ccid || behind ||
      (queue.ccid_gen != entry.ccid_gen && !DDPSIM_MUTANT(kRebuildGenIgnored))) {
    queue.ccid = ccid;
    queue.ccid_gen = entry.ccid_gen;
    queue.mapping = entry.mappings;
    queue.ccoff = queue.ccoff_inner = queue.ccsglidx = 0;
  }
  while (queue.ccsglidx < entry.sgl.size()) {
    const uint32_t left = LeftOf(entry.sgl[queue.ccsglidx], queue.ccoff_inner);
    if (queue.ccoff + left > ccoff) break;
    queue.ccoff += left;
    if (!DDPSIM_MUTANT(kRebuildInnerKept)) queue.ccoff_inner = 0;
    ++queue.ccsglidx;
  }
  if (ccoff <= queue.ccoff)
    return;  // a smaller ccoff is not looked for: the cursor never goes back
  queue.ccoff_inner += ccoff - queue.ccoff;
  queue.ccoff = ccoff;
}

uint32_t NvmeotcpRx::AddFrags(ExecContext& ctx, NvmeotcpRxState& queue, const NvmeotcpEntry& entry,
                              uint32_t cclen, Skb* skb) {
  int64_t added = 0;
  while (cclen > 0 && queue.ccsglidx < entry.sgl.size()) {
    const SglEntry& piece = entry.sgl[queue.ccsglidx];
    const uint32_t size = std::min(cclen, LeftOf(piece, queue.ccoff_inner));
    const PhysAddr addr = piece.addr + queue.ccoff_inner;
    if (size > 0) skb->frags.push_back({memory_->At(addr, size), size, addr, nullptr});
    ++added;
    cclen -= size;
    queue.ccoff += size;
    queue.ccoff_inner += size;
    if (queue.ccoff_inner < piece.length) break;
    queue.ccoff_inner = 0;
    ++queue.ccsglidx;
  }
  ctx.Charge(Cost::kDdpRebuildFrag, added);
  return cclen;
}

}  // namespace ddpsim
