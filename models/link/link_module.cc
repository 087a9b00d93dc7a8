#include "models/link/link_module.h"

#include <utility>

namespace ddpsim {

LinkModule::LinkModule(sc_core::sc_module_name name, Island* island, const LinkQueueConfig& queue,
                       const LinkFaults& faults, LinkDirection direction, uint64_t seed,
                       FramePool* pool, LinkObserver* observer)
    : sc_module(name),
      in("in"),
      pause("pause"),
      receiver("receiver"),
      sender("sender"),
      opposite("opposite"),
      island_(island),
      link_(queue, faults, direction, seed, pool, observer),
      deadline_(&island->calendar(), this) {
  in.bind(*this);
  pause.bind(*this);
}

void LinkModule::Send(OutFrame frame) {
  link_.Send(std::move(frame.frame), frame.ready, frame.burst_id, frame.completion_token,
             island_->now());
  deadline_.Arm(link_.NextDeadline());
}

void LinkModule::SendPause(bool xoff) {
  opposite->OnPause(xoff, link_.PauseFrameArrival(island_->now()));
}

void LinkModule::OnPause(bool xoff, SimTime effective) {
  link_.Pause(xoff, effective);
  deadline_.Arm(link_.NextDeadline());
}

void LinkModule::OnDeadline(SimTime now) {
  link_.OnTimer(now, &output_);
  for (FramePtr& frame : output_.arrived) receiver->Receive(std::move(frame));
  for (uint64_t token : output_.departed) sender->TxDeparted(token);
  output_.Clear();
  deadline_.Arm(link_.NextDeadline());
}

}  // namespace ddpsim
