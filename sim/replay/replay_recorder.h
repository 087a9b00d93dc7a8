// Watches a replay through the observers' doors: feeds the laws and, per connection, the ledgers of
// placement, resyncs and episodes. Changes nothing of what it sees. Connections are named by their
// index in the capture, to the host's queues and the observers by that plus one.
#ifndef DDPSIM_SIM_REPLAY_REPLAY_RECORDER_H_
#define DDPSIM_SIM_REPLAY_REPLAY_RECORDER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/btree_map.h"
#include "ddpsim/hw/dma_observer.h"
#include "ddpsim/hw/nic_observer.h"
#include "ddpsim/net/host_observer.h"
#include "sim/check/laws.h"
#include "sim/check/placement_ledger.h"
#include "sim/check/recorded_payload_law.h"
#include "sim/replay/annotated_capture.h"
#include "sim/replay/episode_recorder.h"
#include "sim/system/resync_ledger.h"

namespace ddpsim {

class ReplayRecorder final : public HostObserver, public DmaObserver, public NicObserver {
 public:
  struct PerConnection {
    PlacementLedger placement{false};
    ResyncLedger resync;
    EpisodeRecorder episodes;
    uint64_t false_crc_ok = 0;
    uint64_t driver_drops = 0;  // of frames of a live queue, whose bytes nobody sends again
    uint16_t port = 0;          // of the host
    FourTuple deleted;          // its newest sk_del
  };

  explicit ReplayRecorder(const HostMemory* memory) : laws_(memory), payload_(memory) {}

  // Null: none is written.
  void SetAnnotated(AnnotatedCapture* annotated) { annotated_ = annotated; }
  // Frames towards `port` of the host are connection `index`'s from now on.
  void AssignPort(uint16_t port, size_t index);
  // Of the record whose frames the NIC gets now.
  void set_capture_ns(int64_t ns) { capture_ns_ = ns; }
  // The connection's stream is read anew from somewhere else.
  void OnRejoin(uint32_t queue);

  PerConnection& Of(size_t index) { return *connections_[index]; }
  Laws& laws() { return laws_; }
  RecordedPayloadLaw& payload() { return payload_; }
  // Every law of a replay. The digest law: only if there were digests to judge. That of ownership:
  // only if something was placed; that of efficiency: only if a queue was offloaded.
  std::vector<const Law*> AllLaws(bool digests, bool placed) const;

  // HostObserver
  void OnDriverSkb(const Skb& skb, uint32_t packet_bytes, SimTime now) override;
  void OnPlacementReport(const PlacementReport& report, SimTime now) override;
  void OnDriverDrop(const Skb& skb, DriverDrop why, uint32_t placed_bytes, SimTime now) override;
  void OnSkDel(uint32_t queue, const FourTuple& flow, SimTime now) override;
  void OnC2HDataHeader(uint32_t queue, SeqNum data_seq, Ccid cccid, uint32_t datao, uint32_t datal,
                       SimTime now) override;
  void OnDdpSetup(uint32_t queue, const UlpDdpIo& io, SimTime now) override;
  void OnDdpTeardownDone(uint32_t queue, Ccid ccid, SimTime now) override;
  void OnStreamRead(uint32_t queue, SeqNum seq, uint32_t bytes, SimTime now) override;
  void OnPduAccepted(const PduAccepted& pdu, SimTime now) override;
  void OnResyncRequest(uint32_t queue, SeqNum seq, SimTime now) override;
  void OnResyncResponse(uint32_t queue, SeqNum seq, SimTime now) override;
  void OnRequestStart(uint32_t queue, Cid cid, uint64_t io, SimTime now) override;
  void OnRequestEnd(uint32_t queue, Cid cid, uint64_t io, bool ok, SimTime now) override;
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
  // A law's name of a request: unlike identifiers, serial numbers are not used again.
  struct LawKey {
    uint32_t queue;
    Cid cid;
  };
  static LawKey KeyOf(uint32_t queue, uint64_t io);

  Laws laws_;
  RecordedPayloadLaw payload_;
  std::vector<std::unique_ptr<PerConnection>> connections_;
  std::vector<int32_t> by_port_ = std::vector<int32_t>(65536, -1);
  absl::btree_map<std::pair<uint32_t, Cid>, uint64_t> newest_io_;  // by queue and identifier
  absl::btree_map<std::pair<uint32_t, Cid>, uint64_t> mapped_io_;
  AnnotatedCapture* annotated_ = nullptr;
  int64_t capture_ns_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_REPLAY_RECORDER_H_
