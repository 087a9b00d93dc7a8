// One channel of the network device: a receive ring, a send ring, their CQs, the NAPI that serves
// them and its GRO. Mirrors struct mlx5e_channel and mlx5e_poll_rx_cq() (Linux 6.1 en.h, en_rx.c).
// Its interrupt vector is its index; DIM counts the interrupts of both CQs. Left out: XDP queues,
// the channel's own ICOSQ, several traffic classes. Invariant: packets go up in CQE order per flow.
#ifndef DDPSIM_MODELS_KERNEL_CHANNEL_H_
#define DDPSIM_MODELS_KERNEL_CHANNEL_H_

#include <vector>

#include "ddpsim/net/host_observer.h"
#include "models/kernel/dim.h"
#include "models/kernel/driver_cq.h"
#include "models/kernel/driver_rq.h"
#include "models/kernel/driver_sq.h"
#include "models/kernel/gro.h"
#include "models/kernel/napi.h"
#include "models/kernel/net_device_config.h"
#include "models/kernel/net_driver_rx.h"
#include "models/kernel/nvmeotcp_rx.h"

namespace ddpsim {

// netif_receive_skb().
class PacketReceiver {
 public:
  virtual ~PacketReceiver() = default;
  virtual void OnPacket(ExecContext& ctx, RxPacket packet) = 0;
};

// What all channels of a device share.
struct DeviceContext {
  HostMemory* memory = nullptr;
  CommandChannel* commands = nullptr;
  CpuScheduler* scheduler = nullptr;
  SkbPool* skbs = nullptr;
  HostObserver* observer = nullptr;
  PacketReceiver* receiver = nullptr;
  NvmeotcpRx* nvmeotcp = nullptr;  // null: no offload
  Calendar* calendar = nullptr;
  int64_t hz = 250;  // jiffies a second
};

struct RxStats {
  uint64_t packets = 0;
  uint64_t bytes = 0;
  uint64_t not_tcp = 0;
};

class Channel final : private NapiPoller {
 public:
  Channel(const NetDeviceConfig& config, const GroConfig& gro, const DeviceContext& device,
          uint32_t index, SimTime now);

  void OnInterrupt(SimTime now) {
    ++interrupts_;
    napi_.OnInterrupt(now);
  }
  // Fills the receive ring and arms the interrupts: the first piece of software that runs on the
  // channel.
  void Open(ExecContext& ctx);
  uint32_t rqn() const { return rq_.rqn(); }
  CoreId core() const { return napi_.core(); }
  DriverSq& sq() { return sq_; }
  // Whether its receive ring holds CQEs with that flow tag.
  bool HoldsCqesOf(FlowTag tag) const { return rx_cq_.HoldsFlowTag(tag); }
  const RxStats& rx_stats() const { return rx_stats_; }

 private:
  // mlx5e_rx_dim_work(): tells the NIC, from a worker because firmware commands sleep.
  class DimWork final : public WorkItem {
   public:
    explicit DimWork(Channel* channel) : channel_(channel) {}
    bool RunPiece(ExecContext& ctx) override;

   private:
    Channel* channel_;
  };
  Work Poll(ExecContext& ctx, uint32_t budget) override;
  void EndPoll(ExecContext& ctx, bool complete) override;
  void ReceiveOne(ExecContext& ctx, const Cqe64& cqe);
  void DeliverDone(ExecContext& ctx);
  void SampleDim(ExecContext& ctx);

  DeviceContext device_;
  DriverCq rx_cq_;
  DriverRq rq_;
  DriverSq sq_;
  Gro gro_;
  Napi napi_;
  bool adaptive_;
  Dim dim_;
  DimWork dim_work_;
  uint64_t interrupts_ = 0;
  std::vector<RxPacket> done_;
  RxStats rx_stats_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_CHANNEL_H_
