// mlx5's side of the ULP DDP seam: mirrors mlx5e_nvmeotcp_ops of the offload series
// (en_accel/nvmeotcp.c). Queues get ids (flow tags) from 1 on, the lowest free one first, and an
// interrupt vector each behind the channels' (mlx5: an EQ tells the CQs of one vector apart; here
// the vector alone does). Left out: netlink changes of the caps at run time; the time that firmware
// commands take. A tag is given out again only when no CQE in a receive ring names it: the real
// teardown destroys an mkey of each command, one firmware command after the other, and meanwhile
// the rings are polled. Invariants: (1) a queue's objects in the NIC live until every doorbell that
// names them has arrived; (2) a socket is offloaded only when the NIC has confirmed its parameters
// in time.
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
  // sk_add behind its wait_for_completion_timeout().
  class Adding final : public WorkItem {
   public:
    Adding(NvmeotcpDriver* driver, FlowTag tag)
        : driver_(driver),
          tag_(tag),
          wait_(driver->device_.calendar, driver->device_.scheduler, this) {}
    CompletionWait& wait() { return wait_; }
    bool RunPiece(ExecContext& ctx) override;

   private:
    NvmeotcpDriver* driver_;
    FlowTag tag_;
    CompletionWait wait_;
  };
  // Takes a stopped queue's objects down, and then gives its memory and its tag back.
  class Grave final : public WorkItem {
   public:
    Grave(NvmeotcpDriver* driver, std::unique_ptr<NvmeotcpQueue> queue, FlowTag tag)
        : end_(this), driver_(driver), queue_(std::move(queue)), tag_(tag) {}
    bool RunPiece(ExecContext& ctx) override;

   private:
    class End final : public WorkItem {
     public:
      explicit End(Grave* grave) : grave_(grave) {}
      bool RunPiece(ExecContext& ctx) override;

     private:
      Grave* grave_;
    };

    End end_;
    NvmeotcpDriver* driver_;
    std::unique_ptr<NvmeotcpQueue> queue_;
    FlowTag tag_;
  };
  struct Slot {
    std::unique_ptr<NvmeotcpQueue> queue;
    ByteStream* sk = nullptr;
    UlpDdpUlpOps* ulp = nullptr;
    std::unique_ptr<Adding> adding;  // once made, it stays
    bool waits = false;              // in sk_add
    bool taken = false;              // also while its last queue is being taken down
  };

  NvmeotcpQueue& Find(const ByteStream* sk);
  NvmeotcpQueueSetup SetupOf(ByteStream* sk, const UlpDdpConfig& config, UlpDdpUlpOps* ulp,
                             FlowTag tag);
  void FinishAdd(ExecContext& ctx, FlowTag tag);
  // Stops the slot's queue; its objects and its tag follow.
  void Bury(ExecContext& ctx, Slot* slot, FlowTag tag);
  // The lowest free id, 0 if there is none.
  FlowTag TakeTag();
  bool IsFree(size_t slot) const;

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
