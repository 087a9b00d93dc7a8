// One nvme_tcp_queue whose host is on record: what a HostQueue receives, with RecvPath, DdpOffload
// and io_work as there, while the commands are those that the recorded host sent, by their own
// command identifiers. Left out: everything that sends. Invariants: (1) a command's buffer is
// mapped when the command passes, or as soon as an earlier one of the same identifier is torn down;
// (2) a request ends only when its status is known and its teardown, if it was set up, is finished;
// (3) after Stop() no callback has an effect.
#ifndef DDPSIM_MODELS_NVME_HOST_RECORDED_QUEUE_H_
#define DDPSIM_MODELS_NVME_HOST_RECORDED_QUEUE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "models/nvme_host/ddp_offload.h"
#include "models/nvme_host/queue_config.h"
#include "models/nvme_host/recv_path.h"

namespace ddpsim {

class RecordedQueue;

// Gives each request a buffer.
class BufferSource {
 public:
  virtual PhysAddr TakeBuffer(uint32_t size) = 0;
  virtual void GiveBuffer(PhysAddr addr, uint32_t size) = 0;
  // Memory has run out: others have the same buffer. It is not to be mapped.
  virtual bool IsShared(PhysAddr addr) const { return false; }

 protected:
  ~BufferSource() = default;
};

class RecordedQueueOwner {
 public:
  // A request is about to be received into.
  virtual void OnDataBegins(RecordedQueue* queue, const Request& request) = 0;
  // Its Connect was answered.
  virtual void OnConnected(ExecContext& ctx, RecordedQueue* queue) = 0;
  // `ok`: it got a good status and all of its data.
  virtual void OnRequestEnd(ExecContext& ctx, RecordedQueue* queue, const Request& request,
                            bool ok) = 0;
  // What nvme_tcp_error_recovery() would be called for: the peer broke the protocol. Nothing more
  // is read; Stop() is the owner's to call.
  virtual void OnViolation(ExecContext& ctx, RecordedQueue* queue, const HostRefusal& refusal) = 0;

 protected:
  ~RecordedQueueOwner() = default;
};

struct RecordedCommand {
  NvmeSqe sqe;
  uint32_t length = 0;
  bool to_host = false;
  // Its beginning is not on record: no mapping, and its data may start in the middle.
  bool unknown = false;
  // Data or R2Ts of it may have passed where the queue did not read.
  bool partly_passed = false;
  // An Asynchronous Event Request, which Linux has no request for.
  bool event = false;
  uint32_t first_offset = 0;
};

class RecordedQueue final : public WorkItem,
                            private ByteStreamCallbacks,
                            private UlpDdpUlpOps,
                            private RecvEvents {
 public:
  RecordedQueue(const QueueConfig& config, const HostBoxes& boxes, BufferSource* buffers,
                RecordedQueueOwner* owner);
  ~RecordedQueue() override;

  // `framing`: digests of a connection that was begun before; none: an ICResp comes first.
  void Attach(ExecContext& ctx, ByteStream* stream, const std::optional<PduFraming>& framing);
  // sk_add may sleep: waiting() until it returns. Commands that pass meanwhile are set up then.
  void AddOffload(ExecContext& ctx);
  // The recorded host sent `command`.
  void OnCommand(ExecContext& ctx, const RecordedCommand& command);
  // A response or R2T will be read whose command is not on record though it may have been sent.
  void OnUnrecorded(Cid cid) { ++unrecorded_[cid]; }
  // The response of the command passed where the queue did not read.
  void Abandon(ExecContext& ctx, Cid cid);
  // Reads what comes up to `until`, then stops.
  void StopAt(ExecContext& ctx, SeqNum until);
  void Stop(ExecContext& ctx);

  bool stopped() const { return state_ == State::kStopped; }
  bool offloaded() const { return offload_.ddp() || offload_.ddgst(); }
  const QueueConfig& config() const { return config_; }
  const HostQueueStats& stats() const { return stats_; }
  ByteStream* stream() { return stream_; }
  // Commands that came while one of the same identifier was still being torn down.
  uint64_t late_setups() const { return late_setups_; }
  uint64_t unknown_responses() const { return unknown_responses_; }
  // Commands that wait for an earlier one of their identifier; one more while sk_add sleeps.
  uint64_t waiting() const { return waiting_ + (adding_ ? 1 : 0); }

  bool RunPiece(ExecContext& ctx) override;

 private:
  enum class State : uint8_t { kNew, kReceiving, kFailed, kStopped };
  // All there is to one command identifier.
  struct Slot {
    std::unique_ptr<Request> active;  // its response has not been read
    bool partly_passed = false;       // of the active one, or the last
    bool was_write = false;
    bool was_event = false;
    std::vector<std::unique_ptr<Request>> torn;  // answered, their teardown is pending
    std::deque<RecordedCommand> waiting;
  };

  void OnDataReady(ExecContext& ctx) override;
  void OnWriteSpace(ExecContext&) override {}
  void OnStateChange(ExecContext& ctx) override;
  void ResyncRequest(ExecContext& ctx, SeqNum seq) override;
  void DdpTeardownDone(ExecContext& ctx, void* ddp_ctx) override;
  void SkAddDone(ExecContext& ctx, bool offloaded) override;
  FoundRequest FindRequest(Cid cid) override;
  HostRefusal OnIcResp(ExecContext& ctx, const IcRespLayout& resp) override;
  HostRefusal OnCapsuleResp(ExecContext& ctx, const NvmeCqe& cqe) override;
  HostRefusal OnR2T(ExecContext& ctx, const R2TRepr& r2t) override;
  HostRefusal OnDataSuccess(ExecContext& ctx, Request* request) override;

  void EndActive(ExecContext& ctx, Slot* slot);
  void EndAbandoned(ExecContext& ctx);
  void QueueWork(ExecContext& ctx);
  bool ReceiveOne(ExecContext& ctx);
  void EndReadSection(ExecContext& ctx);
  // Makes the slot's next command the active one. `map`: there is time to map it.
  Request* Activate(ExecContext* ctx, Slot* slot, bool map);
  HostRefusal EndRequest(ExecContext& ctx, Request* request);
  // The slot of an identifier, with its next command active if there is one; null: never used.
  Slot* Find(Cid cid);
  // Whether a PDU without a request is of a command that is not on record.
  bool TakeUnrecorded(Cid cid);
  void Finish(ExecContext& ctx, std::unique_ptr<Request> request);
  void CancelAll(ExecContext& ctx);

  QueueConfig config_;
  HostBoxes boxes_;
  BufferSource* buffers_;
  RecordedQueueOwner* owner_;
  HostQueueStats stats_;
  DdpOffload offload_;
  RecvPath recv_;
  ByteStream* stream_ = nullptr;
  State state_ = State::kNew;
  absl::btree_map<Cid, Slot> slots_;
  absl::btree_map<Cid, uint32_t> unrecorded_;  // PDUs to come, by OnUnrecorded()
  std::vector<std::unique_ptr<Request>> free_;
  ExecContext* ctx_ = nullptr;  // of the skb being received
  // To be ended behind the PDU that is being received into it, by Request::io; 0: none.
  uint64_t abandoned_ = 0;
  Cid abandoned_cid_ = 0;
  bool joined_ = false;     // in mid-stream: data may have passed before
  bool adding_ = false;     // sk_add sleeps
  bool connected_ = false;  // its Connect was answered just now
  std::optional<SeqNum> stop_at_;
  bool work_pending_ = false;
  bool in_work_ = false;
  bool reading_ = false;
  uint32_t copied_ = 0;
  SimTime deadline_;
  uint64_t serial_ = 0;
  uint64_t late_setups_ = 0;
  uint64_t unknown_responses_ = 0;
  uint64_t waiting_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_RECORDED_QUEUE_H_
