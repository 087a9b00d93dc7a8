#include "models/kernel/channel.h"

#include <numeric>
#include <utility>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

constexpr uint32_t kTxCqPollBudget = 128;  // MLX5E_TX_CQ_POLL_BUDGET

DriverCqConfig CqConfig(const NetDeviceConfig& config, uint32_t log_entries, uint32_t cqe_bytes,
                        uint32_t vector) {
  return {log_entries, cqe_bytes, vector, static_cast<uint32_t>(config.moderation_usecs),
          static_cast<uint32_t>(config.moderation_frames)};
}

uint32_t FragBytes(const Skb& skb) {
  return std::accumulate(skb.frags.begin(), skb.frags.end(), 0u,
                         [](uint32_t sum, const Payload& frag) { return sum + frag.size; });
}

}  // namespace

Channel::Channel(const NetDeviceConfig& config, const GroConfig& gro, const DeviceContext& device,
                 uint32_t index, SimTime now)
    : device_(device),
      rq_(device.memory, static_cast<uint32_t>(config.mtu)),
      gro_(gro),
      napi_(device.scheduler, index % device.scheduler->cores(), this),
      adaptive_(config.adaptive_rx),
      dim_work_(this) {
  const uint32_t log_rx = static_cast<uint32_t>(config.log_rx_ring);
  const uint32_t log_tx = static_cast<uint32_t>(config.log_tx_ring);
  rx_cq_.Create(device.commands, device.memory,
                CqConfig(config, log_rx, config.cqe_128 ? 128 : 64, index), now);
  rq_.Create(device.commands, log_rx, rx_cq_.cqn(), now);
  sq_.Create(device.commands, device.memory, log_tx, static_cast<uint32_t>(config.tx_queue_len),
             CqConfig(config, log_tx, 64, index), now);
}

void Channel::Open(ExecContext& ctx) {
  rq_.Refill(ctx);
  rx_cq_.Arm(ctx);
  sq_.cq().Arm(ctx);
}

NapiPoller::Work Channel::Poll(ExecContext& ctx, uint32_t budget) {
  Work work;
  work.other = sq_.PollCq(ctx, kTxCqPollBudget);
  while (work.packets < budget) {
    const Cqe64* cqe = rx_cq_.Peek();
    if (cqe == nullptr) break;
    ReceiveOne(ctx, *cqe);
    rx_cq_.Pop();
    ++work.packets;
  }
  if (work.packets > 0) {
    rx_cq_.UpdateConsumer(ctx);
    rq_.Refill(ctx);
  }
  return work;
}

void Channel::ReceiveOne(ExecContext& ctx, const Cqe64& cqe) {
  ctx.Charge(Cost::kRxCqe);
  if (rx_cq_.is_128()) ctx.Charge(Cost::kRxCqe128);
  ++rx_stats_.packets;
  rx_stats_.bytes += cqe.byte_cnt;
  RxPacket packet;
  uint32_t payload_offset = 0;
  if (!BuildRxPacket(ctx, cqe, rq_.Take(cqe.wqe_counter), rq_.geometry(), device_.skbs, &packet,
                     &payload_offset)) {
    ++rx_stats_.not_tcp;
    return;
  }
  if (device_.nvmeotcp != nullptr && rx_cq_.is_128() && IsNvmeotcp(cqe)) {
    device_.nvmeotcp->OnPacket(ctx, cqe, rx_cq_.NvmeotcpPart(&cqe), payload_offset, &packet.skb);
    if (packet.skb == nullptr) return;
  }
  if (device_.observer != nullptr)
    device_.observer->OnDriverSkb(*packet.skb, cqe.byte_cnt, ctx.Now());
  SIM_CHECK(FragBytes(*packet.skb) == packet.skb->size,
            "an skb's frags are not as long as itself: the driver walked off an SGL");
  gro_.Receive(ctx, std::move(packet), &done_);
  if (!done_.empty()) DeliverDone(ctx);
}

void Channel::DeliverDone(ExecContext& ctx) {
  for (RxPacket& packet : done_) device_.receiver->OnPacket(ctx, std::move(packet));
  done_.clear();
}

void Channel::EndPoll(ExecContext& ctx, bool complete) {
  gro_.Flush(ctx, &done_);
  DeliverDone(ctx);
  if (!complete) return;
  if (adaptive_) SampleDim(ctx);
  rx_cq_.Arm(ctx);
  sq_.cq().Arm(ctx);
}

// mlx5e_handle_rx_dim()
void Channel::SampleDim(ExecContext& ctx) {
  if (!dim_.OnSample({ctx.Now(), interrupts_, rx_stats_.packets, rx_stats_.bytes})) return;
  ctx.Charge(Cost::kQueueWork);
  ctx.Queue(core(), CpuContext::kKworker, &dim_work_);
}

bool Channel::DimWork::RunPiece(ExecContext& ctx) {
  ctx.Charge(Cost::kMmio);
  const CqModeration moderation = channel_->dim_.moderation();
  channel_->rx_cq_.Moderate(channel_->device_.commands, moderation.usecs, moderation.frames,
                            ctx.Now());
  channel_->dim_.OnApplied();
  return false;
}

}  // namespace ddpsim
