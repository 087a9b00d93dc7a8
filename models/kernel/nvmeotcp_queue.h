// One offloaded connection in the driver: its objects in the NIC, its ICOSQ with CQ and NAPI, its
// buffers by ccid. Mirrors struct mlx5e_nvmeotcp_queue of the offload series. What the driver posts
// without looking whether the ICOSQ has room (v6 and later; teardowns and answers always) is lost
// where it has none: real hardware would find WQEs overwritten that it has not executed. Left out:
// reuse of a queue object; SG entries keep the caller's addresses (no IOMMU). Invariants: (1) every
// posted invalidation is answered once through DdpTeardownDone(), at its CQE or when the queue
// stops; (2) the flow rule goes in only after the CQE of SET_PSV; (3) after Stop() no doorbell
// leaves; (4) no more WQEs ask for a CQE at a time than the CQ has entries.
#ifndef DDPSIM_MODELS_KERNEL_NVMEOTCP_QUEUE_H_
#define DDPSIM_MODELS_KERNEL_NVMEOTCP_QUEUE_H_

#include <algorithm>
#include <memory>
#include <vector>

#include "models/kernel/completion_wait.h"
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

  // Creates everything in the NIC and writes the parameters, whose CQE completes `confirmed`;
  // false: the NIC has no room (what was made is taken down again).
  bool Start(ExecContext& ctx, CompletionWait* confirmed);
  // The parameters are confirmed: packets of the flow go to the offload context from now on.
  // False: the NIC has no room for the rule.
  bool Steer(SimTime now);
  // sk_del: no more placements, pending invalidations count as done. Objects stay until Destroy().
  void Stop(ExecContext& ctx);
  // REQUIRES: Stop() was called long enough ago for its last doorbell to have arrived.
  void Destroy(SimTime now);
  // Gives its memory back. REQUIRES: Destroy() was called long enough ago for the NIC's last CQE to
  // have landed. The object itself stays: it may be on some run queue.
  void Free();

  bool Setup(ExecContext& ctx, const UlpDdpIo& io);
  void Teardown(ExecContext& ctx, const UlpDdpIo& io);
  void Resync(ExecContext& ctx, SeqNum seq);
  void OnInterrupt(SimTime now) { napi_.OnInterrupt(now); }
  NvmeotcpRxState* rx() { return &rx_; }
  bool steered() const { return rule_ != 0; }
  // When the last doorbell of its rings leaves.
  SimTime last_doorbell() const { return std::max(icosq_.last_doorbell(), cq_.last_doorbell()); }
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
    uint32_t klms = 0;
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
  // Whether the ring has room for WQEs of `wqebbs` in all and the CQ for their `cqes`.
  bool HasRoom(uint32_t wqebbs, uint32_t cqes) const;
  // The WQE that was written last is in flight.
  void Remember(Kind kind, bool wants_cqe, Ccid ccid = 0, uint32_t klms = 0);
  // The driver does not look; what it would overwrite is lost.
  bool Overruns(IcosqPost what, uint32_t wqebbs, uint32_t cqes, SimTime now);
  void PostSetup(ExecContext& ctx, const UlpDdpIo& io, uint32_t size);
  void OnCompleted(ExecContext& ctx, const Posted& posted);
  void InvalidateDone(ExecContext& ctx, Ccid ccid);

  NvmeotcpQueueSetup setup_;
  NvmeotcpRxState rx_;
  Napi napi_;
  DriverCq cq_;
  WqeRing icosq_;
  RingQueue<Posted> posted_;
  uint32_t cqes_in_flight_ = 0;  // asked for and not taken
  uint32_t klms_in_flight_ = 0;
  CompletionWait* confirmed_ = nullptr;
  uint32_t table_ = 0;
  uint32_t tirn_ = 0;
  uint32_t rule_ = 0;
  std::vector<uint32_t> mkeys_;  // by ccid
  bool stopped_ = false;
  std::vector<std::unique_ptr<PutOff>> put_off_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NVMEOTCP_QUEUE_H_
