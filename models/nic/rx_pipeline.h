// The receive path of one frame, in one straight line: parse, checksums, steering, offload context,
// placement, DMA, CQE. One placement per packet (the CQE has room for one): that of the first
// C2HData run whose command is mapped; the others go to the RX buffer like everything else. Every
// byte keeps its place in the packet: placed bytes leave a hole of their size in the RX buffer. A
// frame without an RX WQE leaves no trace in the offload context, as if the wire had lost it. Left
// out: LRO, tunnels. Invariants: (1) data before CQE on the bus; (2) a placement lies within a live
// mapping.
#ifndef DDPSIM_NIC_RX_PIPELINE_H_
#define DDPSIM_NIC_RX_PIPELINE_H_

#include <optional>
#include <vector>

#include "ddpsim/hw/bus_master.h"
#include "ddpsim/hw/nic_observer.h"
#include "models/nic/cqe_writer.h"
#include "models/nic/nic_config.h"
#include "models/nic/nic_objects.h"
#include "models/nic/nic_stats.h"

namespace ddpsim {

enum class RxOutcome : uint8_t { kDelivered, kNoWqe, kNoSteering };

struct RxResult {
  RxOutcome outcome = RxOutcome::kNoSteering;
  ReceiveRing* rq = nullptr;                // except kNoSteering
  SimTime interrupt_at = SimTime::Never();  // kDelivered: when rq's CQ wants to interrupt
};

class RxPipeline {
 public:
  RxPipeline(const NicConfig& config, NicObjects* objects, BusMaster* bus, NicStats* stats)
      : latency_(SimTime::Ns(config.rx_latency_ns)), objects_(objects), bus_(bus), stats_(stats) {}

  void set_observer(NicObserver* observer) { observer_ = observer; }
  RxResult OnFrame(const Frame& frame, SimTime now);

 private:
  struct Route {
    ReceiveRing* rq = nullptr;
    uint32_t rqn = 0;
    Transport* tir = nullptr;
    uint32_t tirn = 0;
    uint32_t rss_hash = 0;
    FlowTag flow_tag = 0;
  };

  Route FindRoute(bool is_tcp);
  // Runs the offload context and picks the placement.
  void Offload(Transport* tir, ReceiveCqe* cqe);
  void PickPlacement(Transport* tir);
  void CountVerdict();
  void WritePacket(ByteSpan bytes, PhysAddr buffer, SimTime at);
  void Observe(const Frame& frame, const Route& route, bool checksum_ok, SimTime now);
  void BuildSpans(const Route& route, bool checksum_ok);
  void AddSpan(uint32_t offset, uint32_t size, NotPlacedReason reason);

  SimTime latency_;
  NicObjects* objects_;
  BusMaster* bus_;
  NicStats* stats_;
  NicObserver* observer_ = nullptr;
  // Of the current packet, recycled.
  ParsedFrame parsed_;
  DdpVerdict verdict_;
  std::optional<NicPlacement> placement_;
  std::vector<DmaPiece> pieces_;
  std::vector<NotPlacedReason> run_reasons_;  // of verdict_.runs; the placed one's is unused
  std::vector<NotPlacedSpan> spans_;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_RX_PIPELINE_H_
