#include "models/kernel/nvmeotcp_queue.h"

#include <algorithm>

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"

namespace ddpsim {
namespace {

constexpr uint32_t kPage = 4096;
constexpr uint32_t kMaxSkbFrags = 17;  // MAX_SKB_FRAGS with 4 KiB pages
// What one poll takes (NAPI_POLL_WEIGHT) before the NIC hears of it.
constexpr uint32_t kCqSlack = 64;

uint32_t CeilLog2(uint32_t n) {
  uint32_t log = 0;
  while ((uint64_t{1} << log) < n) ++log;
  return log;
}

}  // namespace

NvmeotcpQueue::NvmeotcpQueue(const NvmeotcpQueueSetup& setup)
    : setup_(setup),
      napi_(setup.device.scheduler, setup.net_device->ChannelOf(setup.config.affinity_hint).core(),
            this) {
  rx_.ulp = this;
  rx_.entries.resize(CcidRange());
}

uint32_t NvmeotcpQueue::CcidRange() const {
  return std::max(setup_.config.queue_size, setup_.config.ccid_range);
}

bool NvmeotcpQueue::Start(ExecContext& ctx, CompletionWait* confirmed) {
  const SimTime now = ctx.Now();
  confirmed_ = confirmed;
  if (!CreateTable(now)) return false;
  if (!CreateMkeys(now)) {
    setup_.device.commands->Destroy(CommandOpcode::kDestroyTagBufferTable, table_, now);
    return false;
  }
  CreateRings(now);
  if (!CreateTir(now)) {
    DestroyObjects(now);
    Free();
    return false;
  }
  cq_.Arm(ctx);
  PostStaticParams(&icosq_, tirn_, StaticFields(), SeqNum(0));
  Remember(Kind::kOther, true);
  icosq_.RingDoorbell(ctx);
  PostProgressParams(&icosq_, tirn_, setup_.next_pdu);
  Remember(Kind::kProgressParams, true);
  icosq_.RingDoorbell(ctx);
  return true;
}

bool NvmeotcpQueue::Steer(SimTime now) {
  // One rule after the other without a gap: between them packets would take RSS's ring and be
  // overtaken.
  setup_.net_device->Unsteer(setup_.flow, now);
  rule_ = SetFlowRule(setup_.device.commands, setup_.flow, tirn_, setup_.tag, now);
  return rule_ != 0;
}

bool NvmeotcpQueue::CreateTable(SimTime now) {
  CommandMailbox box{};
  box.opcode = CommandOpcode::kCreateTagBufferTable;
  box.create_tag_buffer_table = {CeilLog2(CcidRange())};
  const bool ok = setup_.device.commands->Execute(&box, now) == CommandStatus::kOk;
  table_ = box.object;
  return ok;
}

bool NvmeotcpQueue::CreateMkeys(SimTime now) {
  mkeys_.resize(CcidRange());
  // Of a sparse range, those that are used get theirs at their first setup.
  if (CcidRange() > setup_.config.queue_size) return true;
  for (uint32_t ccid = 0; ccid < setup_.config.queue_size; ++ccid) {
    if (!CreateMkey(ccid, now)) return false;
  }
  return true;
}

bool NvmeotcpQueue::CreateMkey(uint32_t ccid, SimTime now) {
  CommandMailbox box{};
  box.opcode = CommandOpcode::kCreateMkey;
  box.create_mkey = {UlpDdpLimits().max_ddp_sgl_len, table_, ccid};
  if (setup_.device.commands->Execute(&box, now) != CommandStatus::kOk) return false;
  mkeys_[ccid] = box.object;
  return true;
}

void NvmeotcpQueue::CreateRings(SimTime now) {
  // Room for the setups of all commands at once, as mlx5e_nvmeotcp_build_icosq_param() has it; the
  // power of two leaves room for the invalidations.
  const uint32_t wqebbs = MapWqebbs(UlpDdpLimits().max_ddp_sgl_len) * setup_.config.queue_size;
  DriverCqConfig cq;
  // mlx5e_build_ico_cq_param() has an entry for each WQEBB; that is half a megabyte for each queue.
  cq.log_entries = std::max(8u, CeilLog2(setup_.config.queue_size) + 3);
  cq.vector = setup_.vector;
  cq_.Create(setup_.device.commands, setup_.device.memory, cq, now);
  icosq_.Create(setup_.device.commands, setup_.device.memory, std::min(16u, CeilLog2(wqebbs)),
                cq_.cqn(), true, now);
}

bool NvmeotcpQueue::CreateTir(SimTime now) {
  CommandMailbox box{};
  box.opcode = CommandOpcode::kCreateTir;
  box.create_tir.rqn = setup_.net_device->ChannelOf(setup_.config.affinity_hint).rqn();
  box.create_tir.nvmeotcp_zero_copy_en = setup_.caps.nvme_tcp ? 1 : 0;
  box.create_tir.nvmeotcp_crc_en = setup_.caps.nvme_tcp_ddgst_rx ? 1 : 0;
  box.create_tir.tag_buffer_table = table_;
  const bool ok = setup_.device.commands->Execute(&box, now) == CommandStatus::kOk;
  tirn_ = box.object;
  return ok;
}

StaticParamsFields NvmeotcpQueue::StaticFields() const {
  StaticParamsFields fields;
  fields.zero_copy_en = setup_.caps.nvme_tcp;
  fields.ddgst_offload_en = setup_.caps.nvme_tcp_ddgst_rx && setup_.config.data_digest;
  fields.ddgst_en =
      setup_.config.data_digest || (setup_.version.dgst_is_bool && setup_.config.header_digest);
  fields.hddgst_en = setup_.version.hddgst_en_set && setup_.config.header_digest;
  fields.pda = setup_.config.cpda;
  fields.tag_buffer_table = table_;
  return fields;
}

// mlx5e_nvmeotcp_validate_sgl(): no packet may need more frags than an skb has, wherever it falls
// in the SGL.
bool NvmeotcpQueue::SglFitsSkb(const UlpDdpIo& io) const {
  const uint32_t mtu = setup_.net_device->mtu();
  const size_t n = io.sgl.size();
  if (n + (mtu + kPage - 1) / kPage <= kMaxSkbFrags) return true;
  // The first window may start at its entry's first byte; later ones in the middle of the entry
  // before.
  uint64_t window = 0;
  for (size_t i = 0; i < n; ++i) {
    window += io.sgl[i].length;
    const size_t width = kMaxSkbFrags - 1;
    if (i + 1 < width) continue;
    if (window < mtu - 1) return false;
    window -= io.sgl[i + 1 - width].length;
  }
  return true;
}

bool NvmeotcpQueue::HasRoom(uint32_t wqebbs, uint32_t cqes) const {
  // Before one of several WQEs NOPs may fill the ring up to its edge.
  const bool fits = wqebbs <= kMaxWqebbs ? icosq_.HasRoom(wqebbs)
                                         : icosq_.size() - icosq_.Used() >= wqebbs + kMaxWqebbs - 1;
  return fits && cqes_in_flight_ + cqes + kCqSlack <= cq_.entries();
}

void NvmeotcpQueue::Remember(Kind kind, bool wants_cqe, Ccid ccid, uint32_t klms) {
  posted_.push_back({icosq_.last_index(), icosq_.producer(), kind, ccid, klms});
  cqes_in_flight_ += wants_cqe ? 1 : 0;
  klms_in_flight_ += klms;
}

bool NvmeotcpQueue::Overruns(IcosqPost what, uint32_t wqebbs, uint32_t cqes, SimTime now) {
  if (HasRoom(wqebbs, cqes)) return false;
  ++setup_.stats->icosq_full;
  if (setup_.device.observer != nullptr)
    setup_.device.observer->OnIcosqFull(setup_.flow, what, now);
  return true;
}

bool NvmeotcpQueue::Setup(ExecContext& ctx, const UlpDdpIo& io) {
  SIM_CHECK(!stopped_ && io.command_id < rx_.entries.size());
  ctx.Charge(Cost::kDdpSetup);
  const uint32_t count = static_cast<uint32_t>(io.sgl.size());
  ctx.Charge(Cost::kDdpMapSg, count);
  const uint32_t wqebbs = MapWqebbs(count);
  const uint32_t cqes = setup_.version.setup_requests_cqe ? MapWqes(count) : 0;
  const bool fits = count > 0 && count <= UlpDdpLimits().max_ddp_sgl_len &&
                    (!setup_.version.validates_sgl || SglFitsSkb(io)) &&
                    (!setup_.version.setup_checks_room || HasRoom(wqebbs, cqes)) &&
                    (mkeys_[io.command_id] != 0 || CreateMkey(io.command_id, ctx.Now()));
  if (!fits) {
    ctx.Charge(Cost::kDdpUnmapSg, count);
    ++setup_.stats->setup_fail;
    return false;
  }
  NvmeotcpEntry& entry = rx_.entries[io.command_id];
  entry.sgl.assign(io.sgl.begin(), io.sgl.end());
  entry.ddp_ctx = io.ddp_ctx;
  if (setup_.version.ccid_gen) ++entry.ccid_gen;
  entry.size = 0;
  for (const SglEntry& piece : io.sgl) entry.size += piece.length;
  ++setup_.stats->setup;
  if (Overruns(IcosqPost::kSetup, wqebbs, cqes, ctx.Now())) return true;
  ++entry.mappings;
  PostSetup(ctx, io, entry.size);
  return true;
}

void NvmeotcpQueue::PostSetup(ExecContext& ctx, const UlpDdpIo& io, uint32_t size) {
  const auto count = static_cast<uint32_t>(io.sgl.size());
  for (uint32_t first = 0; first < count; first += kMaxKlmPerWqe) {
    PostMapUmr(&icosq_, mkeys_[io.command_id ^ (DDPSIM_MUTANT(kSetupWrongMkey) ? 1 : 0)], io.sgl,
               first, size, setup_.version.setup_requests_cqe);
    Remember(Kind::kOther, setup_.version.setup_requests_cqe, io.command_id,
             std::min(kMaxKlmPerWqe, count - first));
  }
  ctx.Charge(Cost::kDdpPostWqebb, MapWqebbs(count));
  icosq_.RingDoorbell(ctx);
}

void NvmeotcpQueue::Teardown(ExecContext& ctx, const UlpDdpIo& io) {
  SIM_CHECK(!stopped_ && io.command_id < rx_.entries.size());
  ctx.Charge(Cost::kDdpTeardown);
  rx_.entries[io.command_id].ddp_ctx = io.ddp_ctx;
  if (!DDPSIM_MUTANT(kTeardownUncounted) || !posted_.empty()) ++setup_.stats->teardown;
  // v1 ignored a full ring here, later versions do not look: the I/O then never completes.
  if (Overruns(IcosqPost::kTeardown, kInvalidateWqebbs, 1, ctx.Now())) return;
  if (DDPSIM_MUTANT(kTeardownNotPosted) && io.command_id % 4 == 3) return;
  PostInvalidateUmr(&icosq_, mkeys_[io.command_id]);
  Remember(Kind::kInvalidate, true, io.command_id);
  ctx.Charge(Cost::kDdpPostWqebb, kInvalidateWqebbs);
  icosq_.RingDoorbell(ctx);
}

void NvmeotcpQueue::Resync(ExecContext& ctx, SeqNum seq) {
  SIM_CHECK(!stopped_);
  const AnswerFate fate = setup_.faults == nullptr ? AnswerFate() : setup_.faults->OnAnswer();
  if (fate.disturbed() && setup_.device.observer != nullptr)
    setup_.device.observer->OnResyncAnswerFault(setup_.flow, fate.number, fate.lost, ctx.Now());
  if (fate.lost) return;
  if (fate.delay > SimTime::Zero()) return PostLater(ctx, seq, fate.delay);
  PostAnswer(ctx, seq);
}

void NvmeotcpQueue::PostAnswer(ExecContext& ctx, SeqNum seq) {
  ctx.Charge(Cost::kDdpResync);
  rx_.after_resync_cqe = true;
  if (Overruns(IcosqPost::kResyncAnswer, kStaticParamsWqebbs, 1, ctx.Now())) return;
  PostStaticParams(&icosq_, tirn_, StaticFields(),
                   DDPSIM_MUTANT(kResyncAnswerPastHeader) ? seq + 24 : seq);
  Remember(Kind::kOther, true);
  ctx.Charge(Cost::kDdpPostWqebb, kStaticParamsWqebbs);
  icosq_.RingDoorbell(ctx);
  if (setup_.device.observer != nullptr)
    setup_.device.observer->OnResyncAnswerPosted(setup_.flow, static_cast<uint32_t>(posted_.size()),
                                                 klms_in_flight_, ctx.Now());
}

void NvmeotcpQueue::PostLater(ExecContext& ctx, SeqNum seq, SimTime delay) {
  put_off_.push_back(std::make_unique<PutOff>(this, seq));
  ctx.scheduler().Queue(core(), CpuContext::kKworker, put_off_.back().get(), ctx.Now() + delay);
}

bool NvmeotcpQueue::PutOff::RunPiece(ExecContext& ctx) {
  if (!queue_->stopped_) queue_->PostAnswer(ctx, seq_);
  return false;
}

void NvmeotcpQueue::ResyncRequest(ExecContext& ctx, SeqNum seq) {
  if (setup_.faults != nullptr) {
    for (const StrayAnswer& stray : setup_.faults->OnRequest()) {
      const SeqNum named = seq + static_cast<uint32_t>(stray.offset);
      if (setup_.device.observer != nullptr)
        setup_.device.observer->OnStrayAnswer(setup_.flow, named, ctx.Now());
      PostLater(ctx, named, stray.delay);
    }
  }
  setup_.ulp->ResyncRequest(ctx, seq);
}

NapiPoller::Work NvmeotcpQueue::Poll(ExecContext& ctx, uint32_t budget) {
  Work work;
  while (!stopped_ && work.packets < budget) {
    const Cqe64* cqe = cq_.Peek();
    if (cqe == nullptr) break;
    const uint16_t counter = cqe->wqe_counter;
    cq_.Pop();
    ++work.packets;
    --cqes_in_flight_;
    bool last = false;
    while (!last) {
      SIM_CHECK(!posted_.empty(), "an ICOSQ CQE names a WQE that is not in flight");
      const Posted posted = posted_.pop_front();
      last = posted.index == counter;
      icosq_.Release(posted.end);
      klms_in_flight_ -= posted.klms;
      OnCompleted(ctx, posted);
      if (stopped_) return work;  // the ULP may stop its queue from within
    }
  }
  if (work.packets > 0) cq_.UpdateConsumer(ctx);
  return work;
}

void NvmeotcpQueue::EndPoll(ExecContext& ctx, bool complete) {
  if (complete && !stopped_) cq_.Arm(ctx);
}

void NvmeotcpQueue::OnCompleted(ExecContext& ctx, const Posted& posted) {
  if (posted.kind == Kind::kInvalidate) {
    InvalidateDone(ctx, posted.ccid);
  } else if (posted.kind == Kind::kProgressParams) {
    confirmed_->Complete(ctx);
  }
}

void NvmeotcpQueue::InvalidateDone(ExecContext& ctx, Ccid ccid) {
  NvmeotcpEntry& entry = rx_.entries[ccid];
  ctx.Charge(Cost::kDdpInvDone);
  ctx.Charge(Cost::kDdpUnmapSg, static_cast<int64_t>(entry.sgl.size()));
  setup_.ulp->DdpTeardownDone(ctx, entry.ddp_ctx);
}

void NvmeotcpQueue::Stop(ExecContext& ctx) {
  if (rule_ != 0) {
    setup_.device.commands->Destroy(CommandOpcode::kDeleteFlowRule, rule_, ctx.Now());
    setup_.net_device->Steer(setup_.flow, setup_.config.affinity_hint, ctx.Now());
  }
  rule_ = 0;
  stopped_ = true;
  // mlx5e_free_icosq_descs(): what is still pending counts as done.
  while (!posted_.empty()) {
    const Posted posted = posted_.pop_front();
    if (posted.kind == Kind::kInvalidate) InvalidateDone(ctx, posted.ccid);
  }
}

void NvmeotcpQueue::Destroy(SimTime now) {
  setup_.device.commands->Destroy(CommandOpcode::kDestroyTir, tirn_, now);
  DestroyObjects(now);
}

void NvmeotcpQueue::DestroyObjects(SimTime now) {
  icosq_.Destroy(setup_.device.commands, now);
  cq_.Destroy(setup_.device.commands, now);
  setup_.device.commands->Destroy(CommandOpcode::kDestroyTagBufferTable, table_, now);
}

void NvmeotcpQueue::Free() {
  icosq_.Free(setup_.device.memory);
  cq_.Free(setup_.device.memory);
  rx_.entries = {};
  mkeys_ = {};
}

}  // namespace ddpsim
