#include "models/kernel/nvmeotcp_driver.h"

#include <utility>

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"
#include "models/kernel/socket.h"

namespace ddpsim {
namespace {

// Longer than any piece of software charges ahead: by then every doorbell posted before sk_del has
// arrived.
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
  while (i < slots_.size() && slots_[i].taken) ++i;
  if (i == version_.max_queues) return 0;
  if (i == slots_.size()) slots_.emplace_back();
  slots_[i].taken = true;
  return static_cast<FlowTag>(i + 1);
}

bool NvmeotcpDriver::SkAdd(ExecContext& ctx, ByteStream* sk, const UlpDdpConfig& config,
                           UlpDdpUlpOps* ulp) {
  const UlpDdpCaps caps = Caps();
  const FlowTag tag = caps.nvme_tcp || caps.nvme_tcp_ddgst_rx ? TakeTag() : 0;
  if (tag == 0) {
    ++stats_->sk_add_fail;
    return false;
  }
  NvmeotcpQueueSetup setup;
  setup.device = device_;
  setup.net_device = net_device_;
  setup.version = version_;
  setup.stats = stats_;
  setup.caps = caps;
  setup.config = config;
  setup.tag = tag;
  setup.vector = static_cast<uint32_t>(net_device_->channels()) + tag - 1;
  setup.flow = sk->five_tuple().flow;
  setup.next_pdu = sk->copied_seq();
  setup.ulp = ulp;
  setup.faults = config_.resync_faults.any() ? &faults_ : nullptr;
  auto queue = std::make_unique<NvmeotcpQueue>(setup);
  if (!queue->Start(ctx)) {
    slots_[tag - 1].taken = false;
    ++stats_->sk_add_fail;
    return false;
  }
  rx_->Register(tag, queue->rx());
  static_cast<TcpSocket*>(sk)->ulp_ddp_data = queue.get();
  slots_[tag - 1].queue = std::move(queue);
  slots_[tag - 1].sk = sk;
  ++stats_->sk_add;
  return true;
}

void NvmeotcpDriver::SkDel(ExecContext& ctx, ByteStream* sk) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.sk != sk) continue;
    const FlowTag tag = static_cast<FlowTag>(i + 1);
    slot.queue->Stop(ctx);
    rx_->Unregister(tag);
    slot.sk = nullptr;
    static_cast<TcpSocket*>(sk)->ulp_ddp_data = nullptr;
    const CoreId core = slot.queue->core();
    graves_.push_back(std::make_unique<Grave>(this, std::move(slot.queue), tag));
    ctx.scheduler().Queue(core, CpuContext::kKworker, graves_.back().get(),
                          ctx.Now() + kDestroyDelay);
    if (!DDPSIM_MUTANT(kSkDelUncounted) || i > 0) ++stats_->sk_del;
    return;
  }
}

bool NvmeotcpDriver::Grave::RunPiece(ExecContext& ctx) {
  queue_->Destroy(ctx.Now());
  driver_->slots_[tag_ - 1].taken = false;
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
