// One offloaded connection in the driver: its objects in the NIC, its ICOSQ with CQ and NAPI, its
// buffers by ccid. Mirrors struct mlx5e_nvmeotcp_queue of the offload series. Left out: reuse of a
// queue object; SG entries keep the caller's addresses (no IOMMU). Invariants: (1) every posted
// invalidation is answered once through DdpTeardownDone(), at its CQE or when the queue stops; (2)
// the flow rule goes in only after the CQE of SET_PSV; (3) after Stop() no doorbell leaves.
#ifndef DDPSIM_MODELS_KERNEL_NVMEOTCP_QUEUE_H_
#define DDPSIM_MODELS_KERNEL_NVMEOTCP_QUEUE_H_

#include <memory>
#include <vector>

#include "models/kernel/net_device.h"
#include "models/kernel/nvmeotcp_rx.h"
#include "models/kernel/nvmeotcp_wqe.h"

namespace ddpsim {

// What the queue needs to know of device and socket.
struct NvmeotcpQueueSetup {
  DeviceContext device;
  NetDevice* net_device = nullptr;
  DriverVersion version;
  UlpDdpStats* stats = nullptr;
  UlpDdpCaps caps;
  UlpDdpConfig config;
  FlowTag tag = 0;
  uint32_t vector = 0;
  FourTuple flow;   // as received
  SeqNum next_pdu;  // copied_seq of the quiet socket
  UlpDdpUlpOps* ulp = nullptr;
  ResyncFaults* faults = nullptr;
};

class NvmeotcpQueue final : private NapiPoller, private UlpDdpUlpOps {
 public:
  explicit NvmeotcpQueue(const NvmeotcpQueueSetup& setup);

  // Creates everything in the NIC; false: the NIC has no room (what was made is taken down again).
  bool Start(ExecContext& ctx);
  // sk_del: no more placements, pending invalidations count as done. Objects stay until Destroy().
  void Stop(ExecContext& ctx);
  // REQUIRES: Stop() was called long enough ago for its last doorbell to have arrived.
  void Destroy(SimTime now);

  bool Setup(ExecContext& ctx, const UlpDdpIo& io);
  void Teardown(ExecContext& ctx, const UlpDdpIo& io);
  void Resync(ExecContext& ctx, SeqNum seq);
  void OnInterrupt(SimTime now) { napi_.OnInterrupt(now); }
  NvmeotcpRxState* rx() { return &rx_; }
  bool steered() const { return rule_ != 0; }
  CoreId core() const { return napi_.core(); }

 private:
  // An answer that the driver posts later than it was given.
  class PutOff final : public WorkItem {
   public:
    PutOff(NvmeotcpQueue* queue, SeqNum seq) : queue_(queue), seq_(seq) {}
    bool RunPiece(ExecContext& ctx) override;

   private:
    NvmeotcpQueue* queue_;
    SeqNum seq_;
  };
  enum class Kind : uint8_t { kOther, kProgressParams, kInvalidate };
  struct Posted {
    uint16_t index = 0;
    uint16_t end = 0;
    Kind kind = Kind::kOther;
    Ccid ccid = 0;
  };

  // Between the receive path and the ULP.
  void ResyncRequest(ExecContext& ctx, SeqNum seq) override;
  void DdpTeardownDone(ExecContext& ctx, void* ddp_ctx) override {
    setup_.ulp->DdpTeardownDone(ctx, ddp_ctx);
  }
  void PostAnswer(ExecContext& ctx, SeqNum seq);
  void PostLater(ExecContext& ctx, SeqNum seq, SimTime delay);

  Work Poll(ExecContext& ctx, uint32_t budget) override;
  void EndPoll(ExecContext& ctx, bool complete) override;
  bool CreateTable(SimTime now);
  bool CreateMkeys(SimTime now);
  bool CreateMkey(uint32_t ccid, SimTime now);
  uint32_t CcidRange() const;
  void CreateRings(SimTime now);
  bool CreateTir(SimTime now);
  void DestroyObjects(SimTime now);
  StaticParamsFields StaticFields() const;
  bool SglFitsSkb(const UlpDdpIo& io) const;
  void Remember(Kind kind, Ccid ccid = 0) {
    posted_.push_back({icosq_.last_index(), icosq_.producer(), kind, ccid});
  }
  void OnCompleted(ExecContext& ctx, const Posted& posted);
  void InvalidateDone(ExecContext& ctx, Ccid ccid);

  NvmeotcpQueueSetup setup_;
  NvmeotcpRxState rx_;
  Napi napi_;
  DriverCq cq_;
  WqeRing icosq_;
  RingQueue<Posted> posted_;
  uint32_t table_ = 0;
  uint32_t tirn_ = 0;
  uint32_t rule_ = 0;
  std::vector<uint32_t> mkeys_;  // by ccid
  bool stopped_ = false;
  std::vector<std::unique_ptr<PutOff>> put_off_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NVMEOTCP_QUEUE_H_
