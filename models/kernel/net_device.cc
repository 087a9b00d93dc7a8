#include "models/kernel/net_device.h"

#include <algorithm>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

constexpr uint32_t kIndirectionEntries = 64;  // room in the command; mlx5 has 256

}  // namespace

uint32_t SetFlowRule(CommandChannel* commands, const FourTuple& flow, uint32_t tirn, FlowTag tag,
                     SimTime now) {
  CommandMailbox box{};
  box.opcode = CommandOpcode::kSetFlowRule;
  box.flow_rule = {
      flow.source_ip, flow.destination_ip, flow.source_port, flow.destination_port, tirn, tag};
  return commands->Execute(&box, now) == CommandStatus::kOk ? box.object : 0;
}

NetDevice::NetDevice(const NetDeviceConfig& config, const GroConfig& gro,
                     const DeviceContext& device, SimTime now)
    : device_(device), mtu_(static_cast<uint32_t>(config.mtu)) {
  for (int64_t i = 0; i < config.channels; ++i) {
    channels_.push_back(
        std::make_unique<Channel>(config, gro, device, static_cast<uint32_t>(i), now));
    open_items_.push_back(std::make_unique<OpenItem>(channels_.back().get()));
  }
  SetRss(now);
  if (channels_.size() == 1) return;
  for (const auto& channel : channels_) direct_tirs_.push_back(DirectTir(channel->rqn(), now));
}

void NetDevice::SetRss(SimTime now) {
  CommandMailbox box{};
  box.opcode = CommandOpcode::kSetRssTable;
  box.set_rss_table.count = kIndirectionEntries;
  for (uint32_t i = 0; i < kIndirectionEntries; ++i)
    box.set_rss_table.rqn[i] = channels_[i % channels_.size()]->rqn();
  SIM_CHECK(device_.commands->Execute(&box, now) == CommandStatus::kOk, "RSS table");
}

uint32_t NetDevice::DirectTir(uint32_t rqn, SimTime now) {
  CommandMailbox box{};
  box.opcode = CommandOpcode::kCreateTir;
  box.create_tir = {rqn, 0, 0, 0};
  SIM_CHECK(device_.commands->Execute(&box, now) == CommandStatus::kOk, "CREATE_TIR");
  return box.object;
}

void NetDevice::Open(SimTime now) {
  for (size_t i = 0; i < channels_.size(); ++i) {
    device_.scheduler->Queue(channels_[i]->core(), CpuContext::kKworker, open_items_[i].get(), now);
  }
}

void NetDevice::Steer(const FourTuple& flow, CoreId core, SimTime now) {
  if (direct_tirs_.empty()) return;
  const uint32_t rule =
      SetFlowRule(device_.commands, flow, direct_tirs_[core % channels_.size()], 0, now);
  if (rule != 0) rules_.push_back({flow, rule});
}

void NetDevice::Unsteer(const FourTuple& flow, SimTime now) {
  const auto rule =
      std::find_if(rules_.begin(), rules_.end(), [&](const Rule& r) { return r.flow == flow; });
  if (rule == rules_.end()) return;
  device_.commands->Destroy(CommandOpcode::kDeleteFlowRule, rule->number, now);
  rules_.erase(rule);
}

bool NetDevice::HoldsCqesOf(FlowTag tag) const {
  return std::any_of(channels_.begin(), channels_.end(),
                     [tag](const auto& channel) { return channel->HoldsCqesOf(tag); });
}

RxStats NetDevice::TotalRx() const {
  RxStats sum;
  for (const auto& channel : channels_) {
    sum.packets += channel->rx_stats().packets;
    sum.bytes += channel->rx_stats().bytes;
    sum.not_tcp += channel->rx_stats().not_tcp;
  }
  return sum;
}

TxStats NetDevice::TotalTx() {
  TxStats sum;
  for (const auto& channel : channels_) {
    const TxStats& tx = channel->sq().stats();
    sum.packets += tx.packets;
    sum.bytes += tx.bytes;
    sum.queue_stopped += tx.queue_stopped;
    sum.dropped += tx.dropped;
  }
  return sum;
}

}  // namespace ddpsim
