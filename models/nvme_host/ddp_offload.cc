#include "models/nvme_host/ddp_offload.h"

#include <algorithm>

#include "ddpsim/base/mutant.h"

namespace ddpsim {

bool DdpOffload::Add(ExecContext& ctx, ByteStream* sk, UlpDdpUlpOps* ulp) {
  if (boxes_.ddp == nullptr) return false;
  const UlpDdpCaps caps = boxes_.ddp->Caps();
  if (!caps.nvme_tcp && !caps.nvme_tcp_ddgst_rx) return false;
  UlpDdpConfig config;
  config.header_digest = config_.header_digest;
  config.data_digest = config_.data_digest;
  config.queue_size = config_.depth;
  config.ccid_range = config_.ccid_range;
  config.affinity_hint = config_.io_cpu;
  sk_ = sk;
  if (boxes_.ddp->SkAdd(ctx, sk, config, ulp)) return true;
  sk_ = nullptr;
  return false;
}

void DdpOffload::OnAdded(bool offloaded) {
  if (!offloaded) {
    sk_ = nullptr;
    return;
  }
  const UlpDdpCaps caps = boxes_.ddp->Caps();
  const UlpDdpLimits limits = boxes_.ddp->Limits();
  ddp_ = caps.nvme_tcp;
  ddgst_ = caps.nvme_tcp_ddgst_rx && config_.data_digest;
  threshold_ = limits.io_threshold;
  max_sgl_ = limits.max_ddp_sgl_len;
}

void DdpOffload::Remove(ExecContext& ctx) {
  if (sk_ == nullptr) return;
  if (boxes_.observer != nullptr)
    boxes_.observer->OnSkDel(config_.qid, sk_->five_tuple().flow, ctx.Now());
  boxes_.ddp->SkDel(ctx, sk_);
  sk_ = nullptr;
  ddp_ = ddgst_ = resync_pending_ = false;
}

void DdpOffload::Setup(ExecContext& ctx, Request* request) {
  if (!ddp_ || request->write || request->data_len == 0 || request->data_len < threshold_) return;
  request->sgl.clear();
  // An entry per page: pages of a user buffer are scattered in physical memory as a rule.
  for (uint32_t at = 0; at < request->data_len;) {
    const PhysAddr addr = request->addr + at;
    const auto room = static_cast<uint32_t>(HostMemory::kPageSize - addr % HostMemory::kPageSize);
    const uint32_t n = std::min(room, request->data_len - at);
    request->sgl.push_back({addr, n});
    at += n;
  }
  if (max_sgl_ != 0 && request->sgl.size() > max_sgl_) return;
  request->ddp.command_id = request->cid;
  request->ddp.sgl = absl::MakeConstSpan(request->sgl);
  request->ddp.ddp_ctx = request;
  request->offloaded = boxes_.ddp->Setup(ctx, sk_, request->ddp);
  if (!request->offloaded) {
    ++stats_->ddp_setup_failures;
    return;
  }
  ++stats_->ddp_setups;
  if (boxes_.observer != nullptr) boxes_.observer->OnDdpSetup(config_.qid, request->ddp, ctx.Now());
}

void DdpOffload::Teardown(ExecContext& ctx, Request* request) {
  request->teardown_pending = true;
  ++stats_->ddp_teardowns;
  if (boxes_.observer != nullptr) {
    boxes_.observer->OnDdpTeardown(config_.qid, request->ddp.command_id, ctx.Now());
  }
  boxes_.ddp->Teardown(ctx, sk_, request->ddp);
}

void DdpOffload::OnResyncRequest(SeqNum seq, SimTime now) {
  ++stats_->resync_requests;
  resync_pending_ = true;
  resync_seq_ = seq;
  if (boxes_.observer != nullptr) boxes_.observer->OnResyncRequest(config_.qid, seq, now);
}

void DdpOffload::AnswerResync(ExecContext& ctx, SeqNum seq, uint32_t header_size) {
  if (config_.ddp.resync_last_byte) seq += header_size - 1;
  if (DDPSIM_MUTANT(kAnswerTooEarly)) seq = resync_seq_;
  if (seq < resync_seq_) return;
  // v6 to v30: cmpxchg() against exactly this header's word; a guess that was no header stays
  // pending until overwritten.
  if (DDPSIM_MUTANT(kAnswerNamesRequest)) seq = resync_seq_;
  if (config_.ddp.resync_exact && seq != resync_seq_) return;
  resync_pending_ = false;
  ++stats_->resync_responses;
  if (boxes_.observer != nullptr) boxes_.observer->OnResyncResponse(config_.qid, seq, ctx.Now());
  boxes_.ddp->Resync(ctx, sk_, seq);
}

}  // namespace ddpsim
