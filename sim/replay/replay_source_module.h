// Stands where the cable ends: gives the NIC, at the times of a capture, what the recorded NIC
// received, and swallows what the simulated host sends. Pause frames hold it back, as they would
// the link. What to deliver, and when, is Replayer's business.
#ifndef DDPSIM_SIM_REPLAY_REPLAY_SOURCE_MODULE_H_
#define DDPSIM_SIM_REPLAY_REPLAY_SOURCE_MODULE_H_

#include <systemc>

#include "ddpsim/base/calendar.h"
#include "ddpsim/ports/frame_port.h"
#include "ddpsim/ports/island.h"

namespace ddpsim {

class RecordedTraffic {
 public:
  virtual ~RecordedTraffic() = default;
  // Delivers what is due at `now` by calling `deliver` and returns when to ask again; Never() when
  // the capture is over. `paused`: nothing may be delivered.
  virtual SimTime OnDue(SimTime now, bool paused, FrameReceiveIf* deliver) = 0;
};

class ReplaySourceModule : public sc_core::sc_module,
                           public FrameReceiveIf,
                           public PauseIf,
                           private Wakeable {
 public:
  ReplaySourceModule(sc_core::sc_module_name name, Island* island)
      : sc_module(name),
        sink("sink"),
        pause("pause"),
        receiver("receiver"),
        deadline_(&island->calendar(), this) {
    sink.bind(*this);
    pause.bind(*this);
  }

  sc_core::sc_export<FrameReceiveIf> sink;  // what the host sends
  sc_core::sc_export<PauseIf> pause;
  sc_core::sc_port<FrameReceiveIf> receiver;

  void Start(RecordedTraffic* traffic, SimTime at) {
    traffic_ = traffic;
    deadline_.Arm(at);
  }

  void Receive(FramePtr) override {}
  void OnPause(bool xoff, SimTime effective) override {
    paused_ = xoff;
    if (!xoff && waiting_) deadline_.Arm(effective);
  }

 private:
  void OnDeadline(SimTime now) override {
    waiting_ = paused_;
    deadline_.Arm(traffic_->OnDue(now, paused_, receiver.operator->()));
  }

  Deadline deadline_;
  RecordedTraffic* traffic_ = nullptr;
  bool paused_ = false;
  bool waiting_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_REPLAY_SOURCE_MODULE_H_
