#include "models/kernel/nvmeotcp_driver.h"

#include <algorithm>
#include <utility>

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"
#include "models/kernel/socket.h"

namespace ddpsim {
namespace {

// What is on the bus has arrived by then: a doorbell, and the CQE of a WQE that was executed last.
// A guess; destroying the objects by firmware commands takes longer on real NICs.
constexpr SimTime kDestroyDelay = SimTime::Us(200);

}  // namespace

UlpDdpCaps NvmeotcpDriver::Caps() const {
  // The hardware's part of the offload needs 128-byte CQEs (cqe_128_always).
  if (!config_.cqe_128) return {};
  return {config_.ddp, config_.ddgst};
}

UlpDdpLimits NvmeotcpDriver::Limits() const {
  UlpDdpLimits limits;
  limits.io_threshold = version_.io_threshold;
  return limits;
}

FlowTag NvmeotcpDriver::TakeTag() {
  size_t i = 0;
  while (i < slots_.size() && !IsFree(i)) ++i;
  if (i == version_.max_queues) return 0;
  if (i == slots_.size()) slots_.emplace_back();
  slots_[i].taken = true;
  return static_cast<FlowTag>(i + 1);
}

bool NvmeotcpDriver::IsFree(size_t slot) const {
  return !slots_[slot].taken && !net_device_->HoldsCqesOf(static_cast<FlowTag>(slot + 1));
}

NvmeotcpQueueSetup NvmeotcpDriver::SetupOf(ByteStream* sk, const UlpDdpConfig& config,
                                           UlpDdpUlpOps* ulp, FlowTag tag) {
  NvmeotcpQueueSetup setup;
  setup.device = device_;
  setup.net_device = net_device_;
  setup.version = version_;
  setup.stats = stats_;
  setup.caps = Caps();
  setup.config = config;
  setup.tag = tag;
  setup.vector = static_cast<uint32_t>(net_device_->channels()) + tag - 1;
  setup.flow = sk->five_tuple().flow;
  setup.next_pdu = sk->copied_seq();
  setup.ulp = ulp;
  setup.faults = config_.resync_faults.any() ? &faults_ : nullptr;
  return setup;
}

bool NvmeotcpDriver::SkAdd(ExecContext& ctx, ByteStream* sk, const UlpDdpConfig& config,
                           UlpDdpUlpOps* ulp) {
  const UlpDdpCaps caps = Caps();
  const FlowTag tag = caps.nvme_tcp || caps.nvme_tcp_ddgst_rx ? TakeTag() : 0;
  if (tag == 0) {
    ++stats_->sk_add_fail;
    return false;
  }
  Slot& slot = slots_[tag - 1];
  if (slot.adding == nullptr) slot.adding = std::make_unique<Adding>(this, tag);
  auto queue = std::make_unique<NvmeotcpQueue>(SetupOf(sk, config, ulp, tag));
  if (!queue->Start(ctx, &slot.adding->wait())) {
    slot.taken = false;
    ++stats_->sk_add_fail;
    return false;
  }
  const int64_t timeout = version_.sk_add_timeout_ms * device_.hz / 1000;
  slot.adding->wait().Sleep(ctx.core(), EndOfSleep(ctx.Now(), timeout, Jiffies(device_.hz)));
  slot.queue = std::move(queue);
  slot.sk = sk;
  slot.ulp = ulp;
  slot.waits = true;
  return true;
}

bool NvmeotcpDriver::Adding::RunPiece(ExecContext& ctx) {
  if (driver_->slots_[tag_ - 1].waits && (wait_.done() || wait_.expired()))
    driver_->FinishAdd(ctx, tag_);
  return false;
}

void NvmeotcpDriver::FinishAdd(ExecContext& ctx, FlowTag tag) {
  Slot& slot = slots_[tag - 1];
  slot.waits = false;
  UlpDdpUlpOps* const ulp = slot.ulp;
  const bool confirmed = slot.adding->wait().done() && slot.queue->Steer(ctx.Now());
  if (confirmed) {
    rx_->Register(tag, slot.queue->rx());
    static_cast<TcpSocket*>(slot.sk)->ulp_ddp_data = slot.queue.get();
    ++stats_->sk_add;
  } else {
    ++stats_->sk_add_fail;
    Bury(ctx, &slot, tag);
  }
  ulp->SkAddDone(ctx, confirmed);
}

void NvmeotcpDriver::SkDel(ExecContext& ctx, ByteStream* sk) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.sk != sk) continue;
    if (slot.waits) {
      // No caller of Linux's can: the worker that would sleeps in sk_add.
      slot.waits = false;
      slot.adding->wait().Cancel();
      ++stats_->sk_add_fail;
    } else if (!DDPSIM_MUTANT(kSkDelUncounted) || i > 0) {
      ++stats_->sk_del;
    }
    return Bury(ctx, &slot, static_cast<FlowTag>(i + 1));
  }
}

void NvmeotcpDriver::Bury(ExecContext& ctx, Slot* slot, FlowTag tag) {
  slot->queue->Stop(ctx);
  rx_->Unregister(tag);
  static_cast<TcpSocket*>(slot->sk)->ulp_ddp_data = nullptr;
  slot->sk = nullptr;
  const CoreId core = slot->queue->core();
  const SimTime quiet = std::max(ctx.Now(), slot->queue->last_doorbell());
  graves_.push_back(std::make_unique<Grave>(this, std::move(slot->queue), tag));
  ctx.scheduler().Queue(core, CpuContext::kKworker, graves_.back().get(), quiet + kDestroyDelay);
}

bool NvmeotcpDriver::Grave::RunPiece(ExecContext& ctx) {
  queue_->Destroy(ctx.Now());
  ctx.scheduler().Queue(ctx.core(), CpuContext::kKworker, &end_, ctx.Now() + kDestroyDelay);
  return false;
}

bool NvmeotcpDriver::Grave::End::RunPiece(ExecContext& ctx) {
  grave_->queue_->Free();
  grave_->driver_->slots_[grave_->tag_ - 1].taken = false;
  return false;
}

NvmeotcpQueue& NvmeotcpDriver::Find(const ByteStream* sk) {
  NvmeotcpQueue* queue = static_cast<const TcpSocket*>(sk)->ulp_ddp_data;
  SIM_CHECK(queue != nullptr, "the socket is not offloaded");
  return *queue;
}

bool NvmeotcpDriver::Offloaded(const ByteStream* sk) {
  const NvmeotcpQueue* queue = static_cast<const TcpSocket*>(sk)->ulp_ddp_data;
  return queue != nullptr && queue->steered();
}

void NvmeotcpDriver::OnMsix(uint32_t vector, SimTime now) {
  const size_t i = vector - net_device_->channels();
  // A last interrupt may arrive after sk_del.
  if (i < slots_.size() && slots_[i].queue != nullptr) slots_[i].queue->OnInterrupt(now);
}

}  // namespace ddpsim
