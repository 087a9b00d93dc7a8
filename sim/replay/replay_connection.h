// One connection of a capture as the simulated host has it: what the walk of the recorded streams
// tells becomes commands and expectations of a RecordedQueue, and a socket takes the recorded
// host's place when the stream's start, or a PDU in its middle, is known. Left out: what the
// connection's bytes are (the NIC brings those). Invariants: a queue exists only behind a socket
// that stands at a PDU boundary; where the capture lacks stream bytes the queue is given up and
// another one joins at the next PDU, at most kMaxJoins times.
#ifndef DDPSIM_SIM_REPLAY_REPLAY_CONNECTION_H_
#define DDPSIM_SIM_REPLAY_REPLAY_CONNECTION_H_

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "models/capture/capture_walk.h"
#include "models/kernel/kernel.h"
#include "models/nvme_host/recorded_queue.h"
#include "sim/replay/replay_options.h"
#include "sim/replay/replay_recorder.h"

namespace ddpsim {

// What a whole look at the capture has told of a connection before it is replayed.
struct ConnectionFacts {
  FourTuple received;  // of its frames towards the simulated host
  CoreId core = 0;
  bool from_start = false;
  bool is_io = false;
  bool is_tls = false;  // nothing that the host could read
  bool header_digest = false;
  bool data_digest = false;
  uint32_t depth = 0;       // commands at a time
  uint32_t ccid_range = 0;  // command identifiers are below it
  uint64_t c2h_bytes = 0;
  std::optional<IcReqRepr> asked;  // of the controller, where it is on record
};

// The simulated host that all connections share.
struct ReplayHost {
  HostBoxes boxes;
  Kernel* kernel = nullptr;
  BufferSource* buffers = nullptr;
  ReplayRecorder* recorder = nullptr;
  DdpSettings ddp;
  uint32_t io_threshold = 0;
  uint32_t max_sgl = 0;  // entries of a mapping; 0: any number
  const std::function<void(const DeliveredRead&)>* on_read = nullptr;
};

struct ReplayCounts {
  uint64_t joins = 0;
  uint64_t late_setups = 0;
  uint64_t unknown_responses = 0;
  uint64_t reads = 0;
  uint64_t read_bytes = 0;
  uint64_t ios = 0;
  uint64_t io_bytes = 0;
  uint64_t failed = 0;
  HostQueueStats queues;
  std::optional<HostTeardown> teardown;
};

class ReplayConnection final : public ConnectionEvents, private RecordedQueueOwner {
 public:
  static constexpr uint64_t kMaxJoins = 64;

  ReplayConnection(size_t index, const ConnectionFacts& facts, const ReplayHost& host);

  // The walk that the events come from. Before the first packet.
  void Follow(CapturedConnection* captured);
  // To one ring from the first frame of these ports on: those that came by the hash before a queue
  // joins would be in another, and overtaken.
  void SteerAhead(SimTime now);
  // Around each packet of the connection: before the walk takes it, and before the NIC gets it.
  void BeginPacket(const WalkStep& step, SimTime now, int64_t capture_ns);
  void EndPacket(const WalkStep& step, SimTime now);
  // Another connection has its ports now.
  void OnReplaced(SimTime now);
  // The capture is over.
  void Finish(SimTime now);

  const ConnectionFacts& facts() const { return facts_; }
  // What has come up in order and was not read.
  int64_t unread() const;
  // The recorded host reused a command identifier: it had ended the earlier command, this one has
  // not.
  bool waiting() const;
  // It was waited for in vain: the capture need not be as consistent as a host. No more, until it
  // has caught up once.
  void GiveUpWaiting() {
    given_up_ = true;
    read_out_first_ = false;
  }
  bool TooSlow();
  // Another connection of the same ports begins: what is left of this one is taken down.
  void MakeWay();
  bool gone() const { return life_.queue == nullptr || life_.queue->stopped(); }
  // Its ports are still in use by an earlier connection: the host cannot take it over.
  void StayOut() { over_ = true; }
  // Takes a queue down once nothing that the NIC has accepted is on its way up: what the driver
  // finds for a queue that is gone, it drops.
  void StopIfDrained(SimTime now);
  // Whether the host has received what the recorded one had when it sent a packet with this ACK,
  // and is as far with its connecting.
  bool HasReceived(SeqNum ack) const;
  bool idle() const;
  ReplayCounts Counts() const;

 private:
  // What is to be done on the connection's core, ahead of other work there: the recorded host did
  // it in time.
  class CoreItem final : public WorkItem {
   public:
    void Add(std::function<void(ExecContext&)> step) { steps_.push_back(std::move(step)); }
    bool RunPiece(ExecContext& ctx) override;
    bool empty() const { return steps_.empty(); }

   private:
    std::deque<std::function<void(ExecContext&)>> steps_;
  };
  // The application and what lies between it and the wire, at its own priority.
  class SubmitItem final : public WorkItem {
   public:
    void Add(Cost row, int64_t count) { charges_.push_back({row, count}); }
    bool RunPiece(ExecContext& ctx) override;

   private:
    struct ChargeOf {
      Cost row;
      int64_t count;
    };
    std::vector<ChargeOf> charges_;
  };
  struct QueueLife {
    std::unique_ptr<RecordedQueue> queue;
    TcpSocket* socket = nullptr;
  };

  // ConnectionEvents
  void OnResponseMissing(uint16_t cid) override;
  void OnCommand(const CapturedCommand& command) override;
  void OnControllerHeader(const WalkedPdu& pdu) override;
  void OnControllerPdu(const WalkedPdu& pdu) override;
  void OnControllerGap(uint64_t offset, uint64_t size) override;
  void OnControllerDoubt() override { host_.recorder->payload().Doubt(queue_number()); }
  // RecordedQueueOwner
  void OnDataBegins(RecordedQueue* queue, const Request& request) override;
  void OnConnected(ExecContext& ctx, RecordedQueue* queue) override;
  void OnRequestEnd(ExecContext& ctx, RecordedQueue* queue, const Request& request,
                    bool ok) override;
  void OnViolation(ExecContext& ctx, RecordedQueue* queue, const HostRefusal& refusal) override;

  uint32_t queue_number() const { return static_cast<uint32_t>(index_) + 1; }
  void Run(std::function<void(ExecContext&)> step);
  // Takes the recorded host's place: the next byte from the target is `rcv_nxt`.
  void Join(SeqNum rcv_nxt, uint64_t offset, bool at_start);
  void PrepareJoin(uint64_t offset);
  QueueConfig ConfigOfQueue() const;
  void AssumeCommand(const DataPduLayout& data);
  void LeaveWhenRead();
  void Leave();
  void NoticeDivergence();
  // From here on host and walk may read different PDUs.
  void Diverge();
  void NoticeDrops();
  // What the NIC has been given of the stream, of which a queue that joins later has nothing.
  void NotePassed(SeqNum begin, SeqNum end);
  // The walk has come to bytes that passed, far ahead of their turn, before this queue joined.
  void NoticeStrays();
  // Its stream goes on elsewhere: what has come is read, then another queue joins.
  void GiveUpPlace();
  void CheckRead();
  void Send(RecordedQueue* queue, const RecordedCommand& command);
  void Abandon(Cid cid);
  void ChargeSubmission(const RecordedCommand& command);
  bool receiving() const { return life_.queue != nullptr && !leaving_; }

  size_t index_;
  ConnectionFacts facts_;
  ReplayHost host_;
  CapturedConnection* captured_ = nullptr;
  CoreItem core_item_;
  SubmitItem submit_item_;
  QueueLife life_;
  bool leaving_ = false;  // the queue is told to stop
  bool stop_when_drained_ = false;
  bool read_out_first_ = false;  // and once what has come up is read
  bool connected_ = false;
  bool over_ = false;  // no queue will come any more
  bool given_up_ = false;
  uint64_t walk_resyncs_ = 0;  // that the payload law knows of
  uint64_t drops_ = 0;         // of the driver, that led to a gap
  std::vector<QueueLife> past_;
  std::optional<uint64_t> to_read_;  // stream offset up to which it reads before it stops
  uint64_t joined_at_ = 0;           // stream offset of the first PDU that the queue reads
  // A PDU of this packet that the stream may be entered at, what is outstanding when it begins, and
  // the data PDUs that this packet completes from there on.
  std::optional<uint64_t> join_candidate_;
  std::vector<RecordedCommand> join_commands_;
  std::vector<RecordedPayloadLaw::RecordedPdu> join_pdus_;
  std::vector<Cid> join_unrecorded_;        // RecordedQueue::OnUnrecorded()
  absl::btree_map<Cid, uint32_t> assumed_;  // commands not on record: where their data begins
  SimTime now_;
  int64_t capture_ns_ = 0;
  SeqNum packet_seq_;
  SeqNum packet_ack_;
  std::optional<SeqNum> seen_top_;  // end of what the NIC has been given, but for strays
  uint64_t lives_ = 0;
  // Begins of what came far ahead of its turn, and how many lives there had been.
  struct Stray {
    SeqNum begin;
    uint64_t life = 0;
  };
  std::deque<Stray> strays_;
  bool packet_from_target_ = false;
  ReplayCounts counts_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_REPLAY_CONNECTION_H_
