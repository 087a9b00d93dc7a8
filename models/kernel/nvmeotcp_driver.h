// mlx5's side of the ULP DDP seam: mirrors mlx5e_nvmeotcp_ops of the offload series
// (en_accel/nvmeotcp.c). Queues get ids (flow tags) from 1 on, the lowest free one first, and an
// interrupt vector each behind the channels' (mlx5: an EQ tells the CQs of one vector apart; here
// the vector alone does). Left out: netlink changes of the caps at run time; sk_add returns before
// the NIC has confirmed (the real one sleeps), the flow rule follows the confirmation. Invariant: a
// queue's objects in the NIC live until every doorbell that names them has arrived.
#ifndef DDPSIM_MODELS_KERNEL_NVMEOTCP_DRIVER_H_
#define DDPSIM_MODELS_KERNEL_NVMEOTCP_DRIVER_H_

#include <memory>
#include <vector>

#include "ddpsim/net/ulp_ddp.h"
#include "models/kernel/nvmeotcp_queue.h"

namespace ddpsim {

class NvmeotcpDriver final : public UlpDdpDevOps {
 public:
  NvmeotcpDriver(const NetDeviceConfig& config, const DriverVersion& version,
                 const DeviceContext& device, NetDevice* net_device, NvmeotcpRx* rx,
                 UlpDdpStats* stats, uint64_t seed = 1)
      : config_(config),
        version_(version),
        device_(device),
        net_device_(net_device),
        rx_(rx),
        stats_(stats),
        faults_(config.resync_faults, seed) {}

  UlpDdpCaps Caps() const override;
  UlpDdpLimits Limits() const override;
  bool SkAdd(ExecContext& ctx, ByteStream* sk, const UlpDdpConfig& config,
             UlpDdpUlpOps* ulp) override;
  void SkDel(ExecContext& ctx, ByteStream* sk) override;
  bool Setup(ExecContext& ctx, ByteStream* sk, const UlpDdpIo& io) override {
    return Find(sk).Setup(ctx, io);
  }
  void Teardown(ExecContext& ctx, ByteStream* sk, const UlpDdpIo& io) override {
    Find(sk).Teardown(ctx, io);
  }
  void Resync(ExecContext& ctx, ByteStream* sk, SeqNum seq) override { Find(sk).Resync(ctx, seq); }

  void OnMsix(uint32_t vector, SimTime now);
  // Whether the NIC steers the socket's packets to its offload context by now.
  bool Offloaded(const ByteStream* sk);
  ResyncFaults& resync_faults() { return faults_; }

 private:
  // Takes a stopped queue's objects down.
  class Grave final : public WorkItem {
   public:
    Grave(NvmeotcpDriver* driver, std::unique_ptr<NvmeotcpQueue> queue, FlowTag tag)
        : driver_(driver), queue_(std::move(queue)), tag_(tag) {}
    bool RunPiece(ExecContext& ctx) override;

   private:
    NvmeotcpDriver* driver_;
    std::unique_ptr<NvmeotcpQueue> queue_;
    FlowTag tag_;
  };
  struct Slot {
    std::unique_ptr<NvmeotcpQueue> queue;
    const ByteStream* sk = nullptr;
    bool taken = false;  // also while its last queue is being taken down
  };

  NvmeotcpQueue& Find(const ByteStream* sk);
  // The lowest free id, 0 if there is none.
  FlowTag TakeTag();

  NetDeviceConfig config_;
  DriverVersion version_;
  DeviceContext device_;
  NetDevice* net_device_;
  NvmeotcpRx* rx_;
  UlpDdpStats* stats_;
  ResyncFaults faults_;
  std::vector<Slot> slots_;  // by tag - 1
  std::vector<std::unique_ptr<Grave>> graves_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NVMEOTCP_DRIVER_H_
