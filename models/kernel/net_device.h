// The network device: its channels, their creation in the NIC, and steering of plain flows. Mirrors
// mlx5e_open_channels(), the indirection table of mlx5e_rss_init() and accelerated RFS (en_arfs.c):
// with several channels each flow gets a rule to the channel of the core that wants it. Left out:
// reconfiguration, link state.
#ifndef DDPSIM_MODELS_KERNEL_NET_DEVICE_H_
#define DDPSIM_MODELS_KERNEL_NET_DEVICE_H_

#include <memory>
#include <vector>

#include "ddpsim/wire/ip.h"
#include "models/kernel/channel.h"
#include "models/kernel/socket.h"

namespace ddpsim {

class NetDevice final : public PacketTransmitter {
 public:
  NetDevice(const NetDeviceConfig& config, const GroConfig& gro, const DeviceContext& device,
            SimTime now);

  // Queues the opening of each channel on its core.
  void Open(SimTime now);
  void OnMsix(uint32_t vector, SimTime now) { channels_[vector]->OnInterrupt(now); }
  void Xmit(ExecContext& ctx, CoreId core, TxPacket packet) override {
    ChannelOf(core).sq().Xmit(ctx, std::move(packet));
  }
  void Kick(ExecContext& ctx, CoreId core) override { ChannelOf(core).sq().Kick(ctx); }

  size_t channels() const { return channels_.size(); }
  uint32_t mtu() const { return mtu_; }
  Channel& channel(size_t i) { return *channels_[i]; }
  Channel& ChannelOf(CoreId core) { return *channels_[core % channels_.size()]; }
  // Steers a flow (as received) to the channel of `core`. Nothing to do with one channel.
  void Steer(const FourTuple& flow, CoreId core, SimTime now);
  // Takes the rule of Steer() away, so that another can take its place.
  void Unsteer(const FourTuple& flow, SimTime now);
  // Whether CQEs with that flow tag wait to be polled.
  bool HoldsCqesOf(FlowTag tag) const;
  RxStats TotalRx() const;
  TxStats TotalTx();

 private:
  class OpenItem final : public WorkItem {
   public:
    explicit OpenItem(Channel* channel) : channel_(channel) {}
    bool RunPiece(ExecContext& ctx) override {
      channel_->Open(ctx);
      return false;
    }

   private:
    Channel* channel_;
  };
  struct Rule {
    FourTuple flow;
    uint32_t number;
  };

  void SetRss(SimTime now);
  uint32_t DirectTir(uint32_t rqn, SimTime now);

  DeviceContext device_;
  uint32_t mtu_;
  std::vector<std::unique_ptr<Channel>> channels_;
  std::vector<std::unique_ptr<OpenItem>> open_items_;
  std::vector<uint32_t> direct_tirs_;
  std::vector<Rule> rules_;
};

// Installs a 5-tuple rule; returns its number, or 0 if the flow has one (its last connection's
// offload is still being taken down).
uint32_t SetFlowRule(CommandChannel* commands, const FourTuple& flow, uint32_t tirn, FlowTag tag,
                     SimTime now);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NET_DEVICE_H_
