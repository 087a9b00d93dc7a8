#include "sim/system/window_recorder.h"

namespace ddpsim {

void WindowRecorder::OnWindowStart(SimTime at) {
  placement_->Start();
  window_.open = true;
  TakeAt(&window_.start, at);
}

void WindowRecorder::OnWindowEnd(SimTime at) {
  placement_->Stop();
  window_.closed = true;
  TakeAt(&window_.end, at);
}

void WindowRecorder::Finish() {
  due_.Disarm();
  if (pending_ != nullptr) Take(pending_->at);
}

void WindowRecorder::OnDeadline(SimTime now) { Take(now); }

void WindowRecorder::TakeAt(WindowSnapshot* snapshot, SimTime at) {
  // An empty window may close before its opening was due.
  if (pending_ != nullptr) Finish();
  pending_ = snapshot;
  snapshot->at = at;
  if (at > island_->now()) return due_.Arm(at);
  Take(at);
}

void WindowRecorder::Take(SimTime now) {
  pending_->ledger = cpu_->Ledger();
  pending_->busy = cpu_->BusyTime(now);
  pending_->io = nvme_->IoStats();
  pending_ = nullptr;
}

}  // namespace ddpsim
