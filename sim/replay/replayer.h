// Plays a capture to the simulated NIC: record by record, each first to the walk that knows what it
// means, then, if it went to the host, to the NIC. It waits while the NIC asks for a pause or while
// the host has read too little: the recorded sender cannot be asked to. Left out: what the host
// sends. Invariants: records are played in their order; the time between two is the capture's, or
// longer.
#ifndef DDPSIM_SIM_REPLAY_REPLAYER_H_
#define DDPSIM_SIM_REPLAY_REPLAYER_H_

#include <memory>
#include <vector>

#include "models/capture/capture_walk.h"
#include "sim/replay/annotated_capture.h"
#include "sim/replay/frame_recutter.h"
#include "sim/replay/replay_connection.h"
#include "sim/replay/replay_source_module.h"

namespace ddpsim {

class Replayer final : public RecordedTraffic {
 public:
  // `annotated` may be null.
  Replayer(const ReplayOptions& options, std::unique_ptr<CaptureWalk> walk,
           const std::vector<ConnectionFacts>& facts, const ReplayHost& host, FramePool* frames,
           uint32_t mtu, AnnotatedCapture* annotated);

  SimTime OnDue(SimTime now, bool paused, FrameReceiveIf* deliver) override;
  // Ends all connections. After the last record, or when the run is interrupted.
  void Finish(SimTime now);

  // Between the last record and the end: takes down what waits to be.
  void Settle(SimTime now);

  bool over() const { return over_; }
  // When the next record is due.
  SimTime next_due() const { return last_due_; }
  bool idle() const;
  // Not ok: the capture could not be read to its end.
  const absl::Status& status() const { return status_; }
  uint64_t records() const { return walk_->records(); }
  uint64_t frames() const { return frames_delivered_; }
  SimTime held_back() const { return held_back_; }
  const ReplayConnection& connection(size_t index) const { return *connections_[index]; }

 private:
  static constexpr size_t kNone = ~size_t{0};
  // Reads the next record; false at the end.
  bool Advance();
  SimTime DueTime() const;
  bool HostLags() const;
  void NotePlayed(size_t index);
  bool HostIsBusy(SimTime now);
  void GiveUpWaiting();
  // The connection that had the ports of the next record's new one and is not gone yet; or null.
  ReplayConnection* Predecessor() const;
  // Nothing that the NIC has accepted is on its way up: a socket that takes ports over would get
  // what was sent to the one before.
  bool Settled() const;
  void Play(SimTime now, FrameReceiveIf* deliver);
  void Annotate(bool to_host);

  const ReplayOptions& options_;
  std::unique_ptr<CaptureWalk> walk_;
  ReplayHost host_;
  FrameRecutter recutter_;
  AnnotatedCapture* annotated_;
  std::vector<std::unique_ptr<ReplayConnection>> connections_;
  std::vector<size_t> active_;  // connections that have begun
  // Those played last, and older ones that have not been read out: only they can lag.
  std::vector<size_t> recent_;
  size_t last_played_ = kNone;
  WalkStep step_;
  bool loaded_ = false;
  bool over_ = false;
  absl::Status status_;
  SimTime last_due_;
  SimTime start_;
  SimTime held_back_;
  SimTime busy_for_;  // of held_back_, for the current record
  int in_vain_ = 0;   // waits that were given up
  uint64_t frames_delivered_ = 0;
  std::vector<FramePtr> cut_;
  std::vector<uint64_t> cut_ids_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_REPLAYER_H_
