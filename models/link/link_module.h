// One direction of the cable as a module: frames in by Send(), out at the receiver's port when
// their time has come; tells the sender when a frame that carried a token has left. Logic and
// faults are Link's.
#ifndef DDPSIM_MODELS_LINK_LINK_MODULE_H_
#define DDPSIM_MODELS_LINK_LINK_MODULE_H_

#include <systemc>

#include "ddpsim/base/calendar.h"
#include "ddpsim/ports/frame_port.h"
#include "ddpsim/ports/island.h"
#include "models/link/link.h"

namespace ddpsim {

class LinkModule : public sc_core::sc_module, public FrameSendIf, public PauseIf, private Wakeable {
 public:
  LinkModule(sc_core::sc_module_name name, Island* island, const LinkQueueConfig& queue,
             const LinkFaults& faults, LinkDirection direction, uint64_t seed, FramePool* pool,
             LinkObserver* observer);

  sc_core::sc_export<FrameSendIf> in;
  sc_core::sc_export<PauseIf> pause;
  sc_core::sc_port<FrameReceiveIf> receiver;
  sc_core::sc_port<TxDepartedIf> sender;
  sc_core::sc_port<PauseIf> opposite;

  void Send(OutFrame frame) override;
  void SendPause(bool xoff) override;
  void OnPause(bool xoff, SimTime effective) override;

  Link& link() { return link_; }

 private:
  void OnDeadline(SimTime now) override;

  Island* island_;
  Link link_;
  Deadline deadline_;
  LinkOutput output_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_LINK_MODULE_H_
