// Watches a run through the observers' doors and passes on what it sees: to the laws, to the
// placement and resync ledgers, to the capture and to the fingerprint. Changes nothing of what it
// sees.
#ifndef DDPSIM_SIM_SYSTEM_RUN_RECORDER_H_
#define DDPSIM_SIM_SYSTEM_RUN_RECORDER_H_

#include <bitset>
#include <cstdint>

#include "ddpsim/hw/dma_observer.h"
#include "ddpsim/hw/link_observer.h"
#include "ddpsim/hw/nic_observer.h"
#include "ddpsim/net/host_observer.h"
#include "models/nvme_host/controller.h"
#include "sim/check/laws.h"
#include "sim/check/placement_ledger.h"
#include "sim/check/recent_map.h"
#include "sim/system/fault_log.h"
#include "sim/system/fingerprint.h"
#include "sim/system/resync_ledger.h"
#include "sim/tap/capture_tap.h"

namespace ddpsim {

class RunRecorder final : public HostObserver, public DmaObserver, public NicObserver {
 public:
  RunRecorder(const HostMemory* memory, bool below_threshold)
      : laws_(memory), placement_(below_threshold), c2h_(this), h2c_(this) {}

  // Null: no capture.
  void SetCapture(CaptureTap* capture) { capture_ = capture; }
  // Who knows which connection an I/O queue has now.
  void SetController(Controller* controller) { controller_ = controller; }

  Laws& laws() { return laws_; }
  PlacementLedger& placement() { return placement_; }
  ResyncLedger& resync() { return resync_; }
  FaultLog& fault_log() { return fault_log_; }
  LinkObserver* c2h() { return &c2h_; }
  LinkObserver* h2c() { return &h2c_; }
  uint64_t fingerprint() const { return fingerprint_.value(); }
  // A packet of a flow with an offload context came.
  bool saw_context() const { return saw_context_; }

  // HostObserver
  void OnDriverSkb(const Skb& skb, uint32_t packet_bytes, SimTime now) override;
  void OnPlacementReport(const PlacementReport& report, SimTime now) override;
  void OnDriverDrop(const Skb& skb, DriverDrop why, uint32_t placed_bytes, SimTime now) override;
  void OnSkDel(uint32_t queue, const FourTuple& flow, SimTime now) override;
  void OnDdpSetup(uint32_t queue, const UlpDdpIo& io, SimTime now) override;
  void OnDdpTeardown(uint32_t queue, Ccid ccid, SimTime now) override;
  void OnDdpTeardownDone(uint32_t queue, Ccid ccid, SimTime now) override;
  void OnStreamRead(uint32_t connection, SeqNum seq, uint32_t bytes, SimTime now) override;
  void OnPduHeader(uint32_t queue, SeqNum seq, SimTime now) override;
  void OnC2HDataHeader(uint32_t queue, SeqNum data_seq, Ccid cccid, uint32_t datao, uint32_t datal,
                       SimTime now) override;
  void OnPduAccepted(const PduAccepted& pdu, SimTime now) override;
  void OnResyncRequest(uint32_t queue, SeqNum seq, SimTime now) override;
  void OnResyncResponse(uint32_t queue, SeqNum seq, SimTime now) override;
  void OnResyncAnswerFault(const FourTuple& flow, int64_t number, bool lost, SimTime now) override;
  void OnStrayAnswer(const FourTuple& flow, SeqNum seq, SimTime now) override;
  void OnResyncAnswerPosted(const FourTuple& flow, uint32_t wqes, uint32_t klms,
                            SimTime now) override;
  void OnIcosqFull(const FourTuple& flow, IcosqPost what, SimTime now) override;
  void OnRequestStart(uint32_t queue, Cid cid, uint64_t io, SimTime now) override;
  void OnWriteStart(uint32_t queue, Cid cid, uint64_t device_offset, uint32_t bytes,
                    SimTime now) override;
  void OnRequestEnd(uint32_t queue, Cid cid, uint64_t io, bool ok, SimTime now) override;
  void OnIoStart(uint64_t io, SimTime now) override;
  void OnIoEnd(uint64_t io, bool ok, SimTime now) override;
  void OnDataDelivered(uint32_t queue, SeqNum seq, uint32_t bytes, bool placed,
                       SimTime now) override;
  // DmaObserver
  void OnPosted(PhysAddr addr, ByteSpan data, bool is_message, SimTime issued,
                SimTime done) override;
  void OnDmaWrite(PhysAddr addr, ByteSpan data, bool is_message, SimTime at) override;
  void OnInterrupt(uint32_t vector, SimTime at) override;
  // NicObserver
  void OnReceived(const Frame& frame, const RxVerdict& verdict, SimTime now) override;
  void OnContextParams(uint32_t tirn, const ContextParams& params, SeqNum answer) override;
  void OnContextStart(uint32_t tirn, SeqNum next_pdu, bool searching) override;
  void OnMapping(uint32_t tag_table, Ccid ccid, uint64_t mapped_bytes, uint64_t length) override;
  void OnCqArmed(uint32_t cqn, uint32_t vector, SimTime now) override;
  void OnOutOfBuffer(const Frame& frame, SimTime now) override;

 private:
  class C2hObserver : public LinkObserver {
   public:
    explicit C2hObserver(RunRecorder* recorder) : recorder_(recorder) {}
    void OnDelivered(const FramePtr& frame, SimTime now) override;
    void OnOffered(const FramePtr& frame, SimTime ready) override;
    void OnDropped(const FramePtr& frame, LinkDropReason reason, SimTime now) override;
    void OnDuplicated(const FramePtr& frame, SimTime now) override;
    void OnReordered(const FramePtr& frame, SimTime now) override;
    void OnCorrupted(const FramePtr& original, const FramePtr& copy, SimTime now) override;

   private:
    RunRecorder* recorder_;
  };
  class H2cObserver : public LinkObserver {
   public:
    explicit H2cObserver(RunRecorder* recorder) : recorder_(recorder) {}
    void OnOffered(const FramePtr& frame, SimTime ready) override;
    void OnDropped(const FramePtr& frame, LinkDropReason reason, SimTime now) override;
    void OnDuplicated(const FramePtr& frame, SimTime now) override;
    void OnReordered(const FramePtr& frame, SimTime now) override;

   private:
    RunRecorder* recorder_;
  };
  // Whether no admin queue has it, or had it before a reconnect.
  bool IsIoPort(uint16_t port);
  // Port of the connection that I/O queue `queue` has now; 0 when it has none.
  uint16_t PortOf(uint32_t queue);

  Laws laws_;
  PlacementLedger placement_;
  ResyncLedger resync_;
  FaultLog fault_log_;
  Fingerprint fingerprint_;
  C2hObserver c2h_;
  H2cObserver h2c_;
  CaptureTap* capture_ = nullptr;
  Controller* controller_ = nullptr;
  bool saw_context_ = false;
  const ByteStream* admin_ = nullptr;  // noted last
  std::bitset<65536> admin_ports_;
  RecentMap<uint32_t, const ByteStream*> streams_;  // by queue, to see reconnections
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_RUN_RECORDER_H_
